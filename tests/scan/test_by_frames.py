"""Whole runs whose ports are tried by frames of our own: on the link, behind a router, and what is said where not."""

import asyncio
import os
from collections.abc import Iterator

import pytest

from netaudit.errors import UsageError
from netaudit.scan.options import Engine, Progress, RunOutcome, ScanOptions
from netaudit.scan.run import run_scan
from tests.lab.network import Host, Lab, lab_mode
from tests.net.support import ANYTHING, gate_for
from tests.scan.support import MemoryLog, Web, probes
from tests.scan.test_on_a_cable import _without_raw
from tests.sweep.namespace import Cable, listening, run_in

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
        yield built


def scan(engine: Engine, steps: list[Progress] | None = None) -> tuple[RunOutcome, MemoryLog]:
    log = MemoryLog()
    options = ScanOptions(engine=engine, window=0.2, directed_wait=0.2, connect_patience=1.0, seed="run-1")
    gate = gate_for(*SCOPES, "10.77.0.2/32", allowed=ANYTHING)
    see = steps.append if steps is not None else lambda _: None
    return asyncio.run(run_scan(options, gate, log, see, catalogue=probes(Web(deadline=0.3)))), log


@pytest.mark.parametrize("engine", ["auto", "syn", "connect"])
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
    assert {step.phase for step in steps} >= {"discover", "ports"}


def test_the_engine_that_needs_a_right_says_so(cable: Cable) -> None:
    outcome, _ = run_in(cable.near, _without_raw)
    assert any("no right to send frames" in loss for loss in outcome.losses)
    with pytest.raises(UsageError, match="--engine connect"):
        run_in(cable.near, lambda: _without_raw("syn"))
