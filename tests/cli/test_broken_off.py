"""Ctrl-C twice, since the first was not quick enough: what was heard is kept, and the way on is said."""

import os
import signal
import subprocess
import sys
import time
from pathlib import Path

from netaudit.evidence.run import read_run

# Loopback addresses that refuse: enough to be busy for some seconds.
SCOPE = """\
[authorisation]
organisation = "Example School"
authorised_by = "A. Person"
valid_from = 2020-01-01
valid_until = 2099-01-01

[[network]]
cidr = "127.90.7.0/24"
"""


def test_a_second_ctrl_c_says_how_to_go_on(tmp_path: Path) -> None:
    scope, folder = tmp_path / "scope.toml", tmp_path / "run"
    scope.write_text(SCOPE, encoding="utf-8")
    words = ["scan", "--scope", str(scope), "--out", str(folder), "--store", str(tmp_path / "db")]
    environment = {**os.environ, "XDG_CONFIG_HOME": str(tmp_path), "XDG_DATA_HOME": str(tmp_path)}
    command = [sys.executable, "-m", "netaudit", *words]
    with subprocess.Popen(command, env=environment, stderr=subprocess.PIPE, text=True) as child:
        deadline = time.monotonic() + 60
        while not (folder / "run.json").exists():
            assert child.poll() is None
            assert time.monotonic() < deadline
            time.sleep(0.02)
        time.sleep(0.3)
        for _ in range(2):
            child.send_signal(signal.SIGINT)
            time.sleep(0.1)
        said = child.communicate(timeout=60)[1]
    assert child.returncode == 130, said
    assert "Traceback" not in said
    assert f"go on with `netaudit scan --resume --out {folder}`" in said
    assert read_run(folder).status in ("running", "partial")


LOST = """
import sys, time, weakref
from netaudit.__main__ import keep_interruption

class Thing: pass

def tidy():
    raise KeyboardInterrupt

sys.unraisablehook = keep_interruption
thing = Thing()
keeper = weakref.ref(thing, lambda _: tidy())
try:
    del thing
    time.sleep(60)
except KeyboardInterrupt:
    print("heard")
"""


def test_a_ctrl_c_while_an_object_is_tidied_away_is_not_lost() -> None:
    done = subprocess.run([sys.executable, "-c", LOST], capture_output=True, text=True, timeout=120, check=False)
    assert (done.stdout, done.stderr) == ("heard\n", "")


def test_what_else_cannot_be_raised_is_shown() -> None:
    code = LOST.replace("KeyboardInterrupt\n\nsys", "ValueError('of the tidying')\n\nsys").replace("60", "0")
    done = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, timeout=120, check=False)
    assert "of the tidying" in done.stderr
