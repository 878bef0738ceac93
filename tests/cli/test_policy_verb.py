"""netaudit policy check, diff and exclude, as a user calls them."""

import json
import shutil
from pathlib import Path

import pytest

from netaudit.cli import main
from netaudit.data import data_folder
from tests.plan.small_run import small_run

FOLDER = data_folder("signatures") / "policies"


def changed_set(folder: Path) -> Path:
    """A set in which Part B no longer names Hikvision and one policy is gone."""
    shutil.copytree(FOLDER, folder)
    path = folder / "US-NDAA19-889B.toml"
    text = path.read_text(encoding="utf-8")
    path.write_text(text.replace('maker = "hikvision"', 'maker = "tiandy"'), encoding="utf-8")
    (folder / "NZ-NONE-2023.toml").unlink()
    return folder


def test_diff_names_what_changed_and_what_turns(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    old, run = changed_set(tmp_path / "old"), small_run(tmp_path / "run")
    owner = str(run / "owner.toml")
    assert main(["policy", "diff", str(old), "--run", str(run), "--owner", owner]) == 1
    shown = capsys.readouterr()
    assert "  NZ-NONE-2023: added:" in shown.out
    assert "* US-NDAA19-889B: entities: Hangzhou Hikvision Digital Technology" in shown.out
    assert "not_covered  covered" in shown.out
    assert "2 verdicts of the run turn" in shown.err


def test_diff_of_equal_sets_is_quiet(capsys: pytest.CaptureFixture[str]) -> None:
    assert main(["policy", "diff", str(FOLDER), "--format", "json"]) == 0
    assert json.loads(capsys.readouterr().out) == {"changes": [], "verdicts": []}


def test_check_shows_how_a_run_stands(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    run = small_run(tmp_path / "run")
    words = ["policy", "check", "--run", str(run), "--owner", str(run / "owner.toml"), "--format", "json"]
    assert main(words) == 1
    shown = json.loads(capsys.readouterr().out)
    rows = {row["policy"]: row for row in shown["standing"]}
    assert rows["US-NDAA19-889B"]["means"] == "binds"
    assert rows["US-NDAA19-889B"]["counts"]["covered"] == 3
    assert rows["US-BIS-EL-2019-10"]["means"] == "information"
    assert any(item["policy"] == "JP-PROCUREMENT-2018" for item in shown["remarks"])


def test_a_broken_policy_is_named_by_file_and_line(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    folder = changed_set(tmp_path / "mine")
    path = folder / "AU-GOV-2023.toml"
    path.write_text(path.read_text(encoding="utf-8").replace("duty = true", 'duty = "maybe"'), encoding="utf-8")
    assert main(["policy", "check", "--policies", str(folder)]) == 2
    assert "AU-GOV-2023.toml:7: duty is 'maybe'" in capsys.readouterr().err


def test_an_exclusion_needs_reason_name_and_day(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    monkeypatch.chdir(tmp_path)
    owner = tmp_path / "owner.toml"
    owner.write_text("# my own remark\n[owner]\n", encoding="utf-8")
    assert main(["policy", "exclude", "d-1", "--reason", "bench", "--by", "A. Person"]) == 2
    assert "--until is missing" in capsys.readouterr().err
    words = ["policy", "exclude", "d-1", "--reason", 'the "bench"', "--by", "A. Person", "--until"]
    assert main([*words, "2020-01-01"]) == 2
    assert "has passed" in capsys.readouterr().err
    assert main([*words, "2099-01-01"]) == 0
    text = owner.read_text(encoding="utf-8")
    assert text.startswith("# my own remark\n[owner]\n")
    assert text.count("[[exclusion]]") == 1
    assert 'reason = "the \\"bench\\""' in text
