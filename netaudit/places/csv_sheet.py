"""The schedule as CSV, out and in: one sheet a file, UTF-8, comma or semicolon, nothing that is run."""

import csv
import io
from collections.abc import Iterator, Sequence
from pathlib import Path
from typing import Final

from netaudit.errors import DataError
from netaudit.places.columns import HOW_KNOWN, Column, Layout
from netaudit.places.grid import Grid, HeadingTest, Read, heading_row
from netaudit.places.rows import Row
from netaudit.places.words import how_known

_FORMULA: Final = ("=", "+", "-", "@", "\t", "\r")
_MAX_BYTES: Final = 64 * 1024 * 1024
_MAX_ROWS: Final = 100_000
_MAX_COLUMNS: Final = 500


def to_csv(rows: Sequence[Row], columns: Sequence[Column]) -> bytes:
    """Return one sheet as CSV with a byte order mark, so that spreadsheets read it as UTF-8."""
    own = list(dict.fromkeys(name for row in rows for name in row.extra))
    out = io.StringIO(newline="")
    writer = csv.writer(out, lineterminator="\r\n")
    writer.writerow(_safe(text) for text in (*(column.label for column in columns), HOW_KNOWN, *own))
    for row in rows:
        cells = [row.cells[column.id].value for column in columns]
        writer.writerow(
            _safe(text) for text in (*cells, how_known(row, columns), *(row.extra.get(name, "") for name in own))
        )
    return out.getvalue().encode("utf-8-sig", "replace")


def read_csv(raw: bytes, path: Path, layout: Layout) -> list[Grid]:
    """Read a CSV file as the sheet whose headings it has most of. Raises DataError."""
    if len(raw) > _MAX_BYTES:
        raise DataError(str(path), f"is {len(raw)} bytes long", f"at most {_MAX_BYTES} bytes")
    try:
        text = raw.decode("utf-8-sig")
    except UnicodeDecodeError:
        # What spreadsheets of Western Europe save when they are asked for plain CSV; every byte is a letter in it.
        text = raw.decode("cp1252", "replace")
    rows = _rows(text, path)
    best: Grid | None = None
    for sheet, columns in layout.sheets.items():
        known = HeadingTest(name for column in columns for name in (column.label, column.id))
        top = heading_row(rows, known)
        if top is None:
            continue
        head = {n: str(cell.value) for n, cell in dict(rows)[top].items() if cell.value}
        grid = Grid(sheet, path.name, head, {number: cells for number, cells in rows if number > top})
        hits = sum(known(text) for text in head.values())
        if best is None or hits > sum(HeadingTest(_names(layout, best.sheet))(text) for text in best.head.values()):
            best = grid
    if best is None:
        raise DataError(f"{path}:1", "has no heading of the schedule", "CSV as `netaudit register export` writes it")
    return [best]


def _names(layout: Layout, sheet: str) -> Iterator[str]:
    return (name for column in layout.sheets[sheet] for name in (column.label, column.id))


def _rows(text: str, path: Path) -> list[tuple[int, dict[int, Read]]]:
    head = text.split("\n", 1)[0]
    reader = csv.reader(io.StringIO(text, newline=""), delimiter=max(",;\t", key=head.count))
    rows: list[tuple[int, dict[int, Read]]] = []
    try:
        # A row is counted as a spreadsheet counts it: a cell with line breaks makes no further row.
        for number, cells in enumerate(reader, 1):
            if number > _MAX_ROWS or len(cells) > _MAX_COLUMNS:
                raise DataError(f"{path}:{reader.line_num}", "is longer or wider than a schedule can be", "a schedule")
            rows.append((number, {n: _read(cell) for n, cell in enumerate(cells, 1)}))
    except csv.Error as error:
        raise DataError(f"{path}:{reader.line_num}", f"is not CSV: {error}", "CSV") from error
    return rows


def _safe(text: str) -> str:
    return "'" + text if text.startswith(_FORMULA) else text


def _read(cell: str) -> Read:
    if cell.startswith("'") and cell[1:].startswith(_FORMULA):
        return Read(cell[1:])
    return Read(cell, formula=cell.startswith(("=", "@")))
