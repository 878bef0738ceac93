"""A link that goes away while a scan runs: said, not taken for silence, and made good by --resume."""

import asyncio
import subprocess
import time
from collections.abc import Iterator
from dataclasses import dataclass, field

import pytest

from netaudit.net.interfaces import interfaces_in_scope
from netaudit.scan.catalogue import Catalogue
from netaudit.scan.lost_links import Links
from netaudit.scan.options import Progress, RunOutcome, ScanOptions
from netaudit.scan.run import run_scan
from tests.net.support import gate_for
from tests.scan.support import MemoryLog
from tests.sweep.namespace import LIVING, OURS, Cable, listening, run_in

SCOPE = "10.66.0.0/27"
OPTIONS = ScanOptions(window=0.0, directed_wait=0.1)


@dataclass
class Pulled:
    """Takes the link down when the run says this phase, once."""

    cable: Cable
    phase: str
    done: list[str] = field(default_factory=list)

    def __call__(self, progress: Progress) -> None:
        if progress.phase == self.phase and not self.done:
            self.done.append(progress.phase)
            link(self.cable, "down")


def link(cable: Cable, state: str) -> None:
    subprocess.run(["ip", "-n", cable.near, "link", "set", "eth0", state], check=True)


@pytest.fixture
def own(cable: Cable) -> Iterator[Cable]:
    """A cable that may be cut."""
    with Cable() as laid:
        yield laid


def scan(cable: Cable, log: MemoryLog, phase: str = "") -> RunOutcome:
    async def go() -> RunOutcome:
        return await run_scan(OPTIONS, gate_for(SCOPE), log, Pulled(cable, phase), catalogue=Catalogue())

    return run_in(cable.near, lambda: asyncio.run(go()))


@pytest.mark.parametrize("phase", ["discover", "ports"])
def test_a_run_whose_link_goes_down_is_not_complete_and_is_made_whole_by_resume(own: Cable, phase: str) -> None:
    with listening(own.far, *((ip, 80) for ip in LIVING)):
        first = MemoryLog()
        outcome = scan(own, first, phase)
        assert outcome.status == "stopped"
        told = [loss for loss in outcome.losses if loss.startswith(f"interface eth0 ({OURS}) is down since the run")]
        assert len(told) == 1
        assert "--resume" in told[0]
        assert not any("no right" in loss for loss in outcome.losses)
        link(own, "up")
        own.wait_for_carrier()
        second = MemoryLog(first.written, first.records)
        assert scan(own, second).status == "complete"
    ports = {o.target["ip"]: o.fields["open"] for o in (*first.written, *second.written) if o.kind == "tcp.ports"}
    assert ports == dict.fromkeys(LIVING, ("80",))


def test_a_cable_pulled_at_the_other_end_and_an_address_taken_back_are_told(own: Cable) -> None:
    def told(*command: str) -> tuple[str, ...]:
        links = run_in(own.near, lambda: Links(interfaces_in_scope(gate_for(SCOPE).scope)[0]))
        assert run_in(own.near, links.lost) == ()
        subprocess.run(["ip", *command], check=True)
        for _ in range(600):
            # The kernel takes up to a second to say that a cable is out.
            if found := run_in(own.near, links.lost):
                return found
            time.sleep(0.05)
        return ()

    (pulled,) = told("-n", own.far, "link", "set", "eth0", "down")
    assert pulled.startswith(f"interface eth0 ({OURS}) is down")
    subprocess.run(["ip", "-n", own.far, "link", "set", "eth0", "up"], check=True)
    own.wait_for_carrier()
    (taken,) = told("-n", own.near, "addr", "del", f"{OURS}/24", "dev", "eth0")
    assert taken.startswith(f"interface eth0 has lost its address {OURS}")


def test_a_run_without_a_link_left_is_stopped_and_a_short_break_is_not(own: Cable) -> None:
    reasons: list[str] = []

    async def watch(links: Links, cut: float) -> None:
        link(own, "down")
        work = asyncio.ensure_future(links.watch(reasons.append))
        await asyncio.sleep(cut)
        link(own, "up")
        while links.lost():  # noqa: ASYNC110 - the kernel tells nobody
            await asyncio.sleep(0.05)
        await asyncio.sleep(1.2)
        work.cancel()

    def go(cut: float) -> None:
        links = Links(interfaces_in_scope(gate_for(SCOPE).scope)[0])
        asyncio.run(watch(links, cut))

    run_in(own.near, lambda: go(0.2))
    assert reasons == []
    run_in(own.near, lambda: go(2.6))
    assert reasons
    assert "none is left" in reasons[0]
