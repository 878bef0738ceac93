"""Which object of a NetBox is the one that a run speaks of: by serial, MAC, name, in this order."""

from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from typing import Any, Final, Protocol

from netaudit.netbox.compare import Row
from netaudit.report.export import netbox_objects as objects
from netaudit.report.export.netbox_objects import Ref, Value, Wanted

CHUNK: Final = 50
"""Values of one filter in one request: its address stays short enough for any server between."""


class Reader(Protocol):
    """What can be read of a NetBox."""

    def rows(self, endpoint: str, **filters: Sequence[str | int]) -> list[Row]:
        """Return the objects that any value of the filter fits; all of them without one."""


Found = dict[str, Row]


def find(reader: Reader, endpoint: str, wanted: Sequence[Wanted], ids: Mapping[Ref, int]) -> Found:
    """Return label to row, for the objects that are there."""
    return _FINDERS[endpoint](reader, endpoint, wanted, ids) if wanted else {}


def _by_name(reader: Reader, endpoint: str, wanted: Sequence[Wanted], _ids: Mapping[Ref, int]) -> Found:
    every = reader.rows(endpoint)
    names, slugs = ({str(row[name]).casefold(): row for row in every} for name in ("name", "slug"))
    return _present((one, names.get(_text(one, "name")) or slugs.get(_text(one, "slug"))) for one in wanted)


def _types(reader: Reader, endpoint: str, wanted: Sequence[Wanted], ids: Mapping[Ref, int]) -> Found:
    every = {(row["manufacturer"]["id"], str(row["model"]).casefold()): row for row in reader.rows(endpoint)}
    return _present((one, every.get((_id(one, "manufacturer", ids), _text(one, "model")))) for one in wanted)


def _devices(reader: Reader, endpoint: str, wanted: Sequence[Wanted], ids: Mapping[Ref, int]) -> Found:
    serials = _once(_chunked(reader, endpoint, "serial", (_raw(one, "serial") for one in wanted)), "serial")
    owners = _owners(reader, wanted)
    named = {
        (str(row["name"]).casefold(), row["site"]["id"]): row
        for row in _chunked(reader, endpoint, "name__ie", (_raw(one, "name") for one in wanted))
    }
    by_id = {row["id"]: row for row in _chunked(reader, endpoint, "id", owners.values())}

    def candidates(one: Wanted) -> Iterator[Row | None]:
        yield serials.get(_text(one, "serial"))
        yield by_id.get(owners.get(one.mac))
        yield named.get((_text(one, "name"), _id(one, "site", ids)))

    found: Found = {}
    taken: set[int] = set()
    for one in wanted:
        row = next((row for row in candidates(one) if row and row["id"] not in taken and _may_be(one, row)), None)
        if row:
            taken.add(row["id"])
            found[one.label] = row
    return found


def _may_be(one: Wanted, row: Row) -> bool:
    """Two serials that differ are two units, whatever else they share."""
    theirs = str(row.get("serial") or "").casefold()
    return not theirs or not _text(one, "serial") or theirs == _text(one, "serial")


def _owners(reader: Reader, wanted: Sequence[Wanted]) -> dict[str, int]:
    """MAC to the device on whose interface NetBox has it."""
    found = {}
    for row in _chunked(reader, objects.MACS, "mac_address", (one.mac for one in wanted)):
        device = (row.get("assigned_object") or {}).get("device")
        if isinstance(device, Mapping):
            found[str(row["mac_address"]).upper()] = int(device["id"])
    return found


def _interfaces(reader: Reader, endpoint: str, wanted: Sequence[Wanted], ids: Mapping[Ref, int]) -> Found:
    there: dict[int, list[Row]] = {}
    devices = {one.label: device for one in wanted if (device := _id(one, "device", ids)) is not None}
    for row in _chunked(reader, endpoint, "device_id", devices.values()):
        there.setdefault(row["device"]["id"], []).append(row)
    return _present((one, _interface(one, there.get(devices.get(one.label, 0), []))) for one in wanted)


def _interface(one: Wanted, rows: Sequence[Row]) -> Row | None:
    """The one that has the MAC, else the one of our name, else the only one."""
    with_mac = [row for row in rows if one.mac and one.mac in _macs_of(row)]
    named = [row for row in rows if str(row["name"]).casefold() == _text(one, "name")]
    return next(iter(with_mac or named or (rows if len(rows) == 1 else [])), None)


def _macs_of(row: Row) -> set[str]:
    told = [row.get("mac_address"), *(each.get("mac_address") for each in row.get("mac_addresses") or ())]
    return {str(mac).upper() for mac in told if mac}


def _macs(reader: Reader, endpoint: str, wanted: Sequence[Wanted], _ids: Mapping[Ref, int]) -> Found:
    rows = {
        str(row["mac_address"]).upper(): row
        for row in _chunked(reader, endpoint, "mac_address", (one.label for one in wanted))
    }
    return _present((one, rows.get(one.label)) for one in wanted)


def _addresses(reader: Reader, endpoint: str, wanted: Sequence[Wanted], _ids: Mapping[Ref, int]) -> Found:
    """By the address without its mask: NetBox finds it with any."""
    rows = {
        _host(str(row["address"])): row
        for row in _chunked(reader, endpoint, "address", (_host(one.label) for one in wanted))
    }
    return _present((one, rows.get(_host(one.label))) for one in wanted)


def _chunked(reader: Reader, endpoint: str, name: str, values: Iterable[Any]) -> Iterator[Row]:
    every = [value for value in dict.fromkeys(values) if value]
    for start in range(0, len(every), CHUNK):
        yield from reader.rows(endpoint, **{name: every[start : start + CHUNK]})


def _once(rows: Iterable[Row], name: str) -> dict[str, Row]:
    """Rows by a field that says for sure which is meant; one that several share says nothing."""
    found: dict[str, list[Row]] = {}
    for row in rows:
        found.setdefault(str(row[name]).casefold(), []).append(row)
    return {key: several[0] for key, several in found.items() if len(several) == 1}


def _present(pairs: Iterable[tuple[Wanted, Row | None]]) -> Found:
    return {one.label: row for one, row in pairs if row is not None}


def _raw(one: Wanted, name: str) -> str:
    return str(one.values.get(name) or "")


def _text(one: Wanted, name: str) -> str:
    return _raw(one, name).casefold()


def _id(one: Wanted, name: str, ids: Mapping[Ref, int]) -> int | None:
    value: Value | None = one.values.get(name)
    return ids.get(value) if isinstance(value, Ref) else None


def _host(text: str) -> str:
    return text.partition("/")[0].casefold()


_FINDERS: Final[Mapping[str, Callable[[Reader, str, Sequence[Wanted], Mapping[Ref, int]], Found]]] = {
    objects.SITES: _by_name,
    objects.MANUFACTURERS: _by_name,
    objects.TYPES: _types,
    objects.ROLES: _by_name,
    objects.DEVICES: _devices,
    objects.INTERFACES: _interfaces,
    objects.MACS: _macs,
    objects.ADDRESSES: _addresses,
}
