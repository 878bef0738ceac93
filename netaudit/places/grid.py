"""A sheet as it was read, before anything is believed of it: cells with their place, formulas and merges marked."""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field


@dataclass(frozen=True, slots=True)
class Read:
    """One cell. `value`: text, number, day or None. `formula`: its text was a formula; nothing of it was run."""

    value: object
    formula: bool = False
    merged: bool = False


@dataclass(frozen=True, slots=True)
class Grid:
    """One sheet of a file. `head`: column number (from 1) to heading; `rows`: row number to column number to cell."""

    sheet: str
    title: str
    head: Mapping[int, str]
    rows: Mapping[int, Mapping[int, Read]] = field(default_factory=dict)

    def at(self, row: int, column: int) -> str:
        """Return the name of a cell as people know it, e.g. "Schedule!F7"."""
        return f"{self.title}!{letters(column)}{row}"


def letters(column: int) -> str:
    """Return the letters of a column number: 1 is A, 27 is AA."""
    text = ""
    while column:
        column, rest = divmod(column - 1, 26)
        text = chr(ord("A") + rest) + text
    return text


def heading_row(rows: Sequence[tuple[int, Mapping[int, Read]]], known: "HeadingTest") -> int | None:
    """Return the number of the row with most known headings, of the first twenty; None where no row has two."""
    best, most = None, 1
    for number, cells in rows[:20]:
        hits = sum(known(cell.value) for cell in cells.values() if isinstance(cell.value, str))
        if hits > most:
            best, most = number, hits
    return best


class HeadingTest:
    """Says whether a text is a heading of a sheet."""

    def __init__(self, headings: Iterator[str]) -> None:
        self._known = {_plain(text) for text in headings}

    def __call__(self, text: str) -> bool:
        """Compare without case, blanks and signs."""
        return _plain(text) in self._known


def _plain(text: str) -> str:
    return "".join(char for char in text.casefold() if char.isalnum())
