"""The kernel's neighbour table is filled by somebody else, in another network namespace, where we cannot see it.

What the kernel drops then without a word is not silence of the hosts: it is tried again, and said where it stays so.
"""

import asyncio
import subprocess
import threading
from collections.abc import Iterator
from pathlib import Path

import pytest

from netaudit.net.exchange import Datagram, Dialogue
from netaudit.net.outcome import Outcome
from netaudit.net.turned_away import TURNED_AWAY
from netaudit.scan.options import RunOutcome, ScanOptions
from netaudit.scan.run import run_scan
from tests.neighbour_table import table_to_ourselves
from tests.net.support import ANYTHING, gate_for, wire_for
from tests.scan.support import GET, MemoryLog, Web, probes
from tests.sweep.namespace import OUR_MAC, OURS, Cable, listening, run_in

SCOPE = "10.66.0.0/28"
LIMIT = Path("/proc/sys/net/ipv4/neigh/default/gc_thresh3")
PLACES = (("10.66.0.10", 80), ("10.66.0.12", 554))


class Greedy:
    """A neighbour namespace that takes every place of the table, again and again, until `enough`."""

    def __init__(self, namespace: str, places: int) -> None:
        self._command = ["ip", "-n", namespace, "-force", "-batch", "-"]
        self._places = places
        self._enough = threading.Event()
        self._thread = threading.Thread(target=self._take)

    def start(self) -> None:
        """Take them all; return when they are taken."""
        self._round(0)
        self._thread.start()

    def enough(self) -> None:
        """Give them back."""
        self._enough.set()
        if self._thread.is_alive():
            self._thread.join()
        subprocess.run([*self._command[:3], "neigh", "flush", "all"], check=True, capture_output=True)

    def _take(self) -> None:
        turn = 0
        # What has not changed for five seconds the kernel puts out.
        while not self._enough.wait(0.1):
            turn += 1
            self._round(turn % 2)

    def _round(self, last: int) -> None:
        lines = (
            f"neigh replace 10.99.{number >> 8}.{number & 255} lladdr 02:00:00:00:00:0{last} dev eth0 nud reachable"
            for number in range(1, self._places)
        )
        subprocess.run(self._command, input="\n".join(lines), text=True, check=False, capture_output=True)


@pytest.fixture
def full_table() -> Iterator[tuple[Cable, Greedy]]:
    """A cable, and one who has taken the whole table. The far end knows us for good: that takes no place."""
    if not LIMIT.exists():
        pytest.skip("the limit of the neighbour table cannot be read here")
    with table_to_ourselves(), Cable() as laid, Cable() as other:
        known = ["neigh", "add", OURS, "lladdr", OUR_MAC, "dev", "eth0", "nud", "permanent"]
        subprocess.run(["ip", "-n", laid.far, *known], check=True)
        subprocess.run(["ip", "-n", other.near, "addr", "add", "10.99.0.1/16", "dev", "eth0"], check=True)
        greedy = Greedy(other.near, int(LIMIT.read_text(encoding="ascii")) + 50)
        greedy.start()
        try:
            yield laid, greedy
        finally:
            greedy.enough()


def scan() -> tuple[RunOutcome, MemoryLog]:
    log = MemoryLog()
    options = ScanOptions(engine="connect", window=0.0, directed_wait=0.1, connect_patience=1.2)
    gate = gate_for(SCOPE, allowed=ANYTHING)
    return asyncio.run(run_scan(options, gate, log, catalogue=probes(Web(deadline=1.0)))), log


def test_what_stays_unsent_is_not_called_silent(full_table: tuple[Cable, Greedy]) -> None:
    cable, _ = full_table
    with listening(cable.far, *PLACES):
        outcome, log = run_in(cable.near, scan)
    assert {o.target["ip"] for o in log.written if o.kind == "link.mac"} == {"10.66.0.10", "10.66.0.11", "10.66.0.12"}
    told = [log.status("tcp.ports", f"10.66.0.{number}") for number in (10, 11, 12)]
    unsent = [reason for status, reason in told if status == "not_sent" and TURNED_AWAY in reason]
    # Whoever else is at work on this machine may give a place back meanwhile.
    assert unsent
    assert {status for status, _ in told} <= {"not_sent", "answered"}
    assert any(loss.startswith(f"{len(unsent)} host") and "neighbour table" in loss for loss in outcome.losses)


def test_when_there_is_room_again_the_same_run_finds_them(full_table: tuple[Cable, Greedy]) -> None:
    cable, greedy = full_table
    later = threading.Timer(1.5, greedy.enough)
    later.start()
    with listening(cable.far, *PLACES):
        outcome, log = run_in(cable.near, scan)
    later.join()
    ports = {o.target["ip"]: o.fields["open"] for o in log.written if o.kind == "tcp.ports"}
    assert ports == {"10.66.0.10": ("80",), "10.66.0.11": (), "10.66.0.12": ("554",)}
    assert not any("not asked" in loss for loss in outcome.losses)


def test_a_question_that_did_not_leave_is_no_time_out(full_table: tuple[Cable, Greedy]) -> None:
    cable, _ = full_table

    async def ask() -> tuple[Outcome, Outcome]:
        wire = wire_for(SCOPE)
        talk = wire.dialogue("10.66.0.10", Dialogue(80, (GET,), deadline=1.0))
        return await asyncio.gather(talk, wire.exchange("10.66.0.10", Datagram(b"?", 37020), wait=0.2))

    # Whoever else is at work on this machine may give a place back at any moment: asked until each found none.
    talks, exchanges = set(), set()
    for _ in range(40):
        subprocess.run(["ip", "-n", cable.near, "neigh", "flush", "all"], check=True, capture_output=True)
        talked, exchanged = run_in(cable.near, lambda: asyncio.run(ask()))
        talks.add((talked.status, talked.reason))
        exchanges.add(exchanged.status)
        if ("not_sent", TURNED_AWAY) in talks and "not_sent" in exchanges:
            break
    assert ("not_sent", TURNED_AWAY) in talks
    assert "not_sent" in exchanges
