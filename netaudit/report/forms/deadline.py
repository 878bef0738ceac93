"""The clock of a report duty: from discovery to the moment when the report is due."""

from datetime import UTC, date, datetime, timedelta

from netaudit.report.forms.definition import Form

_SATURDAY = 5


def due(form: Form, discovered: datetime, part_1: datetime | None = None) -> datetime | None:
    """Return when the report is due, None for a form without a clock. Times keep the zone of `discovered`.

    Business days leave out Saturdays and Sundays only: federal holidays would make it later, never earlier, so what is
    returned is on the safe side. A second part runs from when the first was sent, or from when that was due.
    """
    if form.starts == "none":
        return None
    start = discovered
    if form.starts == "part_1":
        start = part_1 or end_of(business_day(discovered.date(), 1), discovered)
    if form.business_days:
        return end_of(business_day(start.date(), form.business_days), start)
    return start + timedelta(hours=form.hours)


def told(moment: datetime) -> str:
    """Write a moment for people: "2026-11-23 09:00 UTC", "2026-11-23 09:00 -05:00"."""
    zone = "UTC" if moment.utcoffset() == UTC.utcoffset(None) else moment.isoformat()[-6:]
    return f"{moment:%Y-%m-%d %H:%M} {zone}"


def business_day(start: date, count: int) -> date:
    """Return the day that is `count` days from Monday to Friday after the start."""
    day = start
    while count:
        day += timedelta(days=1)
        count -= day.weekday() < _SATURDAY
    return day


def end_of(day: date, like: datetime) -> datetime:
    """Return the last minute of a day, in the zone of another moment."""
    return datetime(day.year, day.month, day.day, 23, 59, tzinfo=like.tzinfo)
