"""One scan of all hostile devices at once, over a real cable, with every packet of ours captured."""

import json
import os
import subprocess
import sys
import time
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import pytest

from tests.hostile.building import addresses
from tests.hostile.devices.pointing_elsewhere import THIRD
from tests.hostile.devices.spoofed_sources import EXCLUDED
from tests.lab.conftest import wait_for_capture
from tests.sweep.namespace import OUR_MAC, Cable, cable

__all__ = ["cable"]

ROOT = Path(__file__).resolve().parents[2]
LONGEST = 200
"""Seconds after which a scan that has not ended has failed; measured: 28."""
SCOPE = f"""
[authorisation]
organisation = "Laboratory"
authorised_by = "the test"
valid_from = 2020-01-01
valid_until = 2099-01-01
[[network]]
cidr = "10.66.0.0/25"
exclude = ["{EXCLUDED}"]
"""


@dataclass(frozen=True)
class Hostile:
    """What came of it. `peak`: resident memory of the scan (MB) at its largest, judging and reporting included."""

    folder: Path
    capture: Path
    returncode: int
    messages: str
    peak: float

    @property
    def devices(self) -> Mapping[str, dict[str, Any]]:
        """Devices by address."""
        text = (self.folder / "devices.jsonl").read_text(encoding="utf-8")
        return {ip: device for line in text.splitlines() for device in [json.loads(line)] for ip in device["addresses"]}

    @property
    def attempts(self) -> list[dict[str, Any]]:
        """All attempts."""
        return [json.loads(line) for line in (self.folder / "attempts.jsonl").read_text(encoding="utf-8").splitlines()]


@pytest.fixture(scope="session")
def hostile(cable: Cable, tmp_path_factory: pytest.TempPathFactory) -> Hostile:
    """The scan."""
    folder = tmp_path_factory.mktemp("hostile")
    for ip in (*addresses().values(), EXCLUDED, THIRD):
        subprocess.run(["ip", "-n", cable.far, "addr", "add", f"{ip}/24", "dev", "eth0"], check=True)
    building = _start(cable.far, [sys.executable, "-m", "tests.hostile.building", str(folder / "ready")])
    capture = folder / "cable.pcap"
    filters = ["-s", "128", "-B", "32768", "-U", "--immediate-mode", "-Z", "root", "ether", "src", OUR_MAC]
    dump = _start(cable.near, ["tcpdump", "-i", "eth0", "-w", str(capture), *filters])
    try:
        _wait_for(folder / "ready", building)
        wait_for_capture(capture)
        return _scan(cable, folder, capture)
    finally:
        for child in (dump, building):
            child.terminate()
            child.wait(timeout=20)


def _start(namespace: str, command: list[str]) -> "subprocess.Popen[bytes]":
    full = ["ip", "netns", "exec", namespace, *command]
    return subprocess.Popen(full, cwd=ROOT, stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL)


def _wait_for(path: Path, child: "subprocess.Popen[bytes]") -> None:
    while not path.exists():
        assert child.poll() is None, "the hostile devices did not start"
        time.sleep(0.05)


def _scan(cable: Cable, folder: Path, capture: Path) -> Hostile:
    (folder / "scope.toml").write_text(SCOPE, encoding="utf-8")
    words = ["scan", "--profile", "fast", "--scope", str(folder / "scope.toml"), "--out", str(folder / "run")]
    measured = [sys.executable, "-m", "tests.lab.peak", str(folder / "peak")]
    scan = ["timeout", str(LONGEST), sys.executable, "-m", "netaudit", *words]
    command = ["ip", "netns", "exec", cable.near, *measured, *scan]
    environment = {**os.environ, "NETAUDIT_STORE": str(folder / "store.db"), "PYTHONPATH": str(ROOT)}
    with (folder / "messages").open("wb") as told:
        status = subprocess.run(command, stdout=told, stderr=told, env=environment, cwd=ROOT, check=False).returncode
    peak = float((folder / "peak").read_text(encoding="ascii"))
    messages = (folder / "messages").read_text(encoding="utf-8", errors="surrogateescape")
    return Hostile(folder / "run", capture, status, messages, peak)
