"""A full disk, a read-only folder, a path through a file: a message, exit status 2, no trace, nothing half-written."""

import subprocess
import sys
from pathlib import Path

import pytest

from netaudit.cli import main
from netaudit.evidence.log import RunLog
from netaudit.evidence.run import RunInfo, write_run
from tests.cli.small_run import AT, SCOPE, observations

# Loopback addresses that nobody has: nothing is sent before the folder is there.
LOOPBACK = SCOPE.replace(b"10.20.0.0/28", b"127.88.0.0/30").replace(b'exclude = ["10.20.0.14"]\n', b"")


@pytest.fixture(autouse=True)
def _alone(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.chdir(tmp_path)
    for name in ("XDG_DATA_HOME", "XDG_CONFIG_HOME"):
        monkeypatch.setenv(name, str(tmp_path / "xdg"))
    monkeypatch.setenv("NETAUDIT_STORE", str(tmp_path / "store.db"))
    Path("scope.toml").write_bytes(LOOPBACK)
    Path("file").write_text("not a folder", encoding="utf-8")


@pytest.fixture
def run(tmp_path: Path) -> str:
    with RunLog.create(tmp_path / "run", SCOPE) as log:
        for item in observations():
            log.observation(item)
        info = RunInfo("run", "0.1.0", AT, AT, "complete", chain_head=log.head, observations=log.count)
        write_run(tmp_path / "run", info)
    return "run"


@pytest.mark.parametrize(
    "words", [["scan", "--out", "file/run"], ["scan", "--out", "file"], ["backup", "file/store.zip"]]
)
def test_a_path_through_a_file_is_named(words: list[str], capsys: pytest.CaptureFixture[str]) -> None:
    assert main(words) == 2
    errors = capsys.readouterr().err
    assert "netaudit: file" in errors
    assert ": choose another place" in errors


def test_a_disk_that_is_full_at_the_start_of_a_scan(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    folder = tmp_path / "full"
    folder.mkdir()
    (folder / "run.json.new").symlink_to("/dev/full")
    assert main(["scan", "--out", "full"]) == 2
    assert "No space left on device. What was written before is whole: make room" in capsys.readouterr().err


def test_a_report_that_cannot_be_written_says_what_to_do(run: str, capsys: pytest.CaptureFixture[str]) -> None:
    Path("x.csv.new").symlink_to("/dev/full")
    assert main(["report", "--run", run, "--format", "csv", "--out", "x.csv"]) == 2
    assert "x.csv cannot be written: No space left on device: choose another --out" in capsys.readouterr().err
    Path(run, "report.csv.new").symlink_to("/dev/full")
    assert main(["report", "--run", run, "--format", "csv"]) == 2
    assert "then `netaudit report --run run`" in capsys.readouterr().err


def test_a_pack_into_a_place_that_takes_no_files(run: str) -> None:
    words = [sys.executable, "-m", "netaudit", "pack", "--run", run, "--out", "/proc/pack.zip"]
    done = subprocess.run(words, capture_output=True, text=True, check=False)
    assert (done.returncode, "Traceback" in done.stderr) == (2, False), done.stderr
    assert "/proc/pack.zip cannot be written" in done.stderr


@pytest.mark.parametrize("content", [b"no archive", b"PK\x05\x06" + bytes(18)])
def test_what_is_no_backup_leaves_no_store_behind(content: bytes, capsys: pytest.CaptureFixture[str]) -> None:
    """The second is an archive without a member."""
    Path("wrong.zip").write_bytes(content)
    before = sorted(Path().iterdir())
    assert main(["restore", "wrong.zip", "--store", "new.db"]) == 2
    assert "wrong.zip" in capsys.readouterr().err
    assert sorted(Path().iterdir()) == before
