"""Take from a NetBox's OpenAPI document what the tests need: `python -m tests.netbox.extract openapi.json`.

The document is what `netbox spectacular --format openapi-json` prints. Kept: of each endpoint that we use, the names of
its filters and the schema of what may be sent; texts and examples are dropped.
"""

import json
import sys
from pathlib import Path
from typing import Any, Final

EXTRACT: Final = Path(__file__).with_name("openapi-extract.json")
ENDPOINTS: Final = (
    "dcim/sites", "dcim/manufacturers", "dcim/device-types", "dcim/device-roles", "dcim/devices", "dcim/interfaces",
    "dcim/mac-addresses", "ipam/ip-addresses",
)  # fmt: skip
_DROPPED: Final = frozenset({"description", "title", "example", "x-spec-enum-id"})


def extract(document: dict[str, Any]) -> dict[str, Any]:
    """Return the version, and path to filters and to the schemas of one new object and of one change."""
    return {
        "netbox": document["info"]["version"],
        "paths": {path: _path(document, f"/api/{path}/") for path in ENDPOINTS},
    }


def _path(document: dict[str, Any], path: str) -> dict[str, Any]:
    told = document["paths"][path]
    return {
        "filters": sorted(one["name"] for one in told["get"]["parameters"] if one["in"] == "query"),
        **{verb: _object(document, told[verb]["requestBody"]) for verb in ("post", "patch")},
    }


def _object(document: dict[str, Any], body: dict[str, Any]) -> Any:
    """The schema of one object, where one or a list of them may be sent."""
    schema = _plain(document, body["content"]["application/json"]["schema"], 0)
    every = schema.get("oneOf", [schema])
    listed = [one["items"] for one in every if one.get("type") == "array"]
    return listed[0] if listed else every[0]


def _plain(document: dict[str, Any], schema: Any, depth: int) -> Any:
    if isinstance(schema, list):
        return [_plain(document, one, depth) for one in schema]
    if not isinstance(schema, dict):
        return schema
    if "$ref" in schema:
        # Nested objects are sent as ids: what else could stand there is not kept.
        name = schema["$ref"].rpartition("/")[2]
        return _plain(document, document["components"]["schemas"][name], depth + 1) if depth < 3 else {"type": "object"}
    names = "properties" in schema
    return {
        key: {name: _plain(document, one, depth + 1) for name, one in value.items()}
        if names and key == "properties"
        else _plain(document, value, depth)
        for key, value in schema.items()
        if key not in _DROPPED
    }


if __name__ == "__main__":
    text = json.dumps(extract(json.loads(Path(sys.argv[1]).read_bytes())), separators=(",", ":"), sort_keys=True)
    EXTRACT.write_text(text.replace('"dcim/', '\n"dcim/').replace('"ipam/', '\n"ipam/') + "\n", encoding="utf-8")
