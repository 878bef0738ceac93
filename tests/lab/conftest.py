"""The laboratory's building, scanned once; the tests look at what came of it."""

import json
import os
import subprocess
import sys
import time
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import pytest

from netaudit.evidence.log import OBSERVATIONS, read_observations
from netaudit.evidence.observation import Observation
from tests.lab.building import COMMUNITY, CREDENTIAL, PLANTED, Planted, missing, start_router
from tests.lab.network import ANNEX, AUDIT, Lab, lab_mode

SCOPE = f"""
[authorisation]
organisation = "Laboratory"
authorised_by = "the test"
role = "owner"
reference = "tests/lab"
valid_from = 2020-01-01
valid_until = 2099-01-01

[[network]]
cidr = "10.77.0.0/24"
site = "Laboratory"
exclude = ["{AUDIT}"]

[[network]]
cidr = "10.77.2.0/24"
site = "Annex"
exclude = ["{ANNEX}"]

[[credential]]
name = "lobby"
username = "{CREDENTIAL[0]}"
secret = "env:LAB_SECRET"
bound_to = ["10.77.0.11"]

[[credential]]
name = "agents"
username = "-"
secret = "env:LAB_COMMUNITY"
protocols = ["snmp"]
bound_to = ["10.77.0.17"]
"""


@dataclass(frozen=True)
class Scanned:
    """One scan of the laboratory: its folder, what it printed, the capture of its cable."""

    folder: Path
    capture: Path
    returncode: int
    messages: str
    imported: frozenset[str]
    observations: tuple[Observation, ...]
    devices: tuple[dict[str, Any], ...]

    def heard(self, ip: str, kind: str = "") -> list[Observation]:
        """Return what was heard of an address."""
        return [o for o in self.observations if o.target.get("ip") == ip and kind in ("", o.kind)]

    def device(self, ip: str) -> dict[str, Any]:
        """Return the one device of an address."""
        found = [device for device in self.devices if ip in device["addresses"]]
        assert len(found) == 1, f"{len(found)} devices at {ip}"
        return found[0]


@pytest.fixture(scope="session")
def building() -> Iterator[Lab]:
    """The network with every planted device up."""
    if reason := lab_mode() or missing():
        assert os.environ.get("CI") != "true", f"CI must run the laboratory: {reason}"
        pytest.skip(reason)
    with Lab([planted.host for planted in PLANTED], annex=True) as lab:
        for planted in PLANTED:
            planted.start(lab, planted.host)
        start_router(lab)
        for planted in PLANTED:
            wait_for(lab, planted)
        yield lab


@pytest.fixture(scope="session")
def scanned(building: Lab, tmp_path_factory: pytest.TempPathFactory) -> Scanned:
    """The building after one scan at default limits."""
    return scan(building, tmp_path_factory.mktemp("scan"))


@pytest.fixture(scope="session")
def across(building: Lab, tmp_path_factory: pytest.TempPathFactory) -> Scanned:
    """The same building from the other side of the router; at a faster profile, for the time that it saves."""
    return scan(building, tmp_path_factory.mktemp("across"), "--profile", "fast", stand="annex")


def wait_for(lab: Lab, planted: Planted) -> None:
    """Wait until a device listens; fail with what it printed when it does not."""
    transport, port = planted.ready
    for _ in range(150):
        sockets = lab.run(planted.host.name, ["ss", "-lnH", "-t" if transport == "tcp" else "-u"]).stdout
        if any(field.endswith(f":{port}") for line in sockets.splitlines() for field in line.split()[3:4]):
            return
        time.sleep(0.1)
    raise AssertionError(f"{planted.host.name} did not come up:\n{lab.output(planted.host.name)[-2000:]}")


def scan(lab: Lab, folder: Path, *options: str, stand: str = "audit") -> Scanned:
    """Run `netaudit scan` where an auditor stands ("audit" or "annex") and capture its cable."""
    scope, capture, out = folder / "scope.toml", folder / "cable.pcap", folder / "run"
    scope.write_text(SCOPE, encoding="utf-8")
    dump = lab.start(stand, ["tcpdump", "-i", "eth0", "-w", str(capture), "-U", "--immediate-mode", "-Z", "root"])
    wait_for_capture(capture)
    environment = {**os.environ, "LAB_SECRET": CREDENTIAL[1], "NETAUDIT_STORE": str(folder / "store.db")}
    environment |= {"PYTHONPROFILEIMPORTTIME": "1", "LAB_COMMUNITY": COMMUNITY}
    command = [sys.executable, "-m", "netaudit", "scan", "--scope", str(scope), "--out", str(out), *options]
    full = ["ip", "netns", "exec", lab.ns(stand), *command]
    done = subprocess.run(full, capture_output=True, text=True, env=environment, timeout=300, check=False)
    time.sleep(0.5)
    dump.terminate()
    dump.wait(timeout=10)
    assert (out / OBSERVATIONS).exists(), done.stderr
    lines = done.stderr.splitlines()
    imported = frozenset(line.rpartition("|")[2].strip() for line in lines if line.startswith("import time:"))
    messages = "\n".join(line for line in lines if not line.startswith("import time:"))
    devices = (out / "devices.jsonl").read_text(encoding="utf-8").splitlines()
    return Scanned(
        out, capture, done.returncode, messages, imported, tuple(read_observations(out / OBSERVATIONS)),
        tuple(json.loads(line) for line in devices),
    )  # fmt: skip


def wait_for_capture(path: Path) -> None:
    """Wait until tcpdump has written its head, so that not one packet escapes it."""
    for _ in range(100):
        if path.exists() and path.stat().st_size >= 24:
            return
        time.sleep(0.05)
    raise AssertionError("tcpdump did not start")
