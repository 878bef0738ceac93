"""A recorded walk (.snmprec, as snmpsim reads it) as an agent in memory: GET and GETBULK over its lines."""

import bz2
from bisect import bisect_right
from collections.abc import Iterable, Mapping
from pathlib import Path
from types import MappingProxyType

from netaudit.probes.snmp_agent import Agent
from netaudit.probes.snmp_message import REPETITIONS, Answer, Oid, Operation, Value, oid
from netaudit.scope.snmp_tables import snmp_tables

_NUMBERS = {"2", "65", "66", "67", "70"}


def read_walk(path: Path) -> dict[Oid, Value]:
    """Read a walk; values of unknown types are left out."""
    raw = bz2.decompress(path.read_bytes()) if path.suffix == ".bz2" else path.read_bytes()
    found: dict[Oid, Value] = {}
    for line in raw.decode("latin-1").splitlines():
        name, _, rest = line.partition("|")
        tag, _, value = rest.partition("|")
        if name[:1].isdigit():
            found[oid(name)] = _value(tag, value)
    return found


def _value(tag: str, value: str) -> Value:
    if tag in _NUMBERS:
        return int(value or 0)
    if tag == "6":
        return oid(value)
    return bytes.fromhex(value) if tag.endswith("x") else value.encode("latin-1")


class WalkSpeech:
    """Answers from a walk. `contexts`: further walks, by VLAN, as Cisco keeps them."""

    def __init__(self, walk: Mapping[Oid, Value], contexts: Mapping[str, Mapping[Oid, Value]] = MappingProxyType({})):
        self._walks = {"": walk, **contexts}
        self._names = {context: sorted(rows) for context, rows in self._walks.items()}
        self.asked = 0

    def ask(self, operation: Operation, names: Iterable[Oid], context: str = "") -> Answer:
        """Answer as an agent would."""
        self.asked += 1
        walk, ordered = self._walks.get(context, {}), self._names.get(context, [])
        if operation == "get":
            return Answer(1, 0, tuple((name, walk.get(name)) for name in names))
        [name] = names
        start = bisect_right(ordered, name)
        rows = tuple((key, walk[key]) for key in ordered[start : start + REPETITIONS])
        return Answer(1, 0, rows or ((name, None),))


def agent_of(walk: Mapping[Oid, Value], contexts: Mapping[str, Mapping[Oid, Value]] = MappingProxyType({})) -> Agent:
    """Return an agent that answers from a walk."""
    tables = snmp_tables()
    return Agent(WalkSpeech(walk, contexts), tables.leaves, tables.columns)
