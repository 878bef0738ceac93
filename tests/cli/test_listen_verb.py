"""netaudit listen as a user calls it: times, mistakes, and a whole run in a network of its own."""

import json
import os
import signal
import subprocess
import sys
import threading
from argparse import ArgumentTypeError
from collections.abc import Iterator
from pathlib import Path

import pytest

from netaudit.cli import main
from netaudit.cli.listen import span
from netaudit.evidence.log import verify_chain
from tests.evidence.frames.build import HELLO
from tests.listen.support import put
from tests.listen.test_listening_on_a_cable import said
from tests.sweep.namespace import Cable, cable

__all__ = ["cable"]

SCOPE = """
[authorisation]
organisation = "Example Town"
authorised_by = "A. Person"
valid_from = 2026-01-01
valid_until = 2099-01-01
[[network]]
cidr = "10.66.0.0/27"
site = "HQ"
"""


@pytest.mark.parametrize(("text", "seconds"), [("90", 90), ("90s", 90), ("10m", 600), ("1.5h", 5400), ("1d", 86400)])
def test_times(text: str, seconds: float) -> None:
    assert span(text) == seconds


@pytest.mark.parametrize("text", ["", "0", "-5", "ten", "10 minutes", "1e9", "m"])
def test_what_is_no_time_is_refused(text: str) -> None:
    with pytest.raises(ArgumentTypeError, match="90s, 10m, 2h"):
        span(text)


def test_a_wrong_interface_leaves_no_folder(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    (tmp_path / "scope.toml").write_text(SCOPE, encoding="utf-8")
    words = ["listen", "--scope", str(tmp_path / "scope.toml"), "--out", str(tmp_path / "run"), "--interface", "none9"]
    assert main(words) == 2
    assert "there is no interface 'none9'" in capsys.readouterr().err
    assert not (tmp_path / "run").exists()


@pytest.fixture
def running(cable: Cable, tmp_path: Path) -> Iterator[subprocess.Popen[str]]:
    """A listening program in the near namespace; by then its sockets are open."""
    (tmp_path / "scope.toml").write_text(SCOPE, encoding="utf-8")
    words = ["--scope", str(tmp_path / "scope.toml"), "--out", str(tmp_path / "run"), "--store", str(tmp_path / "db")]
    child = subprocess.Popen(
        ["ip", "netns", "exec", cable.near, sys.executable, "-m", "netaudit", "listen", "--format", "jsonl", *words],
        stdout=subprocess.PIPE, stderr=subprocess.PIPE, text=True, env={**os.environ, "XDG_CONFIG_HOME": str(tmp_path)},
    )  # fmt: skip
    assert child.stderr is not None
    while not (line := child.stderr.readline()).startswith("listening:"):
        assert line, "it ended too early"
    yield child
    child.kill()
    child.communicate()


def test_a_run_until_ctrl_c_is_whole_and_reported(running: subprocess.Popen[str], cable: Cable, tmp_path: Path) -> None:
    hello = HELLO.replace(b"192.0.0.64", b"10.66.0.10")
    put(cable.far, [said(hello, 37020, "10.66.0.10")])
    assert running.stdout is not None
    watchdog = threading.Timer(60, running.kill)
    watchdog.start()
    lines = iter(running.stdout.readline, "")
    heard = next(json.loads(line) for line in lines if '"sadp.reply"' in line)
    assert (heard["origin"], heard["target"]["ip"], heard["target"]["site"]) == ("passive", "10.66.0.10", "HQ")
    running.send_signal(signal.SIGINT)
    _, errors = running.communicate(timeout=60)
    watchdog.cancel()
    assert running.returncode == 1, errors
    assert "Not seen: this run only listened" in errors
    info = json.loads((tmp_path / "run" / "run.json").read_text(encoding="utf-8"))
    assert (info["status"], info["engine"], info["packets"]) == ("complete", "listen", 0)
    assert verify_chain(tmp_path / "run") == info["chain_head"]
    devices = (tmp_path / "run" / "devices.jsonl").read_text(encoding="utf-8")
    assert json.loads(devices.splitlines()[0])["maker"]["value"] == "hikvision"
    assert (tmp_path / "run" / "report.html").exists()
