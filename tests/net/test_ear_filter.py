"""The kernel itself runs the filter over frames: what announces a device passes, a video stream does not."""

import ctypes
import socket
import struct
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest

from netaudit.evidence.frames import readers
from netaudit.net.filter import announcements
from tests.evidence.frames.build import ALL, CAMERA, HELLO, SCANNER, ethernet, ipv4, ipv6, said, udp

RECORDED = Path(__file__).parents[1] / "recorded" / "frames"
Passes = Callable[[bytes], bool]


@pytest.fixture(scope="module")
def passes() -> Iterator[Passes]:
    """A pair of local datagram sockets, one behind the filter: no privilege is needed to ask the kernel."""
    ours, theirs = socket.socketpair(socket.AF_UNIX, socket.SOCK_DGRAM)
    program = announcements(readers.PORTS)
    code = ctypes.create_string_buffer(program, len(program))
    theirs.setsockopt(socket.SOL_SOCKET, 26, struct.pack("HP", len(program) // 8, ctypes.addressof(code)))
    theirs.setblocking(False)

    def passes(frame: bytes) -> bool:
        try:
            # A frame that the filter refuses is an error of the sending side here.
            ours.send(frame)
        except PermissionError:
            return False
        try:
            return theirs.recv(65536) == frame
        except BlockingIOError:
            return False

    yield passes
    ours.close()
    theirs.close()


@pytest.mark.parametrize("path", sorted(RECORDED.glob("*.frame")), ids=lambda path: path.stem)
def test_recorded_announcements_pass(passes: Passes, path: Path) -> None:
    assert passes(path.read_bytes())


@pytest.mark.parametrize("port", readers.PORTS)
def test_each_known_port_passes_as_source_and_as_destination(passes: Passes, port: int) -> None:
    for ports in ((port, 49777), (49777, port)):
        assert passes(ethernet(ipv4(udp(HELLO, *ports), "10.66.0.10"), 0x0800))
        assert passes(ethernet(ipv6(udp(HELLO, *ports), "fe80::7"), 0x86DD))


def test_a_head_with_options_is_measured(passes: Passes) -> None:
    packet = ipv4(udp(HELLO, 49777, 37020), "10.66.0.10")
    longer = b"\x46" + packet[1:20] + b"\x94\x04\0\0" + packet[20:]
    assert passes(ethernet(longer, 0x0800))


def test_layer_2_second_tags_later_pieces_and_neighbours_pass(passes: Passes) -> None:
    assert passes(ethernet(bytes(66), 0x8033))
    assert passes(said(HELLO, 37020, place=0x00B9))
    assert passes(ethernet(ipv4(udp(HELLO, 37020, 37020), "10.66.0.10"), 0x0800, vlans=(20,)))
    assert passes(ethernet(ipv6(bytes([136]) + bytes(31), "fe80::7", protocol=58), 0x86DD))


def test_the_rest_stays_outside(passes: Passes) -> None:
    video = ethernet(ipv4(udp(bytes(1200), 49777, 50778), "10.66.0.10"), 0x0800, to=SCANNER)
    web = ethernet(ipv4(bytes(20), "10.66.0.10", protocol=6), 0x0800, to=SCANNER)
    asked = ethernet(ipv6(bytes([133]) + bytes(15), "fe80::7", protocol=58), 0x86DD)
    spanning_tree = bytes.fromhex("0180c2000000") + bytes(6) + b"\0\x26\x42\x42\x03" + bytes(40)
    for frame in (video, web, asked, spanning_tree, b"", bytes(13), ethernet(b"", 0x88F7, CAMERA, ALL)):
        assert not passes(frame)
