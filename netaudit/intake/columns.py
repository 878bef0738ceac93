"""Tables with a header line (CSV and its relatives): by name of the column, whatever its case and punctuation."""

import csv
import re
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from typing import Final

from netaudit.evidence import tables
from netaudit.intake.head import Head
from netaudit.intake.header_line import SEARCHED, Header, find_header, normal
from netaudit.intake.model import Format, Item, Unread, told
from netaudit.intake.source import Source

MAX_CELL: Final = 1024
_SECRETS: Final = (
    "password",
    "passwd",
    "pwd",
    "passphrase",
    "secret",
    "community",
    "token",
    "apikey",
    "privatekey",
    "psk",
)
_BYTE: Final = r"(?:25[0-5]|2[0-4]\d|1\d\d|[1-9]?\d)"
_MISTYPED: Final = re.compile(
    rf"(?<![\w.])(?!{_BYTE}(?:\.{_BYTE}){{3}}(?![\w.]))\d{{1,4}}(?:\.\d{{1,4}}){{3}}(?![\w.])"
)
"""Four numbers that are no address. What does not look like one (a name, "DHCP", "-") is nobody's mistake."""
Cells = dict[str, str]
"""Field name to cell of one row: only of the columns that are wanted."""


@dataclass(frozen=True, slots=True)
class Layout:
    """One program's table. `columns`: normalised column name to field. `needs`: columns that tell it from others."""

    columns: Mapping[str, str]
    needs: Sequence[frozenset[str]]
    build: Callable[[Cells], Iterable[tables.Row | None]]


def is_secret(column: str) -> bool:
    """True for a column that may hold a password or key: it is dropped before anything is kept."""
    plain = normal(column)
    return any(word in plain for word in _SECRETS)


def table_format(
    name: str, title: str, made_by: tuple[str, ...], gives: tuple[str, ...], layout: Layout, note: str = ""
) -> Format:
    """Make the format of a table with known columns."""
    return Format(
        name, title, made_by, gives,
        lambda head: 90 if is_table(head) and any(need <= head.header for need in layout.needs) else 0,
        lambda source: read_table(source, layout.columns, layout.build), note,
    )  # fmt: skip


def is_table(head: Head) -> bool:
    """True where the beginning is neither JSON nor XML."""
    return not head.text.lstrip("\ufeff \r\n\t").startswith(("{", "[", "<"))


def read_table(
    source: Source, columns: Mapping[str, str], build: Callable[[Cells], Iterable[tables.Row | None]]
) -> Iterator[Item]:
    """Read the rows: `columns` says which columns are wanted, `build` makes rows of kinds from the cells.

    A row that tells nothing is reported with its number, and nothing else of it. Columns of secrets are never read.
    """
    lines = source.lines()
    first = [line for _, line in zip(range(SEARCHED), (line for _, line in lines), strict=False)]
    header = find_header(first)
    if header is None:
        yield Unread(1, "has no header line with the names of columns")
        return
    wanted = _wanted(header.names, columns)
    rest = (line for _, line in lines)
    for number, cells, why in _rows(_joined(first[header.line + 1 :], rest), header):
        if why:
            yield Unread(number, why)
            continue
        values = {field: cells[index] for index, field in wanted if index < len(cells) and cells[index]}
        if not any(cells):
            continue
        found = [row for row in build(values) if row is not None]
        if not found:
            yield Unread(number, "names no address, MAC, serial or name")
        elif wrong := _MISTYPED.search(values.get("ip", "")):
            yield Unread(number, f"{wrong[0]} is no address; the rest of the row is kept")
        for row in found:
            yield from told(number, row)


def _wanted(names: Sequence[str], columns: Mapping[str, str]) -> list[tuple[int, str]]:
    """Pairs of column number and field; of two columns for one field the first that is there counts."""
    found: dict[str, int] = {}
    for field_wanted in dict.fromkeys(columns.values()):
        for column in (key for key, field in columns.items() if field == field_wanted):
            index = next((i for i, name in enumerate(names) if normal(name) == column and not is_secret(name)), None)
            if index is not None:
                found.setdefault(field_wanted, index)
                break
    return [(index, field) for field, index in found.items()]


def _rows(lines: Iterable[str], header: Header) -> Iterator[tuple[int, list[str], str]]:
    """Yield (line number in the file, cells, what is wrong)."""
    reader = csv.reader((line + "\n" for line in lines), delimiter=header.delimiter)
    while True:
        number = header.line + 2 + reader.line_num
        try:
            row = next(reader)
        except StopIteration:
            return
        except csv.Error as error:
            yield number, [], f"is no row: {error}"
            continue
        if len(row) > len(header.names) + 1 and any(row[len(header.names) :]):
            yield number, [], f"has {len(row)} columns where the header has {len(header.names)}"
            continue
        yield number, [cell.strip()[:MAX_CELL] for cell in row], ""


def _joined(first: Iterable[str], rest: Iterable[str]) -> Iterator[str]:
    yield from first
    yield from rest
