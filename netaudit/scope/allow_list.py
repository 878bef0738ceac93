"""What may be sent at all: read from allow_list.toml beside this file, matched against every single request."""

import re
from collections.abc import Mapping
from dataclasses import dataclass, field
from functools import cache
from pathlib import Path
from typing import Any, Final, Literal, TypeAlias

from netaudit.scope.forms import FORMS
from netaudit.scope.template import compile_template
from netaudit.toml_file import TomlFile, read_toml

BROADCAST: Final = "255.255.255.255"
Transport: TypeAlias = Literal["udp", "tcp", "link"]

_TABLES: Final[Mapping[str, Transport]] = {"datagram": "udp", "message": "tcp", "frame": "link"}
_FILE: Final = Path(__file__).parent / "allow_list.toml"
_CONFIDENCE: Final = re.compile(r"V \d{1,2}|S")
_KEYS: Final = frozenset(
    {"probe", "label", "hex", "text", "form", "never", "confidence", "sources"}
    | {"port", "groups", "directed", "ports", "except_ports"}
)


@dataclass(frozen=True, slots=True)
class Allowed:
    """One entry. `groups`: where a datagram may go besides single hosts; `confidence`: "V n" or "S" (see the file).

    `ports`: empty for every port but `except_ports`.
    """

    probe: str
    label: str
    transport: Transport
    ports: frozenset[int]
    except_ports: frozenset[int]
    groups: frozenset[str]
    directed: bool
    confidence: str
    sources: tuple[str, ...]
    form: str = ""
    pattern: re.Pattern[bytes] | None = None
    never: re.Pattern[bytes] | None = None

    def matches(self, payload: bytes) -> bool:
        """True when the bytes are a request of this entry."""
        if self.never is not None and self.never.search(payload):
            return False
        if self.pattern is not None:
            return self.pattern.fullmatch(payload) is not None
        return FORMS[self.form](payload)

    def has_port(self, port: int) -> bool:
        """True when this request may be sent to the port."""
        return port in self.ports if self.ports else port not in self.except_ports


@dataclass(frozen=True, slots=True)
class AllowList:
    """The whole list. What none of its entries matches may not leave.

    `groups`: all multicast groups with their ports; broadcast is not among them.
    """

    entries: tuple[Allowed, ...]
    groups: frozenset[tuple[str, int]] = field(init=False)
    _of: Mapping[Transport, tuple[Allowed, ...]] = field(init=False, repr=False)

    def __post_init__(self) -> None:
        of = {kind: tuple(entry for entry in self.entries if entry.transport == kind) for kind in _TABLES.values()}
        object.__setattr__(self, "_of", of)
        pairs = ((group, port) for entry in self.entries for group in entry.groups for port in entry.ports)
        object.__setattr__(self, "groups", frozenset(pair for pair in pairs if pair[0] != BROADCAST))

    def datagram(self, payload: bytes, port: int, group: str | None = None) -> Allowed | None:
        """Return the entry that lets this datagram go to `port` of `group` (None: of one host), None where none does.

        `group` is as the gate sees it: `BROADCAST` for every broadcast address.
        """
        for entry in self._of["udp"]:
            reaches = entry.directed if group is None else group in entry.groups
            if reaches and entry.has_port(port) and entry.matches(payload):
                return entry
        return None

    def message(self, payload: bytes, port: int) -> Allowed | None:
        """Return the entry that lets this message go into a TCP connection to `port`, None where none does."""
        return next((one for one in self._of["tcp"] if one.has_port(port) and one.matches(payload)), None)

    def frame(self, payload: bytes) -> Allowed | None:
        """Return the entry that lets this Ethernet frame go, None where none does."""
        return next((one for one in self._of["link"] if one.matches(payload)), None)


@cache
def shipped_list() -> AllowList:
    """Return the list that this program ships."""
    return load_allow_list(_FILE)


def load_allow_list(path: Path) -> AllowList:
    """Read a list. Raises DataError that names file and line."""
    file = read_toml(path)
    return AllowList(
        tuple(
            _entry(file, table, transport, index, entry)
            for table, transport in _TABLES.items()
            for index, entry in enumerate(file.data.get(table, ()))
        )
    )


def _entry(file: TomlFile, table: str, transport: Transport, index: int, entry: Mapping[str, Any]) -> Allowed:
    for key in entry:
        if key not in _KEYS:
            raise file.error(f"unknown key {key!r}", f"one of {', '.join(sorted(_KEYS))}", table, index, key)
    form = entry.get("form", "")
    if not _CONFIDENCE.fullmatch(entry.get("confidence", "")) or not entry.get("sources") or not entry.get("probe"):
        raise file.error("lacks its probe, its mark or its sources", 'probe, confidence = "V 2" or "S"', table, index)
    if form and form not in FORMS:
        raise file.error(f"unknown form {form!r}", f"one of {', '.join(sorted(FORMS))}", table, index, "form")
    try:
        pattern = None if form else _pattern(file, entry)
        never = re.compile(_named(file, "never", entry).encode()) if "never" in entry else None
    except (ValueError, KeyError, re.error) as error:
        raise file.error(f"cannot be read: {error}", "hex, text and names as the head says", table, index) from error
    return Allowed(
        probe=entry["probe"],
        label=entry.get("label", ""),
        transport=transport,
        ports=frozenset([entry["port"]] if "port" in entry else entry.get("ports", ())),
        except_ports=frozenset(_named(file, "ports", entry, "except_ports") if "except_ports" in entry else ()),
        groups=frozenset(entry.get("groups", ())),
        directed=entry.get("directed", False) is True,
        confidence=entry["confidence"],
        sources=tuple(entry["sources"]),
        form=form,
        pattern=pattern,
        never=never,
    )


def _named(file: TomlFile, table: str, entry: Mapping[str, Any], key: str = "") -> Any:
    return file.data[table][entry[key or table]]


def _pattern(file: TomlFile, entry: Mapping[str, Any]) -> re.Pattern[bytes]:
    wildcards, fragments = file.data.get("wildcard", {}), file.data.get("fragment", {})
    return compile_template(entry.get("hex", ""), entry.get("text", ""), wildcards, fragments)
