"""netaudit correct: kept with name and date, read by every verb that names devices, refused where it is too little."""

import json
from pathlib import Path

import pytest

from netaudit.cli import main
from netaudit.evidence.log import RunLog
from netaudit.evidence.observation import observe, to_line
from netaudit.evidence.run import RunInfo, write_run

AT = "2026-11-23T09:00:00.000Z"
MAC = "44:19:b6:01:02:03"
SCOPE = b"""[authorisation]
organisation = "O"
authorised_by = "P"
valid_from = 2026-01-01
valid_until = 2027-01-01
[[network]]
cidr = "192.0.2.0/24"
site = "HQ"
public = true
reason = "documentation range"
"""


@pytest.fixture
def folder(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    monkeypatch.setenv("NETAUDIT_STORE", str(tmp_path / "store" / "netaudit.db"))
    monkeypatch.setenv("XDG_CONFIG_HOME", str(tmp_path / "config"))
    monkeypatch.chdir(tmp_path)
    run = tmp_path / "run"
    with RunLog.create(run, SCOPE) as log:
        target = {"ip": "192.0.2.7", "site": "HQ", "mac": MAC}
        log.observation(observe("link.mac", AT, target, fields={"mac": MAC}))
    write_run(run, RunInfo(run="r1", version="0", started=AT, ended=AT, status="complete"))
    return run


def device(folder: Path, capsys: pytest.CaptureFixture[str], *more: str) -> dict[str, dict[str, str]]:
    capsys.readouterr()
    assert main(["identify", "--format", "jsonl", str(folder), *more]) == 0
    found: dict[str, dict[str, str]] = json.loads(capsys.readouterr().out)
    return found


def correct(folder: Path, *words: str) -> int:
    return main(["correct", "192.0.2.7", "--run", str(folder), *words])


def test_a_correction_is_kept_and_wins_everywhere(folder: Path, capsys: pytest.CaptureFixture[str]) -> None:
    assert device(folder, capsys)["maker"]["value"] == "hikvision"
    assert correct(folder, "--maker", "Axis", "--note", "type plate", "--by", "A. Person") == 0
    shown = capsys.readouterr()
    assert "typed by A. Person on " in shown.out
    assert "Contradiction: maker: " in shown.out
    named = device(folder, capsys)
    assert (named["maker"]["value"], named["maker"]["grade"]) == ("axis", "confirmed")
    assert named["maker"]["typed"].startswith("A. Person on ")
    assert named["contradictions"]
    assert main(["explain", "192.0.2.7", "--run", str(folder)]) == 0
    assert "type plate" in capsys.readouterr().out
    assert main(["report", "--run", str(folder)]) in (0, 1)
    assert "typed by A. Person on " in (folder / "report.html").read_text(encoding="utf-8")
    assert "A. Person on " in (folder / "report.csv").read_text(encoding="utf-8")


def test_the_run_keeps_the_statements_it_was_judged_with(folder: Path, tmp_path: Path) -> None:
    assert correct(folder, "--maker", "axis", "--by", "A. Person") == 0
    assert main(["report", "--run", str(folder), "--format", "json"]) in (0, 1)
    before = (folder / "report.json").read_bytes()
    (tmp_path / "store" / "corrections.jsonl").unlink()
    assert main(["report", "--run", str(folder), "--format", "json"]) in (0, 1)
    assert (folder / "report.json").read_bytes() == before
    assert b"A. Person on " in before


def test_statements_about_other_devices_do_not_come_into_a_run(folder: Path, tmp_path: Path) -> None:
    other = observe("typed.statement", AT, {"ip": "192.0.2.99"}, origin="typed", fields={"by": "x", "maker": "axis"})
    from netaudit.cli.corrections import append_correction

    append_correction(tmp_path / "store" / "corrections.jsonl", other)
    assert main(["report", "--run", str(folder), "--format", "json"]) in (0, 1)
    assert not (folder / "corrections.jsonl").exists()


def test_a_statement_can_be_taken_back_and_all_stay_in_the_file(
    folder: Path, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    assert correct(folder, "--maker", "axis", "--by", "A. Person") == 0
    assert correct(folder, "--withdraw", "--by", "B. Person") == 0
    assert device(folder, capsys)["maker"]["value"] == "hikvision"
    assert len((tmp_path / "store" / "corrections.jsonl").read_text(encoding="utf-8").splitlines()) == 2
    assert main(["correct", "--list"]) == 0
    listed = capsys.readouterr().out
    assert "maker axis" in listed
    assert "withdrawn" in listed


def test_a_chosen_file_is_used_instead(folder: Path, tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    chosen = tmp_path / "mine.jsonl"
    assert correct(folder, "--maker", "axis", "--by", "A. Person", "--corrections", str(chosen)) == 0
    assert device(folder, capsys)["maker"]["value"] == "hikvision"
    assert device(folder, capsys, "--corrections", str(chosen))["maker"]["value"] == "axis"


@pytest.mark.parametrize(
    ("words", "message"),
    [
        (["--maker", "axis"], "--by NAME"),
        (["--by", "A. Person"], "say what it is"),
        (["--by", "A. Person", "--maker", "axis", "--withdraw"], "not both"),
        (["--by", "A. Person", "--maker", "axos"], "did you mean axis"),
        (["--by", "A. Person", "--brand", "zzzz"], "no brand 'zzzz'"),
    ],
)
def test_too_little_or_unknown_is_refused_and_nothing_is_kept(
    words: list[str], message: str, folder: Path, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    assert correct(folder, *words) == 2
    assert message in capsys.readouterr().err
    assert not (tmp_path / "store" / "corrections.jsonl").exists()


@pytest.fixture
def foreign(tmp_path: Path) -> Path:
    path = tmp_path / "foreign.jsonl"
    line = {"v": 1, "kind": "link.mac", "at": AT, "target": {"ip": "192.0.2.1"}, "fields": {"mac": MAC}}
    path.write_text(json.dumps(line) + "\n", encoding="utf-8")
    return path


def test_a_file_of_other_evidence_is_no_corrections_file(
    folder: Path, foreign: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    assert main(["identify", str(folder), "--corrections", str(foreign)]) == 2
    assert "foreign.jsonl:1: holds a link.mac" in capsys.readouterr().err


@pytest.mark.parametrize(
    "at", ["tomorrow", "2026-11-23", "2026-11-23 09:00:00Z", "2026-13-41T09:00:00Z", "２026-11-23T09:00:00Z"]
)
def test_a_statement_without_a_moment_is_refused_with_its_line(
    folder: Path, capsys: pytest.CaptureFixture[str], at: str
) -> None:
    statement = observe("typed.statement", at, {"ip": "192.0.2.7"}, origin="typed", fields={"by": "A", "maker": "axis"})
    path = folder.parent / "typed.jsonl"
    path.write_text(to_line(statement) + "\n")
    assert main(["identify", "--format", "jsonl", str(folder), "--corrections", str(path)]) == 2
    assert "typed.jsonl:1: at is " in capsys.readouterr().err
