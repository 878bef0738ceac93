"""The first packet of every kind to every host gets lost, on a real cable: each is repeated, and nothing is missed."""

import asyncio
import subprocess
from collections.abc import Iterator
from contextlib import contextmanager

import pytest

from netaudit.scan.options import Engine, ScanOptions
from netaudit.scan.run import run_scan
from tests.net.support import ANYTHING, gate_for
from tests.scan.support import MemoryLog, Web, probes
from tests.sweep.namespace import LIVING, Cable, listening, run_in

PLACES = (("10.66.0.10", 80), ("10.66.0.12", 554), ("10.66.0.12", 8000))
# Who was not seen before is remembered and dropped; the second time it passes.
RULES = """
table netdev lost {
  set asked { type ipv4_addr; flags dynamic; timeout 5m; }
  set tried { type ipv4_addr . inet_service; flags dynamic; timeout 5m; }
  chain ingress {
    type filter hook ingress device eth0 priority 0
    arp daddr ip != @asked arp daddr ip 10.66.0.0/28 add @asked { arp daddr ip } drop
    tcp flags syn ip daddr . tcp dport != @tried add @tried { ip daddr . tcp dport } drop
  }
}
"""


@contextmanager
def losing(namespace: str) -> Iterator[None]:
    """Drop the first ARP request for every address and the first SYN to every port of it."""
    command = ["ip", "netns", "exec", namespace, "nft", "-f", "-"]
    subprocess.run(command, input=RULES, text=True, check=True, capture_output=True)
    try:
        yield
    finally:
        subprocess.run(command, input="delete table netdev lost", text=True, check=True, capture_output=True)


def _scan(engine: Engine) -> MemoryLog:
    log = MemoryLog()
    options = ScanOptions(engine=engine, window=0.3, directed_wait=0.2, connect_patience=2.5)
    asyncio.run(run_scan(options, gate_for("10.66.0.0/28", allowed=ANYTHING), log, catalogue=probes(Web(deadline=3))))
    return log


@pytest.mark.parametrize("engine", ["connect", "syn"])
def test_every_host_and_port_is_found_though_each_first_packet_is_lost(cable: Cable, engine: Engine) -> None:
    with listening(cable.far, *PLACES), losing(cable.far):
        log = run_in(cable.near, lambda: _scan(engine))
    assert {o.target["ip"] for o in log.written if o.kind == "link.mac"} == set(LIVING)
    ports = {o.target["ip"]: o.fields["open"] for o in log.written if o.kind == "tcp.ports"}
    assert ports == {"10.66.0.10": ("80",), "10.66.0.11": (), "10.66.0.12": ("554", "8000")}
