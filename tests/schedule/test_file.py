"""schedule.toml: what was typed stays, mistakes are named by line."""

from datetime import UTC, datetime
from pathlib import Path

import pytest

from netaudit.errors import DataError, UsageError
from netaudit.schedule.alone import alone
from netaudit.schedule.file import add_job, read_schedule, remove_job
from tests.contracts.schemas import faults, toml

SINCE = datetime(2026, 11, 23, 10, 0, tzinfo=UTC)
JOB = '[[job]]\nname = "a"\ndo = "scan"\nscope = "scope.toml"\nwhen = "daily 02:30"\n'


def test_jobs_are_added_and_removed_and_comments_stay(tmp_path: Path) -> None:
    path = tmp_path / "schedule.toml"
    add_job(path, "nightly", "scan", Path("scope.toml"), "daily 02:30", SINCE, ["--profile", "gentle"])
    path.write_text(path.read_text() + "\n# the school is asked on Sundays only\n")
    add_job(path, "school", "scan", Path('odd "name".toml'), "sun 02:30", SINCE, [])
    add_job(path, "ear", "listen", Path("scope.toml"), "daily 07:00", SINCE, ["--for", "30m"])
    nightly, school, ear = read_schedule(path)
    assert faults("schedule", toml(path)) == []
    assert (nightly.options, nightly.since, nightly.out) == (
        ("--profile", "gentle"), SINCE, tmp_path / "netaudit-runs",
    )  # fmt: skip
    assert school.scope == tmp_path / 'odd "name".toml'
    assert ear.do == "listen"
    with pytest.raises(UsageError, match="a job 'ear' already"):
        add_job(path, "ear", "scan", Path("scope.toml"), "daily 02:30", SINCE, [])
    remove_job(path, "nightly")
    assert [job.name for job in read_schedule(path)] == ["school", "ear"]
    assert "# the school is asked on Sundays only" in path.read_text()
    remove_job(path, "ear")
    remove_job(path, "school")
    assert read_schedule(path) == ()
    with pytest.raises(UsageError, match="no job 'ear'"):
        remove_job(path, "ear")


@pytest.mark.parametrize(
    ("text", "message"),
    [
        (JOB + "[other]\n", r":6: has the unknown table \[other\]"),
        (JOB.replace("daily 02:30", "now and then"), r":5: when is 'now and then' \(expected \"daily 02:30\""),
        (JOB.replace('"scan"', '"destroy"'), r":3: do is 'destroy' \(expected one of scan, listen"),
        (JOB.replace('"a"', '"../a"'), r":2: name is '\.\./a'"),
        (JOB.replace('"scope.toml"', '"a\\nb"'), r":4: scope is 'a\\nb'"),
        (JOB + "since = 2026-11-23\n", r":6: since is "),
        (JOB + 'options = "-x"\n', r"options is '-x'"),
        (JOB + "extra = 1\n", r":6: unknown key 'extra'"),
        (JOB + JOB, r":7: there are two jobs 'a'"),
        ("job = 1\n", r"\[job\] is not a list"),
    ],
)
def test_a_mistake_is_named_by_its_line(tmp_path: Path, text: str, message: str) -> None:
    path = tmp_path / "schedule.toml"
    path.write_text(text)
    with pytest.raises(DataError, match=message):
        read_schedule(path)


def test_one_run_at_a_time_for_a_scope(tmp_path: Path) -> None:
    path = tmp_path / "schedule.toml"
    path.write_text(JOB + JOB.replace('"a"', '"b"') + JOB.replace('"a"', '"c"').replace("scan", "listen"))
    first, same, other = read_schedule(path)
    with alone(tmp_path, first, "first"):
        with alone(tmp_path, same, "same") as told:
            assert told == "first"
        with alone(tmp_path, other, "other") as told:
            assert told is None
    with alone(tmp_path, same, "same") as told:
        assert told is None
