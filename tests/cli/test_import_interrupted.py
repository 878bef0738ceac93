"""Ctrl-C while a long table is read: what was read is kept, one line says so, exit status 130, and no trace."""

import os
import signal
import subprocess
import sys
import time
from pathlib import Path

from netaudit.evidence.log import OBSERVATIONS, read_observations

ROWS = 120_000


def test_an_interrupted_import_keeps_what_was_read_and_says_so(tmp_path: Path) -> None:
    rows = (
        f"Internet  10.{n >> 16}.{n >> 8 & 255}.{n & 255}  5  4419.b600.{n & 65535:04x}  ARPA  Vlan10"
        for n in range(ROWS)
    )
    head = "Protocol  Address          Age (min)  Hardware Addr   Type   Interface"
    (tmp_path / "arp.txt").write_text("\n".join([head, *rows, ""]))
    words = ["import", "arp.txt", "--network", "10.0.0.0/12", "--out", "run", "--store", "netaudit.db"]
    command = [sys.executable, "-m", "netaudit", *words]
    env = {**os.environ, "XDG_CONFIG_HOME": str(tmp_path / "config")}
    with subprocess.Popen(
        command, cwd=tmp_path, env=env, stdout=subprocess.PIPE, stderr=subprocess.PIPE, text=True
    ) as running:
        log = tmp_path / "run" / OBSERVATIONS
        while running.poll() is None and not (log.is_file() and log.stat().st_size):
            time.sleep(0.02)
        running.send_signal(signal.SIGINT)
        said, told = running.communicate(timeout=300)
    assert running.returncode == 130, told
    assert told.splitlines()[-1].startswith("Interrupted: ")
    assert "Traceback" not in told
    assert "cisco_ios" in said
    assert sum(1 for _ in read_observations(log)) > 0
