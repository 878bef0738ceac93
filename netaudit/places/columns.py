"""The columns of the schedule and of the records: data from signatures/places/columns.toml."""

from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Final

from netaudit.data import data_folder
from netaudit.identify.words import plain
from netaudit.policy.reading import Table
from netaudit.toml_file import read_toml

MEASURED: Final = "measured"
LOOKED_UP: Final = "looked_up"
TYPED: Final = "typed"
EMPTY: Final = "empty"
ORIGINS: Final = (MEASURED, LOOKED_UP, TYPED, EMPTY)
KINDS: Final = ("text", "number", "date", "choice", "yes_no")
YES_NO: Final = ("yes", "no")
# The heading of the column that says in words where each cell of a row comes from.
HOW_KNOWN: Final = "How known"
SHEETS: Final = {"schedule": "Schedule", "disposal": "Disposal", "acceptance": "Acceptance"}


@dataclass(frozen=True, slots=True)
class Column:
    """One column. `origin`: measured, looked_up (typed wins) or typed. `trait`: what the planner takes of it."""

    id: str
    label: str
    origin: str = TYPED
    kind: str = "text"
    values: tuple[str, ...] = ()
    group: str = ""
    help: str = ""
    trait: str = ""

    @property
    def editable(self) -> bool:
        """True where what a person types counts."""
        return self.origin != MEASURED


@dataclass(frozen=True, slots=True)
class Layout:
    """The columns of each sheet, in order; the first sheet is the schedule."""

    sheets: Mapping[str, tuple[Column, ...]]

    def column(self, sheet: str, heading: str) -> Column | None:
        """Return the column that a heading means, by label or id, whatever its case and signs."""
        wanted = plain(heading)
        return next((c for c in self.sheets[sheet] if wanted in (plain(c.label), plain(c.id))), None)


def load_layout(path: Path | None = None) -> Layout:
    """Load the columns (the shipped ones by default). Raises DataError (file:line)."""
    file = read_toml(path or data_folder("signatures") / "places" / "columns.toml")
    top = Table(file, file.data)
    top.only(("column", "disposal", "acceptance"))
    schedule = tuple(_column(table) for table in top.tables("column"))
    head = tuple(column for column in schedule if column.id in ("device", "serial", "ip", "model", "site", "room"))
    shown = tuple(_only_shown(column) for column in head)
    records = {name: (*shown, *(_column(table) for table in top.tables(name))) for name in ("disposal", "acceptance")}
    return Layout({"schedule": schedule, **records})


def _only_shown(column: Column) -> Column:
    # A place is typed in the schedule; the records show it.
    return Column(column.id, column.label, MEASURED, column.kind, column.values, column.group, column.help)


def _column(table: Table) -> Column:
    table.only(("id", "label", "from", "type", "values", "group", "help", "trait"))
    kind = table.choice("type", KINDS, "text")
    values = table.texts("values") or (YES_NO if kind == "yes_no" else ())
    if (kind == "choice") != bool(table.texts("values")):
        raise table.wrong("values", "type and values do not fit", "values for a choice, none for another type")
    return Column(
        table.text("id"), table.text("label"), table.choice("from", (MEASURED, LOOKED_UP, TYPED), TYPED), kind, values,
        table.text("group", ""), table.text("help", ""), table.text("trait", ""),
    )  # fmt: skip
