"""Cells to values: what a person typed, in whatever locale, becomes one value or a problem; never a guess."""

import re
from datetime import date, datetime
from typing import Final

from netaudit.places.columns import Column

MAX_TEXT: Final = 2000
_NUMBER: Final = re.compile(r"[+-]?[0-9]{1,12}(?:[.,][0-9]{1,6})?")
_DAY: Final = re.compile(r"([0-9]{1,4})[./-]([0-9]{1,2})[./-]([0-9]{1,4})")
_YES: Final = frozenset({"yes", "y", "true", "1", "x", "ja", "oui", "si", "s\u00ed", "wahr", "vrai"})
_NO: Final = frozenset({"no", "n", "false", "0", "nein", "non", "nee", "falsch", "faux"})


class UnreadableError(ValueError):
    """A cell that does not hold what its column asks for; the text says what was expected."""


def value_of(cell: object, column: Column) -> str:
    """Return the value as it is kept: text, "12.5", "2027-01-31", a word of the list. Raises UnreadableError."""
    if cell is None or (isinstance(cell, str) and not cell.strip()):
        return ""
    reader = {"number": _number, "date": _date, "choice": _choice, "yes_no": _yes_no}.get(column.kind)
    return reader(cell, column) if reader else _text(cell)


def _text(cell: object) -> str:
    if isinstance(cell, datetime | date):
        return cell.isoformat()[:10]
    if isinstance(cell, float) and cell.is_integer():
        return str(int(cell))
    text = str(cell).strip()
    if len(text) > MAX_TEXT:
        raise UnreadableError(f"at most {MAX_TEXT} characters, not {len(text)}")
    return "".join(char for char in text if char.isprintable() or char == "\n")


def _number(cell: object, _: Column) -> str:
    if isinstance(cell, bool | datetime | date):
        raise UnreadableError("a number")
    if isinstance(cell, int | float):
        return _plain(f"{cell:.6f}")
    text = re.sub(r"[\s\u00a0\u202f']", "", str(cell))
    if not _NUMBER.fullmatch(text):
        raise UnreadableError("a number such as 2.5")
    if re.fullmatch(r"[+-]?[0-9]{1,3}[.,][0-9]{3}", text):
        raise UnreadableError("a number without separators of thousands: this can be read in two ways")
    return _plain(text.replace(",", "."))


def _plain(text: str) -> str:
    sign = "-" if text.startswith("-") else ""
    whole, _, rest = text.lstrip("+-").partition(".")
    rest = rest.rstrip("0")
    number = (whole.lstrip("0") or "0") + (f".{rest}" if rest else "")
    return sign + number if number != "0" else "0"


def _date(cell: object, _: Column) -> str:
    if isinstance(cell, datetime | date):
        return cell.isoformat()[:10]
    found = _DAY.fullmatch(str(cell).strip())
    if not found or isinstance(cell, bool | int | float):
        raise UnreadableError("a day such as 2027-01-31")
    first, second, third = found.groups()
    if len(first) == 4:
        return _day(first, second, third)
    if len(third) != 4:
        raise UnreadableError("a day with four digits for the year")
    if int(first) <= 12 and int(second) <= 12 and first != second and "." not in str(cell):
        raise UnreadableError("a day such as 2027-01-31: day and month can be read in two ways")
    # 31.12.2026 is written day first wherever points are used; 12/31/2026 can only be month first.
    return _day(third, first, second) if int(second) > 12 else _day(third, second, first)


def _day(year: str, month: str, day: str) -> str:
    try:
        return date(int(year), int(month), int(day)).isoformat()
    except ValueError as error:
        raise UnreadableError("a day that exists, such as 2027-01-31") from error


def _choice(cell: object, column: Column) -> str:
    text = _text(cell).casefold()
    for value in column.values:
        if value.casefold() == text:
            return value
    raise UnreadableError(f"one of {', '.join(column.values)}")


def _yes_no(cell: object, _: Column) -> str:
    text = _text(cell).casefold()
    if text in _YES:
        return "yes"
    if text in _NO:
        return "no"
    raise UnreadableError("yes or no")
