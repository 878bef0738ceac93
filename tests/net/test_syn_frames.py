"""SYN frames: byte-exact, summed right for every target, and answers that only the one who was asked can give."""

import socket
import struct

from hypothesis import given
from hypothesis import strategies as st

from netaudit.net.syn_frames import Answer, Forge, Lane, read_answer, template
from netaudit.scope.allow_list import shipped_list

LANE = Lane("eth0", "192.0.2.1", bytes.fromhex("020000000001"), bytes.fromhex("0200000000fe"), "192.0.2.254")
KEY = bytes(range(32))
PORT = 61007
FORGE = Forge(LANE, PORT, KEY)
addresses = st.ip_addresses(v=4).map(str)
ports = st.integers(1, 65535)


def words(data: bytes) -> int:
    total: int = sum(struct.unpack(f"!{len(data) // 2}H", data))
    while total >> 16:
        total = (total & 0xFFFF) + (total >> 16)
    return total


def made(address: str, port: int, slot: int = 0, mac: bytes | None = None) -> bytes:
    frames = bytearray(template(LANE, PORT) * 3)
    FORGE.patch(frames, slot * 58, FORGE.target(address, mac), port)
    return bytes(frames[slot * 58 : slot * 58 + 58])


def sums_are_right(frame: bytes) -> bool:
    segment = frame[34:]
    pseudo = frame[26:34] + struct.pack("!HH", 6, len(segment))
    return words(frame[14:34]) == 0xFFFF and words(pseudo + segment) == 0xFFFF


def reply(flags: int, acknowledged: int, address: str = "198.51.100.7", port: int = 80, options: bytes = b"") -> bytes:
    ends = socket.inet_aton(address) + socket.inet_aton(LANE.source)
    head = bytes([0x45 + len(options) // 4, 0]) + bytes.fromhex("002800004000 40060000") + ends + options
    tcp = struct.pack("!HHIIBBHHH", port, PORT, 7, acknowledged, 0x50, flags, 1024, 0, 0)
    return LANE.mac + LANE.next_mac + b"\x08\x00" + head + tcp


def unreachable(source: str, address: str, code: int, sequence: int, port: int = 80) -> bytes:
    quoted = made(address, port)[14:42]
    quoted = quoted[:24] + struct.pack("!I", sequence)
    head = bytes.fromhex("4500003800000000 40010000") + socket.inet_aton(source) + socket.inet_aton(LANE.source)
    return LANE.mac + LANE.next_mac + b"\x08\x00" + head + bytes([3, code]) + bytes(6) + quoted


def test_the_frame_is_the_syn_of_an_ordinary_connection_byte_by_byte() -> None:
    sequence = FORGE.sequence(FORGE.target("198.51.100.7"), 554)
    frame = made("198.51.100.7", 554)
    assert frame[:24] == bytes.fromhex("0200000000fe 020000000001 0800 4500002c00004000 4006")
    assert frame[26:] == (
        socket.inet_aton("192.0.2.1") + socket.inet_aton("198.51.100.7")
        + struct.pack("!HHIIHHH", PORT, 554, sequence, 0, 0x6002, 64240, int.from_bytes(frame[50:52]))
        + bytes.fromhex("0000 020405b4")
    )  # fmt: skip


@given(addresses, ports, st.integers(0, 2), st.none() | st.binary(min_size=6, max_size=6))
def test_every_frame_is_summed_right_goes_to_its_mac_and_is_on_the_list(
    address: str, port: int, slot: int, mac: bytes | None
) -> None:
    frame = made(address, port, slot, mac)
    assert sums_are_right(frame)
    assert frame[:6] == (mac or LANE.next_mac)
    listed = shipped_list().frame(frame)
    assert listed is not None
    assert listed.label == "TCP SYN"


@given(addresses, ports)
def test_the_reset_is_summed_right_and_continues_the_sequence(address: str, port: int) -> None:
    target = FORGE.target(address)
    frame = FORGE.reset(target, port)
    assert sums_are_right(frame)
    assert int.from_bytes(frame[38:42]) == (FORGE.sequence(target, port) + 1) & 0xFFFFFFFF
    listed = shipped_list().frame(frame)
    assert listed is not None
    assert listed.label == "TCP RST after a SYN/ACK"


def test_any_other_flag_or_payload_is_not_on_the_list() -> None:
    frame = made("198.51.100.7", 80)
    for at, value in ((47, 0x12), (47, 0x03), (47, 0x00), (23, 17), (14, 0x46), (46, 0x70)):
        changed = bytearray(frame)
        changed[at] = value
        assert shipped_list().frame(bytes(changed)) is None
    assert shipped_list().frame(frame + b"x") is None


def test_answers_are_read() -> None:
    number = int.from_bytes(socket.inet_aton("198.51.100.7"))
    assert read_answer(reply(0x12, 5)) == Answer(number, 80, "open", 5)
    assert read_answer(reply(0x14, 5)) == Answer(number, 80, "closed", 5)
    assert read_answer(reply(0x12, 5, options=bytes(8))) == Answer(number, 80, "open", 5)
    assert read_answer(reply(0x10, 5)) is None
    assert read_answer(reply(0x02, 5)) is None


def test_a_router_says_unreachable_and_a_firewalled_host_lives() -> None:
    number = int.from_bytes(socket.inet_aton("198.51.100.7"))
    from_router = read_answer(unreachable("203.0.113.1", "198.51.100.7", 1, 9))
    assert from_router == Answer(number, 80, "unreachable", 9, quoted=True)
    from_host = read_answer(unreachable("198.51.100.7", "198.51.100.7", 13, 9))
    assert from_host == Answer(number, 80, "closed", 9, quoted=True)


@given(st.binary(max_size=120))
def test_any_frame_is_read_or_nothing(frame: bytes) -> None:
    read_answer(frame)
    read_answer(bytes(12) + b"\x08\x00\x45" + frame)


@given(addresses, ports, st.integers(0, 2**32 - 1))
def test_only_the_cookie_proves_an_answer(address: str, port: int, guess: int) -> None:
    target = FORGE.target(address)
    cookie = FORGE.sequence(target, port)
    after = (cookie + 1) & 0xFFFFFFFF
    assert FORGE.answers(target, port, after, accepted=True)
    assert FORGE.answers(target, port, cookie, accepted=False)
    assert FORGE.answers(target, port, guess, accepted=True) == (guess == after)


def test_cookies_differ_by_address_port_and_secret() -> None:
    other = Forge(LANE, PORT, bytes(32))
    one, two = FORGE.target("198.51.100.7"), FORGE.target("198.51.100.8")
    numbers = {FORGE.sequence(one, 80), FORGE.sequence(one, 81), FORGE.sequence(two, 80)}
    assert len(numbers | {other.sequence(other.target("198.51.100.7"), 80)}) == 4
