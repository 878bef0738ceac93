"""policy/policies.jsonl and policy/rules.jsonl of a pack: the rules for readers who have no TOML at hand.

The rules that verify a pack are the files under rules/; these lines follow from them.
"""

import json
import tomllib
from collections.abc import Iterator, Mapping
from typing import Any, Final

_POLICIES: Final = "/policies/"


def rule_lines(rules: Mapping[str, bytes]) -> dict[str, bytes]:
    """Return both files. `rules`: what lies under rules/, by name; files that are no TOML are passed over."""
    tables = {name: _table(data) for name, data in sorted(rules.items()) if name.endswith(".toml")}
    policies = [{"file": name, **table} for name, table in tables.items() if _POLICIES in name and table]
    others = [row for name, table in tables.items() if _POLICIES not in name for row in _signatures(name, table)]
    return {"policy/policies.jsonl": _lines(policies), "policy/rules.jsonl": _lines(others)}


def _signatures(name: str, table: Mapping[str, Any]) -> Iterator[dict[str, Any]]:
    for entry in table.get("signature", ()):
        yield {"file": name, **entry}


def _table(data: bytes) -> dict[str, Any]:
    try:
        return tomllib.loads(data.decode("utf-8"))
    except ValueError:
        # A signature file that was left out of the judging too.
        return {}


def _lines(rows: list[dict[str, Any]]) -> bytes:
    return b"".join(json.dumps(row, ensure_ascii=False, default=str).encode() + b"\n" for row in rows)
