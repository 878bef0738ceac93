"""A small NetBox on loopback: what it is asked and sent is held against the published schema of the real one.

It keeps objects, gives ids, resolves what they point to, and refuses what NetBox refuses: names that are taken, fields
that it does not know. The same journeys are run against a real NetBox where one is named (see test_sync.py).
"""

import json
import re
import threading
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from typing import Any, Final
from urllib.parse import parse_qs, urlencode, urlsplit

from jsonschema import Draft202012Validator

from tests.netbox.extract import EXTRACT

TOKEN: Final = "a token of the owner"
_SCHEMA: Final = json.loads(EXTRACT.read_bytes())
_POINTS: Final = {
    "manufacturer": "dcim/manufacturers", "device_type": "dcim/device-types", "role": "dcim/device-roles",
    "site": "dcim/sites", "device": "dcim/devices", "primary_ip4": "ipam/ip-addresses",
    "primary_ip6": "ipam/ip-addresses", "primary_mac_address": "dcim/mac-addresses",
}  # fmt: skip
_CHOICES: Final = frozenset({"status", "type", "poe_mode"})
_UNIQUE: Final = {
    "dcim/sites": (("name",), ("slug",)),
    "dcim/manufacturers": (("name",), ("slug",)),
    "dcim/device-roles": (("name",), ("slug",)),
    "dcim/device-types": (("manufacturer", "model"), ("manufacturer", "slug")),
    "dcim/devices": (("name", "site"),),
    "dcim/interfaces": (("device", "name"),),
}
_NAMED: Final = ("name", "model", "mac_address", "address")
_UNKEPT: Final = re.compile("[\0\ud800-\udfff]")
Row = dict[str, Any]


@dataclass
class Store:
    """Everything that the server knows. `asked`: method and path of each request; `faults`: what no NetBox would do."""

    version: str = "4.7"
    page: int = 20
    rows: dict[str, dict[int, Row]] = field(default_factory=lambda: {path: {} for path in _SCHEMA["paths"]})
    asked: list[tuple[str, str]] = field(default_factory=list)
    faults: list[str] = field(default_factory=list)
    url: str = ""

    def get(self, path: str, query: dict[str, list[str]]) -> Row:
        """Answer a list view, page by page."""
        limit = min(int(query.pop("limit", ["0"])[0]) or self.page, self.page)
        offset = int(query.pop("offset", ["0"])[0])
        for name in set(query) - set(_SCHEMA["paths"][path]["filters"]):
            self.faults.append(f"{path} has no filter {name}")
        found = [row for row in self.rows[path].values() if all(self._fits(row, *pair) for pair in query.items())]
        onward = urlencode({"limit": limit, "offset": offset + limit, **query}, doseq=True)
        return {
            "count": len(found),
            "next": f"{self.url}/api/{path}/?{onward}" if len(found) > offset + limit else None,
            "previous": None,
            "results": [self.shown(path, row) for row in found[offset : offset + limit]],
        }

    def change(self, method: str, path: str, bodies: list[Row]) -> tuple[int, Any]:
        """Make or change objects, all or none."""
        verb = method.lower()
        complaints = [self._complaint(verb, path, body) for body in bodies]
        if any(complaints):
            return 400, [complaint or {} for complaint in complaints]
        changed = []
        for body in bodies:
            number = body.get("id") or 1 + max(self.rows[path], default=0)
            self.rows[path][number] = {**self.rows[path].get(number, {}), **body, "id": number}
            changed.append(self.shown(path, self.rows[path][number]))
        return 201 if method == "POST" else 200, changed

    def shown(self, path: str, row: Row) -> Row:
        """An object as NetBox shows it: choices with labels, what it points to as small objects."""
        told = self._brief(path, row) | row
        for name, value in row.items():
            if name in _POINTS and value is not None:
                told[name] = self._brief(_POINTS[name], self.rows[_POINTS[name]][value])
            elif name in _CHOICES and value:
                told[name] = {"value": value, "label": value.title()}
        if number := row.get("assigned_object_id"):
            told["assigned_object"] = self._brief("dcim/interfaces", self.rows["dcim/interfaces"][number])
        if path == "dcim/interfaces":
            every = self.rows["dcim/mac-addresses"].values()
            told["mac_addresses"] = [
                self._brief("dcim/mac-addresses", mac) for mac in every if mac.get("assigned_object_id") == row["id"]
            ]
        return told

    def _brief(self, path: str, row: Row) -> Row:
        told = {"id": row["id"], "url": f"{self.url}/api/{path}/{row['id']}/", "display": self._title(row)}
        told |= {name: row[name] for name in _NAMED if name in row}
        if path == "dcim/interfaces":
            told["device"] = self._brief("dcim/devices", self.rows["dcim/devices"][row["device"]])
        return told

    def _title(self, row: Row) -> str:
        return next((str(row[name]) for name in _NAMED if row.get(name)), str(row["id"]))

    def _fits(self, row: Row, name: str, values: list[str]) -> bool:
        key = name.removesuffix("__ie").removesuffix("_id")
        theirs = str(row.get(key, "")).casefold()
        if name == "address":
            return theirs.partition("/")[0] in values
        return theirs in [value.casefold() for value in values]

    def _complaint(self, verb: str, path: str, body: Row) -> Row | None:
        schema = {**_SCHEMA["paths"][path][verb], "additionalProperties": False}
        faults = [error.message for error in Draft202012Validator(schema).iter_errors(body)]
        faults += [f"{name}: a NUL or a surrogate" for name, value in body.items() if _UNKEPT.search(str(value))]
        self.faults += faults
        if faults:
            return {"schema": faults}
        for name, where in _POINTS.items():
            if name in body and body[name] not in self.rows[where]:
                return {name: ["Related object not found"]}
        whole = {**self.rows[path].get(body.get("id", 0), {}), **body}
        for names in _UNIQUE.get(path, ()):
            taken = [
                row for row in self.rows[path].values()
                if row["id"] != body.get("id") and all(_low(row.get(n)) == _low(whole.get(n)) for n in names)
            ]  # fmt: skip
            if taken:
                return {names[0]: [f"{' and '.join(names)} must be unique"]}
        return None


def _low(value: object) -> str:
    return str(value).casefold()


class _Handler(BaseHTTPRequestHandler):
    store: Store

    def do_GET(self) -> None:
        parts = urlsplit(self.path)
        path = parts.path.removeprefix("/api/").strip("/")
        self._answer(lambda: (200, self.store.get(path, parse_qs(parts.query)) if path else {}), path)

    def do_POST(self) -> None:
        self._change("POST")

    def do_PATCH(self) -> None:
        self._change("PATCH")

    def _change(self, method: str) -> None:
        path = urlsplit(self.path).path.removeprefix("/api/").strip("/")
        bodies = json.loads(self.rfile.read(int(self.headers["Content-Length"])))
        self._answer(lambda: self.store.change(method, path, bodies), path)

    def _answer(self, act: Callable[[], tuple[int, Any]], path: str) -> None:
        self.store.asked.append((self.command, path))
        told = self.headers.get("Authorization") == f"Token {TOKEN}"
        status, body = act() if told else (403, {"detail": "Invalid token"})
        data = json.dumps(body).encode()
        self.send_response(status)
        self.send_header("Content-Type", "application/json")
        self.send_header("API-Version", self.store.version)
        self.send_header("Content-Length", str(len(data)))
        self.end_headers()
        self.wfile.write(data)

    def log_message(self, format: str, *args: object) -> None:
        """Say nothing."""


@contextmanager
def serving(store: Store) -> Iterator[Store]:
    """Serve on a free port of 127.0.0.1."""
    handler = type("Handler", (_Handler,), {"store": store})
    with ThreadingHTTPServer(("127.0.0.1", 0), handler) as server:
        store.url = f"http://127.0.0.1:{server.server_address[1]}"
        thread = threading.Thread(target=server.serve_forever, kwargs={"poll_interval": 0.01})
        thread.start()
        try:
            yield store
        finally:
            server.shutdown()
            thread.join()
