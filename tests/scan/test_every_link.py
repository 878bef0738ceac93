"""A machine with a leg in each VLAN: every link is asked from its own address, and told apart in the evidence.

The second link bears the name of a VLAN interface. It is no tagged one, because not every kernel that runs these tests
has 802.1Q; a program sees no difference between the two.
"""

import asyncio
import select
import socket
import subprocess
import threading
from collections.abc import Iterator
from contextlib import contextmanager

import pytest

from netaudit.probes import ws_discovery
from netaudit.scan.catalogue import Catalogue
from netaudit.scan.options import RunOutcome, ScanOptions
from netaudit.scan.run import run_scan
from tests.net.support import gate_for
from tests.probes.soap_server import RECORDED
from tests.scan.support import MemoryLog
from tests.sweep.namespace import LIVING, OURS, Cable, run_in

OURS_THERE, LIVING_THERE = "10.67.0.1", "10.67.0.10"
MAC_THERE = "44:19:b6:00:00:20"
MATCH = (RECORDED / "wsd_python_ws_discovery.xml").read_bytes()
GROUP = "239.255.255.250"


@pytest.fixture
def trunk(cable: Cable) -> Iterator[Cable]:
    """The cable with a second link beside the first: eth0.20 here, eth20 there."""
    _ip("-n", cable.near, "link", "add", "eth0.20", "type", "veth", "peer", "name", "eth20", "address", MAC_THERE,
        "netns", cable.far)  # fmt: skip
    for side, link, address in ((cable.near, "eth0.20", OURS_THERE), (cable.far, "eth20", LIVING_THERE)):
        _ip("-n", side, "link", "set", link, "up")
        _ip("-n", side, "addr", "add", f"{address}/24", "dev", link)
    yield cable
    _ip("-n", cable.near, "link", "del", "eth0.20")


def _ip(*words: str) -> None:
    subprocess.run(["ip", *words], check=True, capture_output=True)


@contextmanager
def answering(cable: Cable) -> Iterator[list[str]]:
    """A device on each link, that answers who asked there; the askers' addresses."""

    def open_(address: str, link: str) -> socket.socket:
        sock = socket.socket(socket.AF_INET, socket.SOCK_DGRAM)
        sock.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
        sock.setsockopt(socket.SOL_SOCKET, socket.SO_BINDTODEVICE, link.encode())
        sock.setsockopt(
            socket.IPPROTO_IP, socket.IP_ADD_MEMBERSHIP, socket.inet_aton(GROUP) + socket.inet_aton(address)
        )
        sock.bind(("", 3702))
        return sock

    devices = ((LIVING[0], "eth0"), (LIVING_THERE, "eth20"))
    sockets = run_in(cable.far, lambda: [open_(*device) for device in devices])
    stop, wake = socket.socketpair()
    askers: list[str] = []

    def serve() -> None:
        while stop not in (ready := select.select([*sockets, stop], [], [])[0]):
            for sock in ready:
                _, sender = sock.recvfrom(4096)
                askers.append(sender[0])
                sock.sendto(MATCH, sender)

    thread = threading.Thread(target=serve)
    thread.start()
    try:
        yield askers
    finally:
        wake.send(b"x")
        thread.join()
        for sock in (*sockets, stop, wake):
            sock.close()


def test_every_link_is_asked_from_its_own_address(trunk: Cable) -> None:
    log = MemoryLog()
    options = ScanOptions(window=1.2, directed_wait=0.2, connect_patience=1.2)

    def scan() -> RunOutcome:
        gate = gate_for("10.66.0.0/28", "10.67.0.0/28")
        return asyncio.run(run_scan(options, gate, log, catalogue=Catalogue((ws_discovery.PROBE,))))

    with answering(trunk) as askers:
        outcome = run_in(trunk.near, scan)
    assert outcome.status == "complete"
    assert set(outcome.interfaces) == {f"eth0 {OURS}", f"eth0.20 {OURS_THERE}"}
    assert set(askers) == {OURS, OURS_THERE}
    heard = {(o.target["ip"], o.via["interface"]) for o in log.written if o.kind == "wsd.probe_match"}
    assert heard >= {(LIVING[0], "eth0"), (LIVING_THERE, "eth0.20")}
    assert not {(LIVING[0], "eth0.20"), (LIVING_THERE, "eth0")} & heard
    macs = {o.target["ip"]: o.fields["mac"] for o in log.written if o.kind == "link.mac"}
    assert macs[LIVING_THERE] == MAC_THERE
    for label in (f"eth0 {OURS}", f"eth0.20 {OURS_THERE}"):
        assert log.status("ws_discovery", label)[0] == "answered"
