"""Whole runs whose ports are tried by frames of our own: on the link, behind a router, and what is said where not."""

import asyncio
import os
import socket
import subprocess
from collections.abc import Iterator

import pytest

from netaudit.errors import UsageError
from netaudit.scan.catalogue import Catalogue
from netaudit.scan.options import Engine, Progress, RunOutcome, ScanOptions
from netaudit.scan.run import run_scan
from netaudit.scope.model import Limits
from netaudit.sweep.ports import camera_ports
from tests.lab.network import AUDIT, Host, Lab, lab_mode
from tests.net.support import ANYTHING, QUICK, gate_for
from tests.scan.support import MemoryLog, Web, probes
from tests.scan.test_on_a_cable import _without_raw
from tests.sweep.namespace import Cable, listening, run_in, watching

HOSTS = (
    Host("near", "10.77.0.11", "44:19:b6:00:00:11"),
    Host("far1", "10.77.2.11", "44:19:b6:00:02:11"),
    Host("far2", "10.77.2.12", "44:19:b6:00:02:12"),
)
SCOPES = ("10.77.0.8/29", "10.77.2.0/27")


@pytest.fixture(scope="module")
def lab() -> Iterator[Lab]:
    if reason := lab_mode():
        if os.environ.get("CI") == "true":
            pytest.fail(f"CI must be able to run this: {reason}")
        pytest.skip(reason)
    with Lab(HOSTS) as built:
        for name in ("audit", "near", "far1", "far2"):
            # A new cable carries nothing at first, and what is sent before is dropped without a word.
            ping = ["ip", "netns", "exec", built.ns(name), "ping", "-c1", "-W1", "10.77.0.1"]
            assert any(subprocess.run(ping, capture_output=True, check=False).returncode == 0 for _ in range(20))
        yield built


def scan(engine: Engine, steps: list[Progress], limits: Limits = QUICK) -> tuple[RunOutcome, MemoryLog]:
    log = MemoryLog()
    options = ScanOptions(engine=engine, window=0.2, directed_wait=0.2, connect_patience=1.0, seed="run-1")
    gate = gate_for(*SCOPES, "10.77.0.2/32", allowed=ANYTHING, limits=limits)
    return asyncio.run(run_scan(options, gate, log, steps.append, catalogue=probes(Web(deadline=0.3)))), log


def test_from_the_first_sweep_to_the_last_port_no_host_gets_more_than_ten_packets_a_second(lab: Lab) -> None:
    """Two phases in a row, SYN and RST together, as the host sees them; and nothing but camera ports."""
    log = MemoryLog()

    def work() -> RunOutcome:
        options = ScanOptions(engine="syn", window=0.0, directed_wait=0.0)
        return asyncio.run(run_scan(options, gate_for("10.77.2.0/27", limits=Limits()), log, catalogue=Catalogue()))

    places = [("10.77.2.11", port) for port in (80, 554, 443, 8000, 8080, 37777, 22)]
    with watching(lab.ns("far1")) as frames, listening(lab.ns("far1"), *places):
        run_in(lab.ns("audit"), work)
    ours = [(at, frame) for at, frame in frames if frame[26:30] == socket.inet_aton(AUDIT) and frame[23] == 6]
    assert {socket.inet_ntoa(frame[30:34]) for _, frame in ours} == {"10.77.2.11"}
    assert {int.from_bytes(frame[36:38]) for _, frame in ours} == set(camera_ports().every)
    assert len(ours) == len(camera_ports().every) + len(places)
    assert max(sum(1 for other, _ in ours if at <= other < at + 1) for at, _ in ours) <= 10
    found = next(o for o in log.written if o.kind == "tcp.ports" and o.target["ip"] == "10.77.2.11")
    assert found.fields["open"] == ("22", "80", "443", "554", "8000", "8080", "37777")


@pytest.mark.parametrize("engine", ["syn", "connect"])
def test_every_engine_finds_the_same_ports_near_and_behind_a_router(lab: Lab, engine: Engine) -> None:
    steps: list[Progress] = []
    near = listening(lab.ns("near"), ("10.77.0.11", 554), ("10.77.0.11", 37777))
    with near, listening(lab.ns("far1"), ("10.77.2.11", 80), ("10.77.2.11", 8000), ("10.77.2.11", 8899)):
        outcome, log = run_in(lab.ns("audit"), lambda: scan(engine, steps))
    assert (outcome.status, outcome.losses) == ("complete", ())
    ports = {o.target["ip"]: o.fields["open"] for o in log.written if o.kind == "tcp.ports"}
    assert ports.pop("10.77.2.1") == ()
    assert ports == {"10.77.0.11": ("554", "37777"), "10.77.2.11": ("80", "8000", "8899"), "10.77.2.12": ()}
    assert log.status("sweep", "10.77.2.11") == ("answered", "TCP")
    assert log.status("sweep", "10.77.2.20") == ("silent", "no answer on TCP 80, 443, 554")
    assert all(step.done <= step.total for step in steps)
    assert {step.phase for step in steps} >= {"discover", "questions"}


def test_the_engine_that_needs_a_right_says_so(cable: Cable) -> None:
    outcome, _ = run_in(cable.near, _without_raw)
    assert any("no right to send frames" in loss for loss in outcome.losses)
    with pytest.raises(UsageError, match="--engine connect"):
        run_in(cable.near, lambda: _without_raw("syn"))
