"""netaudit report as a part of a pipe."""

from pathlib import Path

import pytest

from netaudit.cli import main
from tests.plan.small_run import small_run


def test_a_dash_is_standard_output(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsysbinary: pytest.CaptureFixture[bytes]
) -> None:
    monkeypatch.chdir(tmp_path)
    monkeypatch.setenv("NETAUDIT_STORE", str(tmp_path / "store" / "netaudit.db"))
    small_run(tmp_path / "run")
    status = main(["report", "--run", "run", "--format", "md", "--out", "-"])
    piped = capsysbinary.readouterr().out
    assert main(["report", "--run", "run", "--format", "md", "--out", "report.md"]) == status
    assert piped == Path("report.md").read_bytes()
    assert not Path("-").exists()
