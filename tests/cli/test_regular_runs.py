"""The page on regular runs: each of its commands, in order; then what a turn does when something is in its way."""

import json
import re
import shlex
import subprocess
import sys
import time
from collections.abc import Iterator
from datetime import timedelta
from pathlib import Path

import pytest
from sqlalchemy import select

from netaudit.cli import main
from netaudit.cli.tell import post_news
from netaudit.clock import now
from netaudit.notice.settings import read_settings
from netaudit.schedule.alone import alone
from netaudit.schedule.file import read_schedule
from netaudit.store import turns
from netaudit.store.outbox import News
from netaudit.store.schema_told import EventRow, TurnRow
from netaudit.store.store import Store
from tests.cli.quick import remember
from tests.cli.small_run import make_run
from tests.notice.servers import RFC5424, Lines, log_server, web_server

PAGE = Path(__file__).parents[2] / "docs" / "how-to" / "regular-runs.md"
SCOPE = """\
[authorisation]
organisation = "School"
authorised_by = "A. Sample"
valid_from = 2020-01-01
valid_until = {until}
[[network]]
cidr = "127.201.9.1/32"
site = "HQ"
"""
CONTRACTOR = """\
[owner]
organisation = "City of Example"
jurisdictions = "US"
us_prime_contractor = "yes"
purpose_of_use = "government_facility"
provided_to_us_government = "no"
"""


@pytest.fixture(autouse=True)
def _folder(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    remember(monkeypatch, tmp_path)
    Path("scope.toml").write_text(SCOPE.format(until="2099-01-01"))


@pytest.fixture
def logs() -> Iterator[Lines]:
    with log_server("udp") as book:
        yield book


def name_channel(book: Lines) -> None:
    with Path("notices.toml").open("a") as file:
        file.write(f'\n[[syslog]]\nname = "logs"\nserver = "127.0.0.1"\nport = {book.port}\n')


def name_hook(url: str) -> None:
    text = f'[[webhook]]\nname = "desk"\nurl = "{url}"\nplain = true\nsource = "file:key"\n'
    Path("notices.toml").write_text("[retry]\nseconds = [0]\n" + text)
    Path("key").write_text("a key")
    Path("key").chmod(0o600)


def outcomes() -> list[str]:
    with Store() as store, store.reading() as session:
        return [row.outcome for row in session.scalars(select(TurnRow).order_by(TurnRow.id))]


def test_each_command_of_the_page_works(logs: Lines, capsys: pytest.CaptureFixture[str]) -> None:
    lines = re.findall(r"^ {4}(netaudit [^\n]+)$", PAGE.read_text(encoding="utf-8"), re.MULTILINE)
    assert len(lines) == 14
    for line in lines:
        assert main(shlex.split(line)[1:]) == 0, (line, capsys.readouterr().err)
        if line == "netaudit notices init":
            name_channel(logs)
    assert b"a test of the notices" in logs.wait(1)[0]
    assert outcomes() == ["done"]
    with Store() as store:
        [run] = store.runs()
        assert run.status == "complete"
        assert Path(run.folder).parent == Path("netaudit-runs").resolve()
    assert {path.name for path in Path("system").iterdir()} >= {"netaudit-nightly.timer", "netaudit-morning.service"}
    assert main(["schedule", "remove", "nightly"]) == 0
    assert main(["schedule", "run", "nightly"]) == 2
    assert "there is no job 'nightly': morning" in capsys.readouterr().err


def test_the_toml_of_the_page_can_be_read(tmp_path: Path) -> None:
    [text] = re.findall(r"```toml\n(.*?)```", PAGE.read_text(encoding="utf-8"), re.DOTALL)
    path = tmp_path / "page.toml"
    path.write_text(text)
    assert read_settings(path).channels[0].targets == ("it@example.org",)


def job(options: str = "", since: str = "") -> None:
    text = '[[job]]\nname = "nightly"\ndo = "scan"\nscope = "scope.toml"\nwhen = "hourly :00"\n'
    Path("schedule.toml").write_text(text + (f"since = {since}\n" if since else "") + options)


def test_a_run_that_is_at_work_is_not_started_twice(capsys: pytest.CaptureFixture[str]) -> None:
    job()
    [nightly] = read_schedule(Path("schedule.toml"))
    with Store() as store, alone(store.place.folder, nightly, "the first"):
        assert main(["schedule", "run", "nightly"]) == 1
    assert "Not started: the first is at work" in capsys.readouterr().err
    assert outcomes() == ["overlapped"]
    assert not Path("netaudit-runs").exists()


def test_a_killed_run_lets_go_and_is_called_broken(capsys: pytest.CaptureFixture[str]) -> None:
    job()
    Path("scope.toml").write_text(SCOPE.format(until="2099-01-01").replace("127.201.9.1/32", "127.201.8.0/22"))
    command = [sys.executable, "-m", "netaudit", "schedule", "run", "nightly"]
    with subprocess.Popen(command, stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL) as process:
        deadline = time.monotonic() + 120
        while not list(Path().glob("netaudit-runs/*/run.json")):
            assert process.poll() is None
            assert time.monotonic() < deadline
            time.sleep(0.05)
        assert main(["schedule", "run", "nightly"]) == 1
        assert "Not started: nightly of " in capsys.readouterr().err
        process.kill()
    Path("scope.toml").write_text(SCOPE.format(until="2020-01-02"))
    assert main(["schedule", "run", "nightly"]) == 2
    assert outcomes() == ["broken", "overlapped", "failed"]


def test_a_mistake_in_the_notices_costs_no_run(capsys: pytest.CaptureFixture[str]) -> None:
    job()
    Path("notices.toml").write_text("[tells]\n")
    Path("scope.toml").write_text(SCOPE.format(until="2020-01-02"))
    assert main(["schedule", "run", "nightly"]) == 2
    assert "notices.toml:1: has the unknown table [tells]" in capsys.readouterr().err
    assert outcomes() == ["failed"]


def test_what_failed_was_missed_or_broke_off_is_told_once(logs: Lines, capsys: pytest.CaptureFixture[str]) -> None:
    Path("notices.toml").write_text("[retry]\nseconds = []\n")
    name_channel(logs)
    Path("scope.toml").write_text(SCOPE.format(until="2020-01-02"))
    begun = now() - timedelta(hours=6)
    job(since=f"{begun:%Y-%m-%dT%H:%M:%SZ}")
    assert main(["schedule"]) == 1
    assert re.search(r"never .* [56]$", capsys.readouterr().out.strip())
    # The permission has ended: nothing is sent, and people hear of it.
    assert main(["schedule", "run", "nightly"]) == 2
    texts = [match["text"].decode() for match in map(RFC5424.fullmatch, logs.wait(2)) if match]
    assert re.search(r"nightly was missed [56] times, last due ", texts[0])
    assert re.search(r"nightly of .* failed: .*2020-01-02", texts[1])
    assert main(["schedule"]) == 1
    assert "failed" in capsys.readouterr().out
    with Store() as store, store.writing() as session:
        [row] = session.scalars(select(TurnRow))
        turns.begin(session, row.place, row.job, "", "2026-11-23T00:00:00.000Z", 0)
    assert main(["schedule", "run", "nightly"]) == 2
    assert outcomes() == ["failed", "broken", "failed"]
    # The same failure again is no news.
    last = RFC5424.fullmatch(logs.wait(3)[2])
    assert last
    assert b"ended without a word" in last["text"]


@pytest.mark.parametrize(
    ("options", "message"),
    [
        ("--dry-run", "without --dry-run and --resume"),
        ("--resume", "without --dry-run and --resume"),
        ("--scope other.toml", "not for its options"),
        ("--out here", "not for its options"),
        ("--format jsonl", "not for its options"),
        ("--nonsense", "are not those of `netaudit scan`: .*--nonsense"),
    ],
)
def test_options_that_fit_no_regular_run_stay_out_of_the_file(
    options: str, message: str, capsys: pytest.CaptureFixture[str]
) -> None:
    assert main(["schedule", "add", "nightly", "daily 02:30", f"--options={options}"]) == 2
    assert re.search(message, capsys.readouterr().err)
    assert not Path("schedule.toml").exists()


def test_a_unit_that_has_to_go_is_told_once_whoever_sees_it(capsys: pytest.CaptureFixture[str]) -> None:
    with web_server() as book:
        name_hook(book.url)
        for day, without in ((20, ("10.20.0.2",)), (21, ()), (22, ())):
            folder = _run(day, without)
            assert main(["runs", "import", str(folder)]) == 0
            assert main(["notices", "check"]) == 0
        told = [body for _, _, body in book.taken]
        assert main(["notices", "check", "--run", "run-21"]) == 0
        assert len(book.taken) == len(told)
    assert sum(b'"kind": "new"' in body for body in told) == 1
    assert b"10.20.0.2" in b"".join(told)
    capsys.readouterr()
    assert main(["notices", "events", "--format", "jsonl"]) == 0
    assert '"kind": "new"' in capsys.readouterr().out
    assert main(["notices"]) == 0


def _run(day: int, without: tuple[str, ...]) -> Path:
    folder = make_run(Path(f"run-{day}"), owner=CONTRACTOR)
    info = json.loads((folder / "run.json").read_text())
    started = f"2026-11-{day}T08:00:00.000Z"
    (folder / "run.json").write_text(json.dumps({**info, "run": folder.name, "started": started}))
    lines = (folder / "observations.jsonl").read_text().splitlines(keepends=True)
    kept = [line for line in lines if not any(json.loads(line)["target"]["ip"] == address for address in without)]
    (folder / "observations.jsonl").write_text("".join(kept))
    assert main(["report", "--run", str(folder), "--format", "json"]) in (0, 1)
    return folder


def test_a_dead_letter_is_listed_until_it_is_sent(capsys: pytest.CaptureFixture[str]) -> None:
    with web_server() as book:
        name_hook(book.url)
        book.answers = [(500, "")] * 2
        with Store() as store:
            news = [News("failed", ("x",), {"job": "nightly", "started": "2026-11-23", "why": "no reason"})]
            assert post_news(store, read_settings(Path("notices.toml")), news, "", "School") == 1
            with store.reading() as session:
                assert session.scalars(select(EventRow)).one().details["organisation"] == "School"
        assert main(["notices", "send"]) == 1
        assert main(["notices"]) == 1
        shown = capsys.readouterr()
        assert "500 Internal Server Error" in shown.out
        assert "1 dead letters" in shown.err
        assert main(["notices", "retry", "seven"]) == 2
        assert main(["notices", "retry", "1"]) == 0
        assert main(["notices"]) == 0
    assert len(book.taken) == 3
