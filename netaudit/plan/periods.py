"""The periods of a plan: months, quarters, half years or years in a row, named for people."""

from dataclasses import replace
from datetime import date, timedelta
from typing import Final

from netaudit.plan.project import Period

LENGTHS: Final = ("month", "quarter", "half", "year")
_MONTHS: Final = {"month": 1, "quarter": 3, "half": 6, "year": 12}


def make_periods(first: str, count: int, length: str, usual: Period) -> tuple[Period, ...]:
    """Return `count` periods from an ISO day on, each like `usual`. A first day inside a month stays that day."""
    start, rows = date.fromisoformat(first), []
    for number in range(count):
        begin = _later(start, number * _MONTHS[length])
        end = _later(start, (number + 1) * _MONTHS[length]) - timedelta(days=1)
        rows.append(replace(usual, name=_name(begin, length), start=begin.isoformat(), end=end.isoformat()))
    return tuple(rows)


def _later(day: date, months: int) -> date:
    year, month = divmod(day.year * 12 + day.month - 1 + months, 12)
    # 31 January and a month: the last day that February has.
    last = (date(year + (month == 11), (month + 1) % 12 + 1, 1) - timedelta(days=1)).day
    return date(year, month + 1, min(day.day, last))


def _name(begin: date, length: str) -> str:
    if begin.day != 1 or (begin.month - 1) % _MONTHS[length]:
        return f"from {begin.isoformat()}"
    if length == "month":
        return f"{begin.year}-{begin.month:02}"
    if length == "year":
        return str(begin.year)
    letter = "Q" if length == "quarter" else "H"
    return f"{begin.year} {letter}{(begin.month - 1) // _MONTHS[length] + 1}"
