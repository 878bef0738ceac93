"""How wide the columns of a sheet are, how high its heads, on how many pages side by side it is printed. Pure."""

import math
import textwrap
from collections.abc import Sequence
from typing import Final

from netaudit.places.columns import Column

# In characters, as spreadsheets count widths. A landscape page of A4 or Letter holds so many at four fifths of the
# size on the screen, which is still read at arm's length.
_PAGE: Final = 175
_LEAST: Final = 10
_HAND: Final = 16
_MOST: Final = 34
# By these a unit is known: never cut.
_MOST_OF_IDENTITY: Final = 48
_LINE: Final = 15


def widths(columns: Sequence[Column], longest: Sequence[int]) -> list[int]:
    """Return the width of each column. `longest`: length of the longest text in it.

    A column that is still empty is as wide as its heading needs on several lines, and as a hand needs that fills it.
    """
    return [_width(column, length) for column, length in zip(columns, longest, strict=True)]


def _width(column: Column, longest: int) -> int:
    word = max(map(len, column.label.split()), default=0) + 3
    room = _HAND if column.kind == "text" and not longest else _LEAST
    most = _MOST_OF_IDENTITY if column.group == "identity" else _MOST
    return max(room, min(most, max(word, longest + 2)))


def height_of(heads: Sequence[str], wide: Sequence[int]) -> int:
    """Return the height of a row of headings in points, each broken to the width of its column."""
    lines = (len(textwrap.wrap(head, max(1, width - 2))) for head, width in zip(heads, wide, strict=True))
    return _LINE * max(lines, default=1) + 3


def pages_wide(of_columns: Sequence[int], repeated: int) -> int:
    """Return how many pages side by side hold the columns, when the first `repeated` stand on every one."""
    head = sum(of_columns[:repeated])
    return max(1, math.ceil((sum(of_columns) - head) / (_PAGE - head)))
