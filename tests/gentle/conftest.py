"""One scan in each profile, all three at the same time on cables of their own, every frame captured."""

import os
import subprocess
import sys
import time
from collections.abc import Iterator, Mapping
from concurrent.futures import ThreadPoolExecutor
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import Final, get_args

import pytest

from netaudit.scope.model import Profile
from tests.lab.building import HERE as LAB
from tests.lab.building import LAB_VENV, missing
from tests.lab.conftest import wait_for_capture
from tests.sweep.namespace import LIVING, Cable, why_not

ROOT: Final = Path(__file__).resolve().parents[2]
PROFILES: Final[tuple[Profile, ...]] = get_args(Profile)
SCOPE: Final = """
[authorisation]
organisation = "Laboratory"
authorised_by = "the test"
valid_from = 2020-01-01
valid_until = 2099-01-01
[[network]]
cidr = "10.66.0.0/28"
"""
CANARY: Final = LIVING[0]
_ASK: Final = (
    f"import socket; s=socket.create_connection(('{CANARY}',554),5); "
    f"s.sendall(b'OPTIONS rtsp://{CANARY}/ RTSP/1.0\\r\\nCSeq: 1\\r\\n\\r\\n'); print(s.recv(99))"
)


@dataclass(frozen=True)
class Scanned:
    """One scan: its capture (both directions), its folder, and what the canary says afterwards."""

    capture: Path
    folder: Path
    messages: str
    canary: str


@pytest.fixture(scope="session")
def scanned(tmp_path_factory: pytest.TempPathFactory) -> Mapping[Profile, Scanned]:
    """All three."""
    if reason := why_not() or missing():
        assert os.environ.get("CI") != "true", f"CI must run this: {reason}"
        pytest.skip(reason)
    folders = {profile: tmp_path_factory.mktemp(profile) for profile in PROFILES}
    with ThreadPoolExecutor(len(folders)) as pool:
        waiting = {profile: pool.submit(_scan, profile, folder) for profile, folder in folders.items()}
        return {profile: done.result() for profile, done in waiting.items()}


def _scan(profile: Profile, folder: Path) -> Scanned:
    (folder / "scope.toml").write_text(SCOPE, encoding="utf-8")
    words = ["scan", "--profile", profile, "--scope", str(folder / "scope.toml"), "--out", str(folder / "run")]
    environment = {**os.environ, "NETAUDIT_STORE": str(folder / "store.db"), "PYTHONPATH": str(ROOT)}
    capture = folder / "cable.pcap"
    filters = ["-s", "0", "-B", "16384", "-U", "--immediate-mode", "-Z", "root"]
    devices = [sys.executable, "-m", "tests.gentle.devices", str(folder / "up")]
    canary = ["sh", "-c", f"NODE_PATH={LAB_VENV}/node/node_modules exec node {LAB}/devices/canary.js"]
    with Cable() as cable, _running(cable.far, canary), _running(cable.far, devices) as building:
        near = ["ip", "netns", "exec", cable.near]
        _wait_for(folder / "up", building)
        _wait_for_canary(near)
        with _running(cable.near, ["tcpdump", "-i", "eth0", "-w", str(capture), *filters]):
            wait_for_capture(capture)
            done = subprocess.run(
                [*near, sys.executable, "-m", "netaudit", *words],
                capture_output=True, text=True, env=environment, timeout=400, check=False,
            )  # fmt: skip
        assert done.returncode in (0, 1), done.stderr
        answer = subprocess.run([*near, sys.executable, "-c", _ASK], capture_output=True, text=True, check=False).stdout
    return Scanned(capture, folder / "run", done.stderr, answer)


@contextmanager
def _running(namespace: str, command: list[str]) -> Iterator["subprocess.Popen[bytes]"]:
    full = ["ip", "netns", "exec", namespace, *command]
    child = subprocess.Popen(full, cwd=ROOT, stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL)
    try:
        yield child
    finally:
        child.terminate()
        child.wait(timeout=20)


def _wait_for(path: Path, child: "subprocess.Popen[bytes]") -> None:
    while not path.exists():
        assert child.poll() is None, "the devices did not start"
        time.sleep(0.05)


def _wait_for_canary(near: list[str]) -> None:
    for _ in range(100):
        if subprocess.run([*near, sys.executable, "-c", _ASK], capture_output=True, check=False).returncode == 0:
            return
        time.sleep(0.1)
    raise AssertionError("the canary did not start")
