"""One object that NetBox should have against what it has: make it, fill what is empty, or leave it and say so. Pure.

What people wrote into NetBox is never overwritten: only empty fields are filled, and a description that begins with
our own name is renewed. Other fields that differ are told, since that is what an auditor wants to know.
"""

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any, Final

from netaudit.report.export.netbox_objects import Ref, Value, Wanted

OURS: Final = "netaudit "
DESCRIPTION: Final = "description"
Row = Mapping[str, Any]


@dataclass(frozen=True, slots=True)
class Step:
    """What is to be done about one object. `id`: of what is there; `kept`: what differs and stays as NetBox has it."""

    wanted: Wanted
    id: int | None = None
    changes: Mapping[str, Value] = field(default_factory=dict)
    kept: tuple[str, ...] = ()

    @property
    def action(self) -> str:
        """Return create, update or same."""
        if self.id is None:
            return "create"
        return "update" if self.changes else "same"


def compare(wanted: Wanted, row: Row | None, ids: Mapping[Ref, int]) -> Step:
    """Return the step. `ids`: what is known of the objects that this one points to."""
    if row is None:
        return Step(wanted, None, wanted.values)
    changes: dict[str, Value] = {}
    kept: list[str] = []
    for name, value in wanted.values.items():
        theirs = _plain(row.get(name))
        if name in wanted.only_new or value == "" or _same(theirs, value, ids):
            continue
        if theirs in (None, "") or (name == DESCRIPTION and str(theirs).startswith(OURS)):
            changes[name] = value
        elif name != DESCRIPTION:
            kept.append(f"{name}: NetBox has {_shown(row.get(name))}, this run {_told(value)}")
    return Step(wanted, int(row["id"]), changes, tuple(kept))


def _same(theirs: object, value: Value, ids: Mapping[Ref, int]) -> bool:
    if isinstance(value, Ref):
        return theirs is not None and theirs == ids.get(value)
    return str(theirs).casefold() == str(value).casefold()


def _plain(value: object) -> object:
    """An object's id, a choice's value, anything else as it is."""
    if isinstance(value, Mapping):
        return value.get("id", value.get("value"))
    return value


def _shown(value: object) -> str:
    if isinstance(value, Mapping):
        return repr(str(value.get("display") or value.get("label") or value.get("id")))
    return repr(value)


def _told(value: Value) -> str:
    return repr(value.label if isinstance(value, Ref) else value)
