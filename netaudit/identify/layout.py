"""The layout of an answer: which of its fields matter. Answers of one kind with the same fields share it."""

from collections.abc import Callable, Iterable, Mapping
from typing import Final, NamedTuple

from netaudit.identify.hit import Hit
from netaudit.identify.keys import MAC_FIELDS, SERIAL_FIELDS
from netaudit.identify.signature import Need

NAME_FIELDS: Final[Mapping[str, tuple[str, ...]]] = {
    "wsd.probe_match": ("scope.name",), "mdns.service": ("instance",), "upnp.description": ("friendlyName",),
    "snmp.system": ("sysName",), "dhcp.lease": ("hostname",), "isapi.device_info": ("deviceName",),
    "dhip.reply": ("MachineName",), "recorder.channel": ("name",), "table.asset": ("name",),
}  # fmt: skip
"""Fields that hold a name for people."""

Found = tuple[tuple[Hit, tuple[Need, ...]], ...]
"""The hits on one value, each with the further traits that its signature needs."""
Column = tuple[str, dict[str, Found], Callable[[str], Found]]
"""A field that signatures look at: its name, the values looked at before, how to look at a new one."""


class Layout(NamedTuple):
    """The fields that hold something: for signatures, MACs, serials, a name; whether there is an ONVIF endpoint."""

    columns: tuple[Column, ...]
    macs: tuple[str, ...]
    serials: tuple[str, ...]
    names: tuple[str, ...]
    endpoint: bool


def layout_of(kind: str, fields: frozenset[str], columns: Iterable[Column]) -> Layout:
    """Return the layout of an answer with these fields. `columns`: all of its kind."""
    return Layout(
        tuple([column for column in columns if column[0] in fields]),
        tuple([name for name in MAC_FIELDS if name in fields]),
        tuple([name for name in SERIAL_FIELDS.get(kind, ()) if name in fields]),
        tuple([name for name in NAME_FIELDS.get(kind, ()) if name in fields]),
        "endpoint" in fields,
    )
