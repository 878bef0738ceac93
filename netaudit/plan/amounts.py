"""Figures as people write them: money, days and watts to whole hundredths and back. Never through a float."""

import re
from datetime import date
from decimal import Decimal, InvalidOperation
from typing import Final

_NUMBER: Final = re.compile(r"[+-]?[0-9]{1,12}(?:[.][0-9]{1,6})?")
_GROUPED: Final = re.compile(r"(?<=\d)[ \u00a0\u202f'](?=\d{3}(?:\D|$))")
CURRENCY: Final = re.compile(r"[A-Z]{3}")


def hundredths(text: str, decimal: str = ".") -> int | None:
    """Read "1,234.50" (decimal point) or "1.234,50" (decimal comma) as 123450; None where it is no such number.

    A separator that stands where it cannot be one of thousands makes the text unreadable rather than another number.
    """
    thousands = "," if decimal == "." else "."
    plain = _GROUPED.sub("", text.strip())
    if thousands in plain:
        whole, _, rest = plain.partition(decimal)
        parts = whole.lstrip("+-").split(thousands)
        if thousands in rest or not 1 <= len(parts[0]) <= 3 or any(len(part) != 3 for part in parts[1:]):
            return None
        plain = plain.replace(thousands, "")
    plain = plain.replace(decimal, ".")
    if not _NUMBER.fullmatch(plain):
        return None
    try:
        return int((Decimal(plain) * 100).to_integral_value())
    except InvalidOperation:
        return None


def money(low: int, high: int | None = None, currency: str = "") -> str:
    """Write an amount or a range: "1,200.00 EUR", "1,200.00\u20131,500.00 EUR"."""
    words = plain(low) if high is None or high == low else f"{plain(low)}\u2013{plain(high)}"
    return f"{words} {currency}".rstrip()


def highest(text: str) -> int | None:
    """Read the upper end of what `money` wrote, in hundredths; None where it holds no amount."""
    return hundredths(text.rpartition("\u2013")[2].partition(" ")[0]) if text else None


def plain(amount: int) -> str:
    """Write hundredths as a number with separators of thousands; hundredths only where there are any."""
    sign, rest = ("-" if amount < 0 else ""), abs(amount)
    return f"{sign}{rest // 100:,}" + (f".{rest % 100:02}" if rest % 100 else "")


def overlap(first: tuple[str, str], second: tuple[str, str]) -> int:
    """Return how many days two stretches of ISO days share, ends included."""
    start, end = max(first[0], second[0]), min(first[1], second[1])
    return 0 if start > end else (date.fromisoformat(end) - date.fromisoformat(start)).days + 1
