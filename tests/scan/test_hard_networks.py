"""Networks that lose hosts of other sweeps: more living ones on a link than the kernel can know, and lost packets."""

import asyncio
import os
import subprocess
from collections import Counter
from collections.abc import Iterator

import pytest

from netaudit.scan.catalogue import Catalogue
from netaudit.scan.options import RunOutcome, ScanOptions
from netaudit.scan.run import run_scan
from tests.neighbour_table import emptied, table_to_ourselves
from tests.net.support import gate_for
from tests.scan.support import MemoryLog
from tests.sweep.namespace import Cable, listening, run_in, why_not

CROWD = "10.67.0.0/20"
LIVING = "10.67.8.0/21"
PORTS = (80, 8000)


@pytest.fixture(scope="module")
def crowd() -> Iterator[Cable]:
    """A cable whose far end answers for 2,048 addresses of one link, all behind one MAC."""
    if reason := why_not():
        if os.environ.get("CI") == "true":
            pytest.fail(f"CI must be able to run this: {reason}")
        pytest.skip(reason)
    with table_to_ourselves(), Cable() as laid, emptied(laid.near):
        for namespace, *words in (
            (laid.near, "addr", "add", "10.67.0.1/20", "dev", "eth0"),
            (laid.far, "addr", "add", "10.67.0.2/20", "dev", "eth0"),
            (laid.far, "route", "add", "local", LIVING, "dev", "lo"),
        ):
            subprocess.run(["ip", "-n", namespace, *words], check=True)
        yield laid


def scan(scope: str) -> tuple[RunOutcome, MemoryLog]:
    log = MemoryLog()
    options = ScanOptions(window=0.0, directed_wait=0.1)
    return asyncio.run(run_scan(options, gate_for(scope), log, catalogue=Catalogue())), log


def checked(log: MemoryLog, living: int) -> Counter[tuple[str, ...]]:
    """How often which ports were found open."""
    ports = {o.target["ip"]: tuple(o.fields["open"]) for o in log.written if o.kind == "tcp.ports"}
    assert len(ports) == living
    assert {record["status"] for record in log.records} <= {"answered", "silent"}
    return Counter(ports.values())


def test_more_hosts_on_a_link_than_the_kernel_knows_are_all_found(crowd: Cable) -> None:
    with listening(crowd.far, *(("0.0.0.0", port) for port in PORTS)):
        outcome, log = run_in(crowd.near, lambda: scan(CROWD))
    assert outcome.status == "complete"
    # The far end's own address answers too.
    assert checked(log, 2048) == {("80", "8000"): 2048}
    assert log.status("sweep", "10.67.1.1") == ("silent", "no answer to 2 ARP requests")


@pytest.mark.parametrize("every", [200, 20])
def test_lost_packets_are_sent_again(crowd: Cable, every: int) -> None:
    """Every 200th or 20th packet is dropped, ours and theirs alike."""
    table = (
        f"table inet f {{ chain c {{ type filter hook output priority 0; numgen inc mod {every} 0 drop; }}; "
        f"chain d {{ type filter hook input priority 0; numgen inc mod {every} 0 drop; }}; }}"
    )
    rules = ["ip", "netns", "exec", crowd.far, "nft"]
    subprocess.run([*rules, "-f", "-"], input=table, text=True, check=True)
    try:
        with listening(crowd.far, *(("0.0.0.0", port) for port in PORTS)):
            _, log = run_in(crowd.near, lambda: scan("10.67.8.0/24"))
    finally:
        subprocess.run([*rules, "delete", "table", "inet", "f"], check=True)
    found = checked(log, 254)
    assert found["80", "8000"] >= 254 * (0.999 if every == 200 else 0.99)
