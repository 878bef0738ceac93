"""What a scan hears on its own link: units of other subnets, SADP without IP, answers to a port that is taken."""

import asyncio
import socket
import threading
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import replace

import pytest

from netaudit.evidence.observation import Observation
from netaudit.net.replay import Replay
from netaudit.probes import sadp, sadp_link
from netaudit.scan.catalogue import Catalogue
from netaudit.scan.options import RunOutcome, ScanOptions
from netaudit.scan.run import run_scan
from netaudit.scope.allow_list import shipped_list
from tests.evidence.frames.build import HELLO, ethernet, ipv4, mac, udp
from tests.evidence.frames.test_frames_read import device, sadp_frame
from tests.net.support import gate_for
from tests.scan.support import MemoryLog
from tests.sweep.namespace import LIVING, OUR_MAC, OURS, Cable, run_in

SCOPE = "10.66.0.0/27"
FACTORY, FACTORY_MAC = "192.168.1.64", "44:19:b6:00:00:64"
LOST_MAC = "44:19:b6:00:00:65"
_INQUIRY = b"<Types>inquiry</Types>"
Answers = Callable[[bytes], list[bytes]]


def _match(address: str) -> bytes:
    reply = HELLO.replace(b"Hello>", b"ProbeMatch>").replace(b"hello", b"inquiry")
    return reply.replace(b"192.0.0.64", address.encode())


def _unicast(address: str, sender: str, ttl: int = 64) -> bytes:
    """A reply to our own address and MAC, as the kernel would drop it for its source."""
    return ethernet(ipv4(udp(_match(address), 37020, 37020), address, OURS, ttl=ttl), 0x0800, sender, OUR_MAC)


@contextmanager
def answering(namespace: str, answers: Answers) -> Iterator[list[bytes]]:
    """Devices in the far namespace that see every frame and put whole frames on the cable."""
    heard: list[bytes] = []

    def open_() -> socket.socket:
        sock = socket.socket(socket.AF_PACKET, socket.SOCK_RAW, socket.htons(3))
        sock.bind(("eth0", 3))
        sock.settimeout(0.2)
        return sock

    over = threading.Event()

    def serve() -> None:
        while not over.is_set():
            try:
                frame, place = sock.recvfrom(65536)
            except TimeoutError:
                continue
            if place[2] != socket.PACKET_OUTGOING:
                heard.append(frame)
                for answer in answers(frame):
                    sock.send(answer)

    sock = run_in(namespace, open_)
    thread = threading.Thread(target=serve)
    thread.start()
    try:
        yield heard
    finally:
        over.set()
        thread.join()
        sock.close()


def factory_units(frame: bytes) -> list[bytes]:
    """One that answers by unicast from another subnet, one behind a router, one that speaks layer 2 only."""
    if frame[12:14] == b"\x80\x33" and frame[24:26] == b"\x03\x00":
        answer = sadp_frame(4, device()).replace(mac("44:19:b6:00:00:07"), mac(LOST_MAC))
        return [ethernet(answer, 0x8033, LOST_MAC, OUR_MAC)]
    if _INQUIRY in frame:
        return [_unicast(FACTORY, FACTORY_MAC), _unicast("172.16.9.9", "02:00:00:00:00:99", ttl=63)]
    return []


def scan(cable: Cable, log: MemoryLog, first: Callable[[], list[socket.socket]] = list) -> RunOutcome:
    catalogue = Catalogue((sadp.PROBE,), (), (), (sadp_link.PROBE,))
    options = ScanOptions(window=1.2, directed_wait=0.2, connect_patience=1.2)

    def run() -> RunOutcome:
        kept = first()
        try:
            return asyncio.run(run_scan(options, gate_for(SCOPE), log, catalogue=catalogue))
        finally:
            for sock in kept:
                sock.close()

    return run_in(cable.near, run)


def _of(log: MemoryLog, kind: str) -> list[Observation]:
    return [made for made in log.written if made.kind == kind]


def test_units_of_other_subnets_are_listed_with_their_mac_and_never_asked(cable: Cable) -> None:
    log = MemoryLog()
    with answering(cable.far, factory_units) as heard:
        outcome = scan(cable, log)
    assert outcome.status == "complete"
    (made,) = _of(log, "sadp.reply")
    assert (made.target["ip"], made.target["mac"], made.target["site"]) == (FACTORY, FACTORY_MAC, "Site")
    assert made.origin == "passive"
    assert made.fields["DeviceDescription"] == "DS-2CD2385G1-I"
    (told,) = [loss for loss in outcome.losses if FACTORY in loss]
    assert told.startswith(f"{FACTORY} ({FACTORY_MAC}) on eth0 is set up for a subnet outside the written scope")
    assert log.status("listen", FACTORY)[0] == "not_scheduled"
    # What came through a router is nobody on our link.
    assert "172.16.9.9" not in repr(log.written)
    for address in (FACTORY, "192.0.0.64", "172.16.9.9"):
        asked = bytes(map(int, address.split(".")))
        assert not [frame for frame in heard if frame[6:12] == mac(OUR_MAC) and asked in frame[26:42]]


def test_sadp_without_ip_is_asked_by_the_listed_frame_and_its_answer_kept(cable: Cable) -> None:
    log = MemoryLog()
    with answering(cable.far, factory_units) as heard:
        scan(cable, log)
    asked = [frame for frame in heard if frame[12:14] == b"\x80\x33"]
    assert len(asked) == 2
    assert all(len(frame) == 80 and frame[:6] == b"\xff" * 6 for frame in asked)
    (made,) = _of(log, "sadp.frame")
    assert (made.target["ip"], made.target["mac"]) == ("192.0.0.64", LOST_MAC)
    assert made.fields["DeviceSN"].startswith("DS-2CD2032-I")  # type: ignore[union-attr]
    assert log.status("sadp_link", f"eth0 {OURS}")[0] == "answered"


def test_a_port_that_another_program_holds_hides_no_answer(cable: Cable) -> None:
    """The maker's tool has the port for itself; the device answers to the group and to that port only."""

    def taken() -> list[socket.socket]:
        sock = socket.socket(socket.AF_INET, socket.SOCK_DGRAM)
        sock.bind(("", 37020))
        return [sock]

    def to_group(frame: bytes) -> list[bytes]:
        answer = udp(_match(LIVING[0]), 37020, 37020)
        return [ethernet(ipv4(answer, LIVING[0]), 0x0800)] if _INQUIRY in frame else []

    log = MemoryLog()
    with answering(cable.far, to_group):
        outcome = scan(cable, log, taken)
    (made,) = _of(log, "sadp.reply")
    assert made.target["ip"] == LIVING[0]
    assert outcome.losses == ()
    assert log.status("sadp", f"eth0 {OURS}")[0] == "answered"


# --- the frame


def test_the_inquiry_is_the_frame_of_the_sheet() -> None:
    frame = sadp_link.inquiry("02:00:00:00:00:01", "10.66.0.1", 7)
    head = "2102 0142 00000007 0604 0300"
    rest = "020000000001 0a420001 ffffffffffff 00000000 00000000" + "00" * 28
    assert frame[:14] == bytes.fromhex("ffffffffffff 020000000001 8033")
    assert frame[14:26] == bytes.fromhex(head)
    assert frame[28:] == bytes.fromhex(rest)
    # The sum over everything with the checksum in its place, words read the way it was made, is all ones.
    words = [int.from_bytes(frame[at : at + 2], "little") for at in range(14, 80, 2)]
    total = sum(words) - words[7 - 1] + int.from_bytes(frame[26:28], "big")
    while total >> 16:
        total = (total & 0xFFFF) + (total >> 16)
    assert total == 0xFFFF


@pytest.mark.parametrize("operation", [0x02, 0x04, 0x06, 0x0A, 0x0C, 0x10])
def test_no_other_operation_is_on_the_list(operation: int) -> None:
    frame = sadp_link.inquiry("02:00:00:00:00:01", "10.66.0.1", 7)
    assert shipped_list().frame(frame) is not None
    assert shipped_list().frame(frame[:24] + bytes([operation]) + frame[25:]) is None
    assert shipped_list().frame(frame + b"\0") is None


def test_without_a_mac_or_from_ipv6_nothing_is_asked() -> None:
    assert list(sadp_link.PROBE.frames("", "10.66.0.1")) == []
    assert list(sadp_link.PROBE.frames("02:00:00:00:00:01", "fd00::1")) == []


def test_a_resumed_run_does_not_ask_the_link_again() -> None:
    from netaudit.net.interfaces import Interface
    from netaudit.scan.hearing import Hearing
    from netaudit.scan.on_link import overhear
    from tests.scan.test_hearing import session_for

    log = MemoryLog(attempts=[{"probe": "sadp_link", "target": "eth0 10.88.0.2", "status": "silent", "reason": ""}])
    session = session_for(log, None)  # type: ignore[arg-type]
    session.catalogue = Catalogue((), (), (), (sadp_link.PROBE,))
    assert isinstance(session.transport, Replay)
    here = Interface("eth0", 2, "10.88.0.2", gate_for("10.88.0.0/24").scope.networks[0].cidr, mac=OUR_MAC)
    assert asyncio.run(overhear(session, Hearing(session), here)) is False
    assert asyncio.run(overhear(session, Hearing(session), replace(here, address="10.88.0.3"))) is True
