"""netaudit diff and progress on real runs: exit status, alarm, and the order of runs."""

import json
import shutil
from pathlib import Path

import pytest

from netaudit.cli import main
from netaudit.evidence.log import RunLog
from netaudit.evidence.run import RunInfo, write_run
from tests.cli.small_run import OWNER, SCOPE, observations


@pytest.fixture(autouse=True)
def _alone(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.chdir(tmp_path)
    for name in ("XDG_DATA_HOME", "XDG_CONFIG_HOME", "NETAUDIT_STORE"):
        monkeypatch.setenv(name, str(tmp_path / "xdg"))


def _run(day: int, *without: str) -> str:
    folder = Path(f"run-{day}")
    with RunLog.create(folder, SCOPE) as log:
        for item in observations():
            if item.target["ip"] not in without:
                log.observation(item)
        info = RunInfo(folder.name, "0.1.0", f"2026-11-{day}T08:00:00.000Z", f"2026-11-{day}T08:10:00.000Z", "complete")
        write_run(folder, info)
    (folder / "owner.toml").write_text(OWNER)
    assert main(["report", "--run", str(folder), "--format", "json"]) in (0, 1)
    return folder.name


def test_gone_and_back(capsys: pytest.CaptureFixture[str]) -> None:
    first, second, third = _run(20), _run(21, "10.20.0.2", "10.20.0.3"), _run(22, "10.20.0.3")
    capsys.readouterr()
    assert main(["diff", first, second]) == 0
    assert "Gone" in capsys.readouterr().out
    status = main(["progress", third, first, second, "--format", "json"])
    data = json.loads(capsys.readouterr().out)
    assert [run["run"] for run in data["runs"]] == [first, second, third]
    [back] = [row for row in data["steps"][1]["changes"] if row["kind"] == "back"]
    assert back["new"]["maker"] == "dahua"
    assert status == (1 if back["new"]["status"] in ("covered", "likely") else 0)
    assert main(["progress", first, second, third, "--format", "html", "--out", "p.html"]) == status
    assert "<svg" in Path("p.html").read_text()
    assert main(["diff", second, first]) == 2
    assert main(["progress", first]) == 2


def test_progress_goes_on_without_runs_that_were_deleted(capsys: pytest.CaptureFixture[str]) -> None:
    names = [_run(20), _run(21), _run(22)]
    assert main(["runs", "import", *names]) == 0
    shutil.rmtree(names[0])
    capsys.readouterr()
    assert main(["progress", "--format", "json"]) == 0
    captured = capsys.readouterr()
    assert [run["run"] for run in json.loads(captured.out)["runs"]] == names[1:]
    assert f"Left out: {names[0]}, its folder" in captured.err


def test_a_deadline_of_one_day_is_one_day(capsys: pytest.CaptureFixture[str]) -> None:
    assert main(["form", "list"]) == 0
    assert "1 business day from discovery" in capsys.readouterr().out
