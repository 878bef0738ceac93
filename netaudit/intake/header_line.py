"""The line of a table that names its columns: where it is, what parts them, and names in one spelling."""

import csv
import re
from collections.abc import Sequence
from typing import Final, NamedTuple

MAX_COLUMNS: Final = 512
SEARCHED: Final = 20
"""How many lines from the top may hold the header."""
_DELIMITERS: Final = (",", ";", "\t", "|")
_NORMAL: Final = re.compile(r"[^a-z0-9]+")


class Header(NamedTuple):
    """The header line: where it is (from 0), what parts the columns, their names."""

    line: int
    delimiter: str
    names: tuple[str, ...]


def find_header(lines: Sequence[str]) -> Header | None:
    """Return the first line of the first ones that looks like a header: two names or more, none of them a number."""
    for number, line in enumerate(lines[:SEARCHED]):
        line = line.removeprefix("\ufeff")
        if line.startswith("#") and "," not in line:
            continue
        delimiter = max(_DELIMITERS, key=lambda sign: line.count(sign))
        names = _cells_of(line, delimiter)
        if len(names) > 1 and sum(_is_name(name) for name in names) >= max(2, len(names) * 2 // 3):
            return Header(number, delimiter, tuple(names[:MAX_COLUMNS]))
    return None


def normal(name: str) -> str:
    """Return a column's name without case, blanks and punctuation: "MAC-Address" and "mac address" are one."""
    return _NORMAL.sub("", name.lower())


def _cells_of(line: str, delimiter: str) -> list[str]:
    try:
        return [cell.strip() for cell in next(csv.reader([line], delimiter=delimiter), [])]
    except csv.Error:
        return []


def _is_name(text: str) -> bool:
    return bool(text) and len(text) <= 64 and text[0].isalpha() and not any(char in text for char in "{}<>=;")
