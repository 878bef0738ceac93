"""The layout of an answer: which of its fields matter. Answers of one form, or with the same fields, share it."""

from collections.abc import Callable, Iterable, Iterator, Mapping
from itertools import groupby
from typing import Final, NamedTuple

from msgspec import Struct, field

from netaudit.evidence.fields import Fields, every
from netaudit.evidence.form import Filled, Form, Part
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
    """A field that signatures look at, or one text of it. `settled`: the hits where a form leaves it no choice.

    `remembered`: the values looked at before; `look`: how to look at a new one. `part`: how the text is made of the
    words of a form's answer.
    """

    name: str
    remembered: dict[str, Found]
    look: Callable[[str], Found]
    settled: tuple[Hit, ...] | None = None
    part: Part | None = None

    def found(self, text: str) -> Found:
        """Return the hits on one value."""
        known = self.remembered.get(text)
        return self.look(text) if known is None else known


class Places(Struct, eq=False):
    """The fields that hold one sort of thing. `parts`: their texts in answers of a form, settled or to be made."""

    names: tuple[str, ...]
    parts: tuple[str | Part, ...] | None = None

    def texts(self, fields: Fields) -> list[str]:
        """Return what an answer holds there."""
        if self.parts is None or type(fields) is not Filled:
            return [text for name in self.names for text in every(fields, name)]
        words = fields.words
        return [part if isinstance(part, str) else part(words) for part in self.parts]

    def settle(self, form: Form) -> None:
        """Note what answers of a form have in common."""
        self.parts = tuple([part for name in self.names for part in form.parts(name)])


Reading = tuple[tuple[Hit, ...], tuple[str, ...], tuple[Key, ...], tuple[str, ...], tuple[int, ...]]
"""What the fields of an answer tell by themselves: hits, MACs, keys, names, ports."""


class Layout(Struct, eq=False):
    """The fields that hold something: for signatures, MACs, serials, names, open ports; an ONVIF endpoint.

    `is_settled`: none of these fields varies in answers of this form, so that all have one `reading`, once it is made.
    `shown`: whether all answers of the form show further traits; None where that is to be looked at in each.
    """

    columns: tuple[Column, ...]
    macs: Places
    serials: Places
    names: Places
    ports: Places
    endpoints: Places
    form: Form | None = None
    is_settled: bool = False
    reading: Reading | None = None
    shown: dict[tuple[Need, ...], bool | None] = field(default_factory=dict)

    def settle(self, form: Form) -> None:
        """Note what answers of a form have in common."""
        self.form = form
        self.columns = tuple(_joined(part for column in self.columns for part in _settled(column, form)))
        others = (self.macs, self.serials, self.names, self.ports, self.endpoints)
        for places in others:
            places.settle(form)
        settled = all(column.settled is not None for column in self.columns)
        self.is_settled = settled and all(form.recipes.keys().isdisjoint(places.names) for places in others)

    def shows(self, fields: Fields, needs: tuple[Need, ...]) -> bool:
        """True when an answer shows every further trait; looked at once where no answer of the form can differ."""
        if needs not in self.shown:
            varies = self.form is None or any(need.field in self.form.recipes for need in needs)
            self.shown[needs] = None if varies else shows(fields, needs)
        known = self.shown[needs]
        return shows(fields, needs) if known is None else known


def layout_of(kind: str, fields: frozenset[str], columns: Iterable[Column]) -> Layout:
    """Return the layout of an answer with these fields. `columns`: all of its kind."""

    def those(names: Iterable[str]) -> Places:
        return Places(tuple([name for name in names if name in fields]))

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
    for need in needs:
        search = need.pattern.search
        if not any(search(value[:LONGEST_VALUE]) for value in every(fields, need.field)):
            return False
    return True


def _joined(columns: Iterable[Column]) -> Iterator[Column]:
    """Make one column of settled ones that stand side by side."""
    for is_settled, run in groupby(columns, lambda column: column.settled is not None):
        if not is_settled:
            yield from run
            continue
        first, *others = run
        yield first._replace(settled=sum([column.settled or () for column in others], first.settled or ()))


def _settled(column: Column, form: Form) -> Iterator[Column]:
    """Yield a column for each text; those that a form says always are looked at now."""
    for part in form.parts(column.name):
        if not isinstance(part, str):
            yield column._replace(part=part)
            continue
        found = column.found(part)
        if any(need.field in form.recipes for _, needs in found for need in needs):
            yield column._replace(part=_always(part))  # a further trait that is needed may vary
        else:
            yield column._replace(settled=tuple([hit for hit, needs in found if shows(form.settled, needs)]))


def _always(text: str) -> Part:
    return lambda _words: text
