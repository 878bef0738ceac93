"""When a job is due: the words, the moments (also when the clocks change), systemd's and cron's way to say it."""

import re
import shutil
import subprocess
from datetime import UTC, datetime
from itertools import islice
from zoneinfo import ZoneInfo

import pytest

from netaudit.schedule.when import calendar, cron, due, parse_when

BERLIN = ZoneInfo("Europe/Berlin")


def moments(text: str, after: datetime, count: int) -> list[str]:
    return [f"{moment:%m-%d %H:%M}" for moment in islice(due(parse_when(text), after, UTC), count)]


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("daily 02:30", ["11-24 02:30", "11-25 02:30", "11-26 02:30"]),
        ("daily 12:00", ["11-24 12:00", "11-25 12:00", "11-26 12:00"]),
        ("Mon, thu 02:30".replace(", ", ","), ["11-26 02:30", "11-30 02:30", "12-03 02:30"]),
        ("monthly 1 23:59", ["12-01 23:59", "01-01 23:59", "02-01 23:59"]),
        ("hourly :15", ["11-23 12:15", "11-23 13:15", "11-23 14:15"]),
        ("hourly :00", ["11-23 13:00", "11-23 14:00", "11-23 15:00"]),
    ],
)
def test_the_moments_after_a_monday_noon(text: str, expected: list[str]) -> None:
    assert moments(text, datetime(2026, 11, 23, 12, 0, tzinfo=UTC), 3) == expected


def test_a_time_of_day_stays_when_the_clocks_change() -> None:
    found = islice(due(parse_when("daily 02:30"), datetime(2026, 10, 24, 12, 0, tzinfo=UTC), BERLIN), 3)
    assert [moment.astimezone(BERLIN).strftime("%d %H:%M") for moment in found] == ["25 02:30", "26 02:30", "27 02:30"]
    # Once a day also where that time is there twice or, in spring, not at all.
    spring = list(islice(due(parse_when("daily 02:30"), datetime(2027, 3, 27, 12, 0, tzinfo=UTC), BERLIN), 2))
    assert [moment.astimezone(BERLIN).day for moment in spring] == [28, 29]


@pytest.mark.parametrize(
    "text",
    ["", "daily", "daily 24:00", "daily 2:30", "mon 02:60", "xyz 02:30", "monthly 29 02:30", "hourly 15"],
)
def test_what_is_no_time_is_refused(text: str) -> None:
    with pytest.raises(ValueError, match="not in|^" + re.escape(text) + "$"):
        parse_when(text)


@pytest.mark.parametrize(
    ("text", "line"),
    [
        ("daily 02:30", "30 2 * * *"),
        ("mon,sun 02:05", "5 2 * * 1,7"),
        ("monthly 28 00:00", "0 0 28 * *"),
        ("hourly :15", "15 * * * *"),
    ],
)
def test_cron(text: str, line: str) -> None:
    assert cron(parse_when(text)) == line


@pytest.mark.skipif(not shutil.which("systemd-analyze"), reason="needs systemd-analyze (Debian's package systemd)")
@pytest.mark.parametrize("text", ["daily 02:30", "mon,thu 02:30", "monthly 1 02:30", "hourly :15"])
def test_systemd_means_the_same_moments(text: str) -> None:
    when = parse_when(text)
    command = ["systemd-analyze", "calendar", "--base-time=2026-11-23 12:00:00 UTC", "--iterations=4", calendar(when)]
    done = subprocess.run(command, capture_output=True, text=True, check=True, env={"TZ": "UTC", "LC_ALL": "C"})
    told = [" ".join(line.split()[-3:-1])[5:16] for line in done.stdout.splitlines() if line.endswith("UTC")]
    assert moments(text, datetime(2026, 11, 23, 12, 0, tzinfo=UTC), 4) == told
