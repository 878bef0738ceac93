"""The stateless sweep over a real cable: what it finds, what it believes, what it sends, and how fast."""

import asyncio
import errno
import socket
import struct
import subprocess
from collections import Counter
from collections.abc import Callable, Iterator, Mapping, Sequence
from contextlib import contextmanager

import pytest

from netaudit.net.connects import Verdict
from netaudit.net.frame_port import SynPort
from netaudit.net.syn_frames import Lane
from netaudit.net.syn_scan import SynHow, SynScan
from netaudit.net.wire import Wire
from netaudit.scope.allow_list import shipped_list
from netaudit.scope.model import NEVER_TOUCH, Limits
from tests.net.support import QUICK, gate_for
from tests.sweep.namespace import LIVING, OUR_MAC, OURS, THEIR_MAC, Cable, cable, listening, run_in, watching

__all__ = ["cable"]

SCOPE = "10.66.0.0/24"
LANE = Lane("eth0", OURS, bytes.fromhex(OUR_MAC.replace(":", "")), bytes.fromhex(THEIR_MAC.replace(":", "")), "x")
Found = dict[tuple[str, int], Verdict]
SOON = SynHow(late=0.3)


def scan(
    plan: Mapping[str, Sequence[int]],
    limits: Limits = QUICK,
    how: SynHow = SOON,
    scope: str = SCOPE,
    exclude: tuple[str, ...] = (),
    meddle: Callable[[SynPort], object] = lambda _: None,
) -> tuple[Found, SynScan, Wire]:
    """Scan by the lane over the cable."""
    wire = Wire(gate_for(scope, limits=limits, exclude=exclude))
    found: Found = {}

    def decided(address: str, port: int, verdict: Verdict) -> None:
        assert (address, port) not in found
        found[address, port] = verdict

    port = wire.syn(LANE)
    meddle(port)
    try:
        done = asyncio.run(wire.syn_scan(port, plan, {}, decided, how))
    finally:
        port.close()
    return found, done, wire


def test_open_closed_and_silent_are_told_apart(cable: Cable) -> None:
    plan = dict.fromkeys((*LIVING, "10.66.0.99"), (80, 554))
    with listening(cable.far, ("10.66.0.10", 80), ("10.66.0.12", 554)):
        found, done, _ = run_in(cable.near, lambda: scan(plan))
    assert found == {
        ("10.66.0.10", 80): "open", ("10.66.0.10", 554): "closed",
        ("10.66.0.11", 80): "closed", ("10.66.0.11", 554): "closed",
        ("10.66.0.12", 80): "closed", ("10.66.0.12", 554): "open",
        ("10.66.0.99", 80): "silent", ("10.66.0.99", 554): "silent",
    }  # fmt: skip
    assert (done.pressed, done.dropped) == (0, 0)


def test_what_is_accepted_is_closed_again_and_never_spoken_to(cable: Cable) -> None:
    """No application sees a connection: the kernel's RST ends it before the handshake does."""
    with watching(cable.far) as frames, listening(cable.far, ("10.66.0.10", 80)):
        run_in(cable.near, lambda: scan({"10.66.0.10": (80,)}))
    segments = [frame for _, frame in frames if frame[12:14] == b"\x08\x00" and frame[23] == 6]
    assert [frame[47] & 0x16 for frame in segments] == [0x02, 0x04]


def test_where_the_kernel_may_not_close_it_we_do(cable: Cable) -> None:
    """A firewall of ours drops what belongs to no connection: the device repeats, and is answered."""
    table = "table inet f { chain c { type filter hook input priority 0; tcp flags syn,ack drop; }; }"
    rules = ["ip", "netns", "exec", cable.near, "nft"]
    subprocess.run([*rules, "-f", "-"], input=table, text=True, check=True)
    try:
        with watching(cable.far) as frames, listening(cable.far, ("10.66.0.10", 80)):
            # Long enough for the device's first repeat, after 1 s.
            run_in(cable.near, lambda: scan({"10.66.0.10": (80,), "10.66.0.99": (80,)}, how=SynHow(late=0.8)))
    finally:
        subprocess.run([*rules, "delete", "table", "inet", "f"], check=True)
    ours = [frame for _, frame in frames if frame[30:34] == socket.inet_aton("10.66.0.10") and frame[23] == 6]
    assert [frame[47] & 0x16 for frame in ours] == [0x02, 0x04]
    listed = shipped_list().frame(ours[1])
    assert listed is not None
    assert listed.label == "TCP RST after a SYN/ACK"


def test_all_that_leaves_is_on_the_list_inside_the_scope_and_on_ports_that_were_asked_for(cable: Cable) -> None:
    plan = {f"10.66.0.{number}": (80, 554, 9100) for number in range(8, 40)}
    with watching(cable.far) as frames:
        found, _, wire = run_in(cable.near, lambda: scan(plan, scope="10.66.0.8/29", exclude=("10.66.0.11/32",)))
    sent = [frame for _, frame in frames if frame[12:14] == b"\x08\x00" and frame[6:12] == LANE.mac]
    asked = {(socket.inet_ntoa(frame[30:34]), int.from_bytes(frame[36:38])) for frame in sent}
    assert asked == {(f"10.66.0.{number}", port) for number in (8, 9, 10, 12, 13, 14, 15) for port in (80, 554)}
    listed = [shipped_list().frame(frame[:58]) for frame in sent if frame[47] == 2]
    assert {entry.label for entry in listed if entry} == {"TCP SYN"}
    assert all(found[address, 9100] == "not_sent" for address in plan)
    assert found["10.66.0.11", 80] == found["10.66.0.30", 80] == "not_sent"
    assert any("outside the written scope" in reason for reason in wire._gate.refused)
    assert NEVER_TOUCH & {9100}


def test_a_host_that_was_not_admitted_cannot_even_be_queued(cable: Cable) -> None:
    def work() -> None:
        port = Wire(gate_for(SCOPE)).syn(LANE)
        try:
            inside = port.admit("10.66.0.10")
            port.admit_port("10.66.0.10", 80)
            port.queue(inside, 80)
            with pytest.raises(KeyError, match="was not admitted"):
                port.queue(inside, 81)
            with pytest.raises(KeyError, match="was not admitted"):
                port.queue(port._forge.target("10.67.0.1"), 80)
            with pytest.raises(KeyError, match="was not admitted"):
                port.reset(inside, 81)
        finally:
            port.close()

    run_in(cable.near, work)


def forged(port: SynPort, address: str, flags: int, acknowledged: int, source_port: int = 80) -> bytes:
    ends = socket.inet_aton(address) + socket.inet_aton(OURS)
    tcp = struct.pack("!HHIIBBHHH", source_port, port._forge.source_port, 1, acknowledged, 0x50, flags, 1024, 0, 0)
    head = bytes.fromhex("4500002800004000 40060000")
    return LANE.mac + bytes.fromhex("44190000aaaa") + b"\x08\x00" + head + ends + tcp


def test_forged_answers_are_not_believed_and_foreign_sources_not_heard(cable: Cable) -> None:
    plan = {"10.66.0.98": (80, 554), "10.66.0.10": (80,)}

    def meddle(port: SynPort) -> None:
        target = port.admit("10.66.0.98")
        right = port._forge.sequence(target, 80) + 1
        with raw_in(cable.far) as sock:
            for flags in (0x12, 0x14):
                sock.send(forged(port, "10.66.0.98", flags, (right + 7) & 0xFFFFFFFF))
                sock.send(forged(port, "10.66.0.98", flags, 0))
                # The right number for another port, and for an address that nobody asked.
                sock.send(forged(port, "10.66.0.98", flags, right, 554))
                sock.send(forged(port, "10.67.0.1", flags, right))
                sock.send(forged(port, "10.66.0.200", flags, right))

    found, _, _ = run_in(cable.near, lambda: scan(plan, meddle=meddle))
    assert found == {
        ("10.66.0.98", 80): "silent",
        ("10.66.0.98", 554): "silent",
        ("10.66.0.10", 80): "closed",
    }


def test_the_right_cookie_is_believed_once(cable: Cable) -> None:
    def meddle(port: SynPort) -> None:
        target = port.admit("10.66.0.98")
        right = (port._forge.sequence(target, 80) + 1) & 0xFFFFFFFF
        port.admit_port("10.66.0.98", 80)
        with raw_in(cable.far) as sock:
            for _ in range(100):
                sock.send(forged(port, "10.66.0.98", 0x12, right))

    found, done, _ = run_in(cable.near, lambda: scan({"10.66.0.98": (80,)}, meddle=meddle))
    assert found == {("10.66.0.98", 80): "open"}
    assert done._hosts[0].debts <= 40


@contextmanager
def raw_in(namespace: str) -> Iterator[socket.socket]:
    def opened() -> socket.socket:
        sock = socket.socket(socket.AF_PACKET, socket.SOCK_RAW, 0)
        sock.bind(("eth0", 0x0800))
        return sock

    sock = run_in(namespace, opened)
    try:
        yield sock
    finally:
        sock.close()


@pytest.mark.parametrize("rate", [2, 10])
def test_no_host_gets_more_than_its_limit_in_any_second(cable: Cable, rate: int) -> None:
    """SYN and RST counted together, as the host sees them; what refuses first costs no RST, what accepts then does."""
    ports = (80, 81, 88) if rate == 2 else (80, 81, 88, 443, 554, 8000, 8080, 8443, 8554, 8899, 9000, 2020)
    opened = ports[1:] if rate == 2 else ports[5:]
    limits = Limits(packets_per_second=5000, packets_per_host=rate)
    with watching(cable.far) as frames, listening(cable.far, *(("10.66.0.10", port) for port in opened)):
        found, _, _ = run_in(
            cable.near, lambda: scan({"10.66.0.10": ports, "10.66.0.99": ports}, limits, SynHow(rounds=1, late=0.3))
        )
    assert {port for port in ports if found["10.66.0.10", port] == "open"} == set(opened)
    for address in ("10.66.0.10", "10.66.0.99"):
        seen = [at for at, frame in frames if frame[30:34] == socket.inet_aton(address) and frame[12:14] == b"\x08\x00"]
        assert len(seen) == len(ports) + (len(opened) if address == "10.66.0.10" else 0)
        assert max(sum(1 for other in seen if at <= other < at + 1) for at in seen) <= rate


def test_a_full_buffer_is_waited_for_and_what_never_went_is_not_called_silent(cable: Cable) -> None:
    plan = {f"10.66.0.{number}": (80,) for number in range(10, 40)}
    refusals = Counter[str]()

    def meddle(port: SynPort) -> None:
        real = port.batch.send_many

        def full(*arguments: object) -> int:
            refusals["all"] += 1
            if refusals["all"] <= 3:
                ctypes_errno(errno.ENOBUFS)
                return -1
            return int(real(*arguments))

        port.batch.send_many = full

    found, done, _ = run_in(cable.near, lambda: scan(plan, meddle=meddle))
    assert done.pressed == 3
    assert [found[address, 80] for address in LIVING] == ["closed"] * 3
    assert Counter(found.values()) == {"closed": 3, "silent": 27}


def test_what_the_kernel_never_takes_is_counted_as_not_sent(cable: Cable, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("netaudit.net.syn_scan._PRESSED_FOR", 0.05)

    def meddle(port: SynPort) -> None:
        def full(*_: object) -> int:
            ctypes_errno(errno.EAGAIN)
            return -1

        port.batch.send_many = full

    found, done, _ = run_in(cable.near, lambda: scan({"10.66.0.10": (80, 554)}, meddle=meddle))
    assert set(found.values()) == {"not_sent"}
    assert done.pressed > 2


def ctypes_errno(code: int) -> None:
    import ctypes

    ctypes.set_errno(code)


def test_a_host_that_lives_need_not_be_asked_again_in_discovery(cable: Cable) -> None:
    moved: list[float] = []
    how = SynHow(late=0.3, alive_is_enough=True, moved=moved.append)
    with watching(cable.far) as frames:
        found, _, _ = run_in(cable.near, lambda: scan({"10.66.0.10": (80, 554), "10.66.0.99": (80, 554)}, how=how))
    syns = Counter(socket.inet_ntoa(frame[30:34]) for _, frame in frames if frame[12:14] == b"\x08\x00")
    assert syns == {"10.66.0.10": 2, "10.66.0.99": 4}
    assert found["10.66.0.99", 554] == "silent"
    assert sum(moved) == 3
