"""A run knows the planning file that it was planned by: judged again elsewhere, its plan keeps periods and money."""

import json
from pathlib import Path
from typing import Any

import pytest

from netaudit.cli import main
from tests.cli.quick import remember
from tests.plan.small_run import small_run

PLANNING = """\
[plan]
currency = "EUR"
[periods]
first = 2027-01-01
count = 2
length = "quarter"
budget = 900
crews = 1
[[prices]]
file = "bought here/Preise 2026.csv"
currency = "EUR"
date = 2026-11-01
source = "quote 12"
[[prices]]
file = "catalogue"
format = "camera-database"
"""
PRICES = "model,maker,type,form_factor,megapixels,price\nB4,Axis,camera,bullet,4,500\n"
CAMERA = {"brand": "Axis", "model": "P8", "type": "Bullet", "resolution": {"megapixels": 8}, "environment": ["outdoor"]}


@pytest.fixture
def elsewhere(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """A run that was planned by a planning file; the working folder is then another, and that file is gone."""
    work = tmp_path / "work"
    (work / "bought here").mkdir(parents=True)
    (work / "catalogue").mkdir()
    remember(monkeypatch, work)
    Path("planning.toml").write_text(PLANNING, encoding="utf-8")
    Path("bought here/Preise 2026.csv").write_text(PRICES, encoding="utf-8")
    Path("catalogue/p8.json").write_text(json.dumps(CAMERA), encoding="utf-8")
    run = small_run(tmp_path / "run")
    assert main(["report", "--run", str(run)]) == 1
    assert plan_of(run)["timetable"]["priced"] == 1
    (tmp_path / "elsewhere").mkdir()
    monkeypatch.chdir(tmp_path / "elsewhere")
    work.rename(tmp_path / "gone")
    return run


def plan_of(run: Path) -> dict[str, Any]:
    plan: dict[str, Any] = json.loads((run / "plan.json").read_text(encoding="utf-8"))
    return plan


def test_a_run_judged_again_in_another_folder_keeps_its_plan(
    elsewhere: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    before = plan_of(elsewhere)
    correct = ["correct", "192.0.2.10", "--maker", "hikvision", "--by", "A. Person", "--run", str(elsewhere)]
    assert main(correct) == 0
    assert main(["report", "--run", str(elsewhere)]) == 1
    after = plan_of(elsewhere)
    assert after["timetable"]["units"] == before["timetable"]["units"] + 1
    assert after["timetable"]["priced"] == before["timetable"]["priced"]
    assert str(elsewhere / "planned") in capsys.readouterr().err
    assert main(["plan", "--run", str(elsewhere), "--format", "json"]) == 0
    assert json.loads(capsys.readouterr().out) == after


def test_a_planning_file_that_is_there_comes_first(elsewhere: Path) -> None:
    Path("planning.toml").write_text(PLANNING[: PLANNING.index("[[prices]]")].replace("900", "100"), encoding="utf-8")
    assert main(["report", "--run", str(elsewhere)]) == 1
    assert {period["budget"] for period in plan_of(elsewhere)["timetable"]["periods"]} == {10_000}
    # What the run was planned by before is not left beside it.
    assert [path.name for path in (elsewhere / "planned").rglob("*") if path.is_file()] == ["planning.toml"]
    Path("planning.toml").unlink()
    assert main(["report", "--run", str(elsewhere)]) == 1
    assert {period["budget"] for period in plan_of(elsewhere)["timetable"]["periods"]} == {10_000}
