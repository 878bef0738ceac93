"""When a job is due: a few words of a person, to moments, to systemd's calendar and to cron. Pure.

    hourly :15            every hour, at minute 15
    daily 02:30           every day
    mon,thu 02:30         on these days of the week
    monthly 1 02:30       on this day of the month (1 to 28, so that every month has it)

Times are of the machine's own zone, as those of systemd and cron are.
"""

import re
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import UTC, date, datetime, time, timedelta, tzinfo
from typing import Final

EXPECTED: Final = '"daily 02:30", "mon,thu 02:30", "monthly 1 02:30" or "hourly :15"'
_DAYS: Final = ("mon", "tue", "wed", "thu", "fri", "sat", "sun")
_HOURLY: Final = re.compile(r"hourly :([0-5]\d)")
_AT: Final = re.compile(r"(daily|monthly ([1-9]|1\d|2[0-8])|[a-z]{3}(?:,[a-z]{3}){0,6}) ([01]\d|2[0-3]):([0-5]\d)")


@dataclass(frozen=True, slots=True)
class When:
    """`hour`: None for every hour. `weekdays`: Monday is 0, empty for all. `day`: of the month, None for all."""

    text: str
    minute: int
    hour: int | None = None
    weekdays: tuple[int, ...] = ()
    day: int | None = None


def parse_when(text: str) -> When:
    """Read the words of a person. Raises ValueError where they say no time."""
    words = " ".join(text.lower().split())
    if found := _HOURLY.fullmatch(words):
        return When(words, int(found[1]))
    found = _AT.fullmatch(words)
    if not found:
        raise ValueError(text)
    hour, minute = int(found[3]), int(found[4])
    if found[2]:
        return When(words, minute, hour, day=int(found[2]))
    if found[1] == "daily":
        return When(words, minute, hour)
    # An unknown name of a day raises ValueError as well.
    return When(words, minute, hour, tuple(sorted({_DAYS.index(day) for day in found[1].split(",")})))


def due(when: When, after: datetime, zone: tzinfo | None = None) -> Iterator[datetime]:
    """Yield the moments after `after` (aware) on which the job is due, in UTC, without end. `zone`: the machine's."""
    if when.hour is None:
        moment = after.astimezone(zone).replace(minute=when.minute, second=0, microsecond=0).astimezone(UTC)
        while True:
            if moment > after:
                yield moment
            moment += timedelta(hours=1)
    day = after.astimezone(zone).date()
    while True:
        if _fits(when, day):
            moment = _moment(day, time(when.hour, when.minute), zone)
            if moment > after:
                yield moment
        day += timedelta(days=1)


def calendar(when: When) -> str:
    """Return the OnCalendar expression of systemd."""
    if when.hour is None:
        return f"*-*-* *:{when.minute:02}:00"
    days = ",".join(_DAYS[day].title() for day in when.weekdays)
    return f"{days} *-*-{f'{when.day:02}' if when.day else '*'} {when.hour:02}:{when.minute:02}:00".strip()


def cron(when: When) -> str:
    """Return the five fields of a crontab."""
    days = ",".join(str(day + 1) for day in when.weekdays) or "*"
    return f"{when.minute} {'*' if when.hour is None else when.hour} {when.day or '*'} * {days}"


def _fits(when: When, day: date) -> bool:
    return (not when.weekdays or day.weekday() in when.weekdays) and when.day in (None, day.day)


def _moment(day: date, at: time, zone: tzinfo | None) -> datetime:
    local = datetime.combine(day, at)
    return (local.replace(tzinfo=zone) if zone else local.astimezone()).astimezone(UTC)
