"""An edited sheet back in: what is new is taken, what cannot be used is named by its cell, nothing is lost. Pure."""

import hashlib
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field, replace
from typing import Final

from netaudit.places.columns import EMPTY, HOW_KNOWN, LOOKED_UP, Column, Layout
from netaudit.places.grid import Grid, Read
from netaudit.places.kept import Kept, Left
from netaudit.places.rows import NOT_IN_RUN, Cell, Row
from netaudit.places.values import UnreadableError, value_of

_BY: Final = ("serial", "mac", "ip")
_MAX_EXTRA: Final = 2000


@dataclass(frozen=True, slots=True)
class Problem:
    """A cell that was not taken. `cell`: e.g. "Schedule!F7"; `text`: what stands there; `why`: what was expected."""

    cell: str
    text: str
    why: str


@dataclass(slots=True)
class Outcome:
    """What an import did. `changed`: (device, column, before, after). `remarks`: nothing was lost by these."""

    problems: list[Problem] = field(default_factory=list)
    remarks: list[str] = field(default_factory=list)
    changed: list[tuple[str, str, str, str]] = field(default_factory=list)


def merge(
    grids: Iterable[Grid], kept: Kept, sheets: Mapping[str, Sequence[Row]], layout: Layout, file: str,
    known: Mapping[str, Mapping[str, str]],
) -> tuple[Kept, Outcome]:  # fmt: skip
    """Return what is kept after the import, and what happened. `known`: device to serial, mac, ip, site."""
    outcome = Outcome()
    rows = {name: {key: dict(row) for key, row in kept.rows[name].items()} for name in kept.rows}
    extra = {name: {key: dict(row) for key, row in kept.extra[name].items()} for name in kept.extra}
    for grid in grids:
        part = _Sheet(grid, layout, sheets[grid.sheet], rows[grid.sheet], extra[grid.sheet], outcome)
        part.take()
    typed = {key.partition("#")[0] for part in (*rows.values(), *extra.values()) for key, row in part.items() if row}
    facts = {**kept.known, **{device: dict(known[device]) for device in typed if device in known}}
    fresh = {(file, problem.cell) for problem in outcome.problems}
    left = [item for item in kept.left if (item.file, item.cell) not in fresh]
    left += [Left(file, problem.cell, problem.text, problem.why) for problem in outcome.problems if problem.text]
    merged = replace(kept, rows=_full(rows), extra=_full(extra), known=facts, left=tuple(left))
    return merged, outcome


class _Sheet:
    """One sheet while it is taken in."""

    def __init__(
        self, grid: Grid, layout: Layout, shown: Sequence[Row], rows: dict[str, dict[str, str]],
        extra: dict[str, dict[str, str]], outcome: Outcome,
    ) -> None:  # fmt: skip
        self.grid, self.layout, self.outcome = grid, layout, outcome
        self.shown = {row.device: row for row in shown}
        self.rows, self.extra = rows, extra
        self.columns: dict[int, Column] = {}
        self.own: dict[int, str] = {}
        self.seen: dict[str, int] = {}

    def take(self) -> None:
        """Take all rows."""
        self._headings()
        for number, cells in self.grid.rows.items():
            if any(cell.value not in (None, "") for cell in cells.values()):
                self._row(number, cells)

    def _headings(self) -> None:
        taken: set[str] = set()
        for number, heading in self.grid.head.items():
            column = self.layout.column(self.grid.sheet, heading)
            if column is not None and column.id not in taken:
                taken.add(column.id)
                self.columns[number] = column
            elif column is not None:
                where = self.grid.at(1, number)
                self.outcome.remarks.append(f"{where}: the heading {heading!r} stands twice; this one is kept apart")
                self.own[number] = f"{heading} ({where.partition('!')[2].rstrip('0123456789')})"
            elif heading != HOW_KNOWN:
                self.own[number] = heading[:200]
        for column in self.layout.sheets[self.grid.sheet]:
            if column.editable and column.id not in taken:
                self.outcome.remarks.append(f"{self.grid.title}: has no column {column.label!r}; what was typed stays")

    def _row(self, number: int, cells: Mapping[int, Read]) -> None:
        device = self._device(number, cells)
        if device is None:
            return
        shown = self.shown.get(device)
        for place, cell in cells.items():
            if place in self.columns:
                self._cell(device, shown, self.columns[place], self.grid.at(number, place), cell)
            elif place in self.own:
                self._own_cell(device, self.own[place], self.grid.at(number, place), cell)
            elif cell.value not in (None, "") and place not in self.grid.head:
                self._problem(self.grid.at(number, place), cell, "the column has no heading")

    def _device(self, number: int, cells: Mapping[int, Read]) -> str | None:
        named = {column.id: cells[place] for place, column in self.columns.items() if place in cells}
        name = str(named["device"].value or "").strip() if "device" in named else ""
        if name and name not in self.shown and self.grid.sheet == "schedule":
            self.outcome.remarks.append(f"{self.grid.title} row {number}: {name} is not in this run; the row is kept")
        device = name or self._found(named) or self._new(number, cells)
        first = self.seen.setdefault(device, number)
        if first == number:
            return device
        if self.grid.sheet == "disposal":
            # A unit can hold several media: each further row is one of them.
            further = next(key for n in range(2, 10_000) if (key := f"{device}#{n}") not in self.seen)
            self.seen[further] = number
            self.outcome.remarks.append(
                f"{self.grid.title} row {number}: a further medium of {device}, kept as {further}"
            )
            return further
        for place, cell in cells.items():
            column = self.columns.get(place)
            if cell.value not in (None, "") and (column is None or column.editable):
                self._problem(self.grid.at(number, place), cell, f"row {first} has the same netaudit id {device}")
        return None

    def _found(self, named: Mapping[str, Read]) -> str:
        for key in _BY:
            wanted = str(named[key].value or "").strip() if key in named else ""
            hits = [row.device for row in self.shown.values() if wanted and row.cells[key].value == wanted]
            if len(hits) == 1:
                return hits[0]
        return ""

    def _new(self, number: int, cells: Mapping[int, Read]) -> str:
        """Name a row that people added: a unit that no scan can see, such as an analogue camera."""
        text = "|".join(
            f"{place}={cells[place].value}" for place in sorted(cells) if cells[place].value not in (None, "")
        )
        name = f"typed-{hashlib.sha256(text.encode('utf-8', 'replace')).hexdigest()[:10]}"
        self.outcome.remarks.append(f"{self.grid.title} row {number}: names no device of the run; kept as {name}")
        return name

    def _cell(self, device: str, shown: Row | None, column: Column, where: str, cell: Read) -> None:
        if column.id == "device":
            return
        before = shown.cells[column.id] if shown else Cell(self.rows.get(device, {}).get(column.id, ""), EMPTY)
        if cell.merged:
            self.outcome.remarks.append(f"{where}: hangs on a merged cell; the value before stays ({before.value!r})")
            return
        if cell.formula:
            self._problem(where, cell, "a value: a formula is not run")
            return
        if not column.editable:
            self._measured(shown, before, where, cell, column)
            return
        try:
            value = value_of(cell.value, column)
        except UnreadableError as error:
            # A value that was looked up may be of no list; as long as nobody changes it, nothing was typed.
            if str(cell.value).strip() != before.value:
                self._problem(where, cell, f"{column.label} asks for {error}")
            return
        self._set(device, column, before, value)

    def _set(self, device: str, column: Column, before: Cell, value: str) -> None:
        held = self.rows.get(device, {}).get(column.id, "")
        # What a sheet shows as looked up and nobody changed was not typed by anybody.
        new = "" if before.origin == LOOKED_UP and not held and value == before.value else value
        if new == held:
            return
        row = self.rows.setdefault(device, {})
        if new:
            row[column.id] = new
        else:
            row.pop(column.id, None)
        self.outcome.changed.append((device, column.label, held, new))

    def _measured(self, shown: Row | None, before: Cell, where: str, cell: Read, column: Column) -> None:
        text = str(cell.value or "").strip()
        if shown is None and text:
            self.extra.setdefault(self._last(), {})[column.label] = text[:_MAX_EXTRA]
        elif text and text != before.value and before.value != NOT_IN_RUN and not _same_day(text, before.value):
            self.outcome.remarks.append(
                f"{where}: {column.label} is measured ({before.value!r}); {text[:80]!r} is not taken"
            )

    def _last(self) -> str:
        return next(reversed(self.seen))

    def _own_cell(self, device: str, heading: str, where: str, cell: Read) -> None:
        text = "" if cell.value is None else str(cell.value)[:_MAX_EXTRA]
        if cell.formula:
            self._problem(where, cell, "a value: a formula is not run")
            return
        if cell.merged:
            return
        held = self.extra.get(device, {}).get(heading, "")
        if text != held:
            row = self.extra.setdefault(device, {})
            row[heading] = text
            if not text:
                del row[heading]
            self.outcome.changed.append((device, heading, held, text))

    def _problem(self, where: str, cell: Read, why: str) -> None:
        self.outcome.problems.append(Problem(where, "" if cell.value is None else str(cell.value)[:_MAX_EXTRA], why))


def _same_day(text: str, value: str) -> bool:
    return len(value) == 10 and text[:10] == value


def _full(rows: Mapping[str, Mapping[str, Mapping[str, str]]]) -> dict[str, dict[str, Mapping[str, str]]]:
    return {sheet: {key: row for key, row in part.items() if row} for sheet, part in rows.items()}


def told(outcome: Outcome) -> Iterator[str]:
    """Yield what a person has to know: cells first."""
    for problem in outcome.problems:
        yield f"{problem.cell}: {problem.text[:80]!r} was not taken: expected {problem.why}"
    yield from outcome.remarks
