"""The layout of an answer: which of its fields matter. Answers of one form, or with the same fields, share it."""

from collections.abc import Callable, Iterable, Iterator, Mapping
from itertools import groupby
from typing import Final, NamedTuple

from msgspec import Struct

from netaudit.evidence.fields import Fields, every
from netaudit.evidence.form import Form
from netaudit.identify.hit import Hit
from netaudit.identify.keys import MAC_FIELDS, SERIAL_FIELDS, Key
from netaudit.identify.signature import Need

LONGEST_VALUE: Final = 65536
"""Characters of a value that a pattern is held against."""

NAME_FIELDS: Final[Mapping[str, tuple[str, ...]]] = {
    "wsd.probe_match": ("scope.name",), "mdns.service": ("instance",), "upnp.description": ("friendlyName",),
    "snmp.system": ("sysName",), "dhcp.lease": ("hostname",), "lldp.announcement": ("system_name",),
    "cdp.announcement": ("device_id",), "isapi.device_info": ("deviceName",),
    "dhip.reply": ("MachineName",), "recorder.channel": ("name",), "table.asset": ("name",),
}  # fmt: skip
"""Fields that hold a name for people."""
PORT_FIELDS: Final = {"tcp.ports": ("open",)}
"""Fields that hold open ports."""

Found = tuple[tuple[Hit, tuple[Need, ...]], ...]
"""The hits on one value, each with the further traits that its signature needs."""


class Column(NamedTuple):
    """A field that signatures look at. `settled`: the hits where a form leaves it no choice, else None.

    `remembered`: the values looked at before; `look`: how to look at a new one.
    """

    name: str
    remembered: dict[str, Found]
    look: Callable[[str], Found]
    settled: tuple[Hit, ...] | None = None

    def found(self, text: str) -> Found:
        """Return the hits on one value."""
        known = self.remembered.get(text)
        return self.look(text) if known is None else known


class Reading(NamedTuple):
    """What the fields of an answer tell by themselves."""

    hits: tuple[Hit, ...]
    macs: tuple[str, ...]
    keys: tuple[Key, ...]
    names: tuple[str, ...]
    ports: tuple[int, ...]


class Layout(Struct, eq=False):
    """The fields that hold something: for signatures, MACs, serials, names, open ports; an ONVIF endpoint.

    `is_settled`: none of these fields varies in answers of this form, so that all have one `reading`, once it is made.
    """

    columns: tuple[Column, ...]
    macs: tuple[str, ...]
    serials: tuple[str, ...]
    names: tuple[str, ...]
    ports: tuple[str, ...]
    endpoints: tuple[str, ...]
    is_settled: bool = False
    reading: Reading | None = None

    def settle(self, form: Form) -> None:
        """Note what answers of a form have in common."""
        self.columns = tuple(_joined(_settled(column, form) for column in self.columns))
        others = (*self.macs, *self.serials, *self.names, *self.ports, *self.endpoints)
        settled = all(column.settled is not None for column in self.columns)
        self.is_settled = settled and form.recipes.keys().isdisjoint(others)


def layout_of(kind: str, fields: frozenset[str], columns: Iterable[Column]) -> Layout:
    """Return the layout of an answer with these fields. `columns`: all of its kind."""

    def those(names: Iterable[str]) -> tuple[str, ...]:
        return tuple([name for name in names if name in fields])

    return Layout(
        tuple([column for column in columns if column.name in fields]),
        those(MAC_FIELDS),
        those(SERIAL_FIELDS.get(kind, ())),
        those(NAME_FIELDS.get(kind, ())),
        those(PORT_FIELDS.get(kind, ())),
        those(("endpoint",)),
    )


def shows(fields: Fields, needs: Iterable[Need]) -> bool:
    """True when an answer shows every further trait that a signature needs."""
    return all(any(need.pattern.search(value[:LONGEST_VALUE]) for value in every(fields, need.field)) for need in needs)


def _joined(columns: Iterable[Column]) -> Iterator[Column]:
    """Make one column of settled ones that stand side by side."""
    for is_settled, run in groupby(columns, lambda column: column.settled is not None):
        if not is_settled:
            yield from run
            continue
        first, *others = run
        yield first._replace(settled=sum([column.settled or () for column in others], first.settled or ()))


def _settled(column: Column, form: Form) -> Column:
    """Look at what a form says always; hits that need a further trait stay open where that may vary."""
    if column.name in form.recipes:
        return column
    found = [pair for text in every(form.settled, column.name) for pair in column.found(text)]
    if any(need.field in form.recipes for _, needs in found for need in needs):
        return column
    return column._replace(settled=tuple([hit for hit, needs in found if shows(form.settled, needs)]))
