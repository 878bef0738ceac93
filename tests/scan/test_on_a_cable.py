"""Whole runs over a real cable: with ARP, without the right to send ARP, and by nmap; all see the same hosts."""

import asyncio
import shutil

import pytest

from netaudit.scan.options import Engine, RunOutcome, ScanOptions
from netaudit.scan.run import run_scan
from tests.net.support import ANYTHING, gate_for
from tests.scan.support import MemoryLog, Web, probes
from tests.sweep.namespace import LIVING, OURS, THEIR_MAC, Cable, can_give_up, give_up_raw, listening, run_in

SCOPE = "10.66.0.0/27"


def _scan(engine: Engine = "auto") -> tuple[RunOutcome, MemoryLog]:
    log = MemoryLog()
    options = ScanOptions(engine=engine, window=0.3, directed_wait=0.2, connect_patience=1.5)
    outcome = asyncio.run(
        run_scan(options, gate_for(SCOPE, allowed=ANYTHING), log, catalogue=probes(Web(deadline=0.3)))
    )
    return outcome, log


def _without_raw(engine: Engine = "auto") -> tuple[RunOutcome, MemoryLog]:
    give_up_raw()
    return _scan(engine)


def _check(outcome: RunOutcome, log: MemoryLog) -> None:
    assert outcome.status == "complete"
    assert outcome.interfaces == (f"eth0 {OURS}",)
    assert {o.target["ip"] for o in log.written} == set(LIVING)
    macs = {o.target["ip"]: o.fields["mac"] for o in log.written if o.kind == "link.mac"}
    assert macs == dict.fromkeys(LIVING, THEIR_MAC)
    ports = {o.target["ip"]: o.fields["open"] for o in log.written if o.kind == "tcp.ports"}
    assert ports == {"10.66.0.10": ("80",), "10.66.0.11": (), "10.66.0.12": ("554", "8000")}
    assert log.status("sweep", "10.66.0.20")[0] == "silent"


PLACES = (("10.66.0.10", 80), ("10.66.0.12", 554), ("10.66.0.12", 8000))


def test_with_the_right_to_send_arp(cable: Cable) -> None:
    with listening(cable.far, *PLACES):
        outcome, log = run_in(cable.near, _scan)
    _check(outcome, log)
    assert outcome.losses == ()
    assert log.status("sweep", "10.66.0.20") == ("silent", "no answer to 2 ARP requests")


@pytest.mark.skipif(not can_give_up(), reason="the number of capset is not known here")
def test_without_it_the_run_says_what_it_lost_and_still_finds_them(cable: Cable) -> None:
    with listening(cable.far, *PLACES):
        outcome, log = run_in(cable.near, _without_raw)
    _check(outcome, log)
    assert any("no right to send ARP on eth0" in loss for loss in outcome.losses)


@pytest.mark.skipif(shutil.which("nmap") is None, reason="the program nmap is not installed")
def test_nmap_gives_the_same_facts(cable: Cable) -> None:
    with listening(cable.far, *PLACES):
        outcome, log = run_in(cable.near, lambda: _scan("nmap"))
    _check(outcome, log)
    assert log.status("sweep", "10.66.0.10") == ("answered", "nmap")
