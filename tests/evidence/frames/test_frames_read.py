"""Frames of every make: tags, heads of captures, fragments, neighbours, who may read what, and any bytes at all."""

import struct

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from netaudit.evidence import kinds
from netaudit.evidence.frames import heard, link, neighbour, readers
from netaudit.evidence.frames.fragments import Fragments
from netaudit.evidence.frames.heard import Finding
from netaudit.evidence.frames.packet import UDP, Fragment, Packet, read_ipv4, read_ipv6
from netaudit.evidence.frames.segment import ACK, SYN, read_tcp, read_udp
from tests.evidence.frames.build import ALL, CAMERA, GROUP, HELLO, SCANNER, ethernet, ipv4, ipv6, mac, said, udp
from tests.probes.replies import ANSWERS

LINKS = (link.ETHERNET, link.RAW_IP, link.LINUX_COOKED, link.LINUX_COOKED_2, link.NULL, link.LOOP)


def hear(raw: bytes, link_type: int = link.ETHERNET, fragments: Fragments | None = None) -> list[Finding]:
    frame = link.read(raw, link_type)
    return list(heard.read(frame, fragments or Fragments())) if frame else []


def one(raw: bytes, link_type: int = link.ETHERNET) -> Finding:
    (found,) = hear(raw, link_type)
    return found


# --- links


def test_vlan_tags_come_off_and_the_inner_one_counts() -> None:
    raw = ethernet(ipv4(udp(HELLO, 37020, 37020), "192.0.0.64"), 0x0800, vlans=(100, 20))
    frame = link.read(raw)
    assert frame is not None
    assert (frame.vlans, frame.protocol, frame.to_all) == ((100, 20), link.IPV4, True)
    assert one(raw).target()["vlan"] == 20


def test_a_priority_tag_is_no_vlan() -> None:
    raw = ethernet(ipv4(udp(HELLO, 37020, 37020), "192.0.0.64"), 0x0800, vlans=(0xE000,))
    assert "vlan" not in one(raw).target()


def test_heads_of_captures() -> None:
    packet = ipv4(udp(HELLO, 37020, 37020), "192.0.0.64")
    cooked = struct.pack(">HHH", 2, 1, 6) + mac(CAMERA) + bytes(2) + struct.pack(">H", 0x0800)
    cooked2 = struct.pack(">HHIHBB", 0x0800, 0, 2, 1, 2, 6) + mac(CAMERA) + bytes(2)
    assert one(cooked + packet, link.LINUX_COOKED).target()["mac"] == CAMERA
    assert one(cooked2 + packet, link.LINUX_COOKED_2).target()["mac"] == CAMERA
    for raw, kind in ((packet, link.RAW_IP), (b"\2\0\0\0" + packet, link.NULL), (b"\0\0\0\2" + packet, link.LOOP)):
        assert one(raw, kind).target() == {"ip": "192.0.0.64", "port": 37020, "transport": "udp"}
    assert hear(packet, 147) == []
    assert not link.is_known(147)
    assert all(link.is_known(kind) for kind in LINKS)


# --- packets


def test_padding_behind_a_packet_is_cut() -> None:
    packet = read_ipv4(ipv4(udp(b"hello", 1, 2), "10.0.0.1") + bytes(20))
    assert packet is not None
    datagram = read_udp(packet.payload)
    assert datagram is not None
    assert datagram.payload == b"hello"


def test_extension_heads_of_ipv6_are_passed() -> None:
    options = bytes([17, 0, 5, 2, 0, 0, 1, 0])
    packet = read_ipv6(ipv6(options + udp(b"x", 5353, 5353), "fe80::7", protocol=0))
    assert packet is not None
    assert (packet.protocol, packet.payload[8:]) == (UDP, b"x")


def test_tcp_options_are_passed() -> None:
    raw = struct.pack(">HHIIBBHHH", 80, 40000, 7, 8, 6 << 4, SYN | ACK, 1, 0, 0) + b"\2\4\5\xb4" + b"data"
    segment = read_tcp(raw)
    assert segment is not None
    assert (segment.source_port, segment.sequence, segment.flags, segment.payload) == (80, 7, SYN | ACK, b"data")


def pieces(payload: bytes, size: int, number: int = 7) -> list[bytes]:
    cut = [payload[start : start + size] for start in range(0, len(payload), size)]
    places = [(index * size // 8) | (0x2000 if index < len(cut) - 1 else 0) for index in range(len(cut))]
    return [
        ethernet(ipv4(piece, "10.66.0.10", place=place, number=number), 0x0800)
        for piece, place in zip(cut, places, strict=True)
    ]


@settings(max_examples=40, deadline=None)
@given(st.randoms(), st.integers(8, 40))
def test_pieces_in_any_order_make_one_answer(order: object, eights: int) -> None:
    frames = pieces(udp(HELLO.replace(b"</Hello>", b"<a>x</a>" * 300 + b"</Hello>"), 37020, 37020), eights * 8)
    order.shuffle(frames)  # type: ignore[attr-defined]
    fragments = Fragments()
    found = [finding for frame in frames for finding in hear(frame, fragments=fragments)]
    assert [finding.kind for finding in found] == ["sadp.reply"]
    assert fragments.lost == 0


def test_overlapping_pieces_are_refused_and_the_room_is_bounded() -> None:
    fragments = Fragments(room=4)
    base = Packet("10.0.0.1", GROUP, UDP, bytes(16), 1, Fragment(1, 0, True))
    assert fragments.whole(base) is None
    assert fragments.whole(base._replace(fragment=Fragment(1, 8, False))) is None
    assert fragments.lost == 1
    for number in range(1000):
        fragments.whole(base._replace(fragment=Fragment(number, 0, True)))
    assert fragments.lost == 1 + 996


def test_an_enemy_cannot_make_a_packet_of_many_pieces() -> None:
    fragments = Fragments()
    base = Packet("10.0.0.1", GROUP, UDP, bytes(8), 1)
    for number in range(200):
        assert fragments.whole(base._replace(fragment=Fragment(1, number * 16, True))) is None
    assert fragments.lost >= 1


# --- neighbours


def arp(operation: int, sender: str, ip: str) -> bytes:
    body = bytes.fromhex("000108000604") + struct.pack(">H", operation)
    return body + mac(sender) + bytes(map(int, ip.split("."))) + bytes(6) + bytes([10, 66, 0, 99])


def test_a_probe_before_an_address_is_taken_tells_nothing() -> None:
    assert hear(ethernet(arp(1, CAMERA, "0.0.0.0"), 0x0806)) == []


def test_who_answers_for_another_tells_nothing() -> None:
    assert one(ethernet(arp(2, CAMERA, "10.66.0.10"), 0x0806)).target() == {"ip": "10.66.0.10", "mac": CAMERA}
    assert hear(ethernet(arp(2, CAMERA, "10.66.0.10"), 0x0806, source=SCANNER)) == []
    assert hear(ethernet(arp(2, ALL, "10.66.0.10"), 0x0806, source=ALL)) == []


def test_neighbour_discovery_of_ipv6() -> None:
    advertised = bytes([136, 0, 0, 0, 0x60, 0, 0, 0]) + mac("fe:80:00:00:00:00") + bytes(8) + b"\0\7"
    advertised += bytes([2, 1]) + mac(CAMERA)
    raw = ethernet(ipv6(advertised, "fe80::7", "ff02::1", 58), 0x86DD)
    assert one(raw).target() == {"ip": "fe80::7", "mac": CAMERA}
    assert hear(ethernet(ipv6(advertised, "fe80::7", "ff02::1", 58, hops=64), 0x86DD)) == []
    solicited = bytes([135, 0, 0, 0, 0, 0, 0, 0]) + bytes(15) + b"\1" + bytes([1, 1]) + mac(CAMERA)
    assert one(ethernet(ipv6(solicited, "fe80::9", "ff02::1", 58), 0x86DD)).target()["ip"] == "fe80::9"


# --- who reads what


@pytest.mark.parametrize("answer", ANSWERS, ids=lambda answer: answer.probe)
def test_every_answer_a_probe_reads_is_also_heard_in_passing(answer: object) -> None:
    reply = answer.reply.replace(b"%s", b"10.66.0.10")  # type: ignore[attr-defined]
    found = one(said(reply, answer.port))  # type: ignore[attr-defined]
    assert (found.kind, found.raw, found.ip) == (answer.kind, reply, "10.66.0.10")  # type: ignore[attr-defined]


def test_marked_answers_are_known_on_any_port() -> None:
    replies = {answer.probe: answer.reply.replace(b"%s", b"10.66.0.10") for answer in ANSWERS}
    for probe in ("dhip", "sadp", "ssdp", "ws_discovery"):
        assert [finding.kind for finding in hear(said(replies[probe], 49777))], probe
    assert hear(said(b"\x80\x60" + bytes(1200), 49777)) == []


def test_other_peoples_commands_and_their_answers_are_never_kept() -> None:
    secret = b"<ProbeMatch><Types>getcode</Types><Code>hunter2</Code><MAC>44-19-b6-00-00-07</MAC></ProbeMatch>"
    assert hear(said(secret, 37020)) == []
    assert hear(said(b"<Probe><Types>update</Types><Password>hunter2</Password></Probe>", 37020)) == []
    login = b"\x20\0\0\0DHIP" + bytes(24) + b'{"method":"DHDiscover.setConfig","params":{"password":"hunter2"}}'
    assert hear(said(login, 37810)) == []
    assert hear(said(login, 49777)) == []


def test_secrets_that_protocols_leak_are_cut_where_a_finding_becomes_evidence() -> None:
    found = one(said(HELLO.replace(b"</Hello>", b"<Salt>hunter2</Salt></Hello>"), 37020))
    assert found.raw is not None
    assert b"hunter2" not in kinds.redact(found.kind, found.raw)


def test_searches_of_others_say_nothing() -> None:
    for payload, port in (
        (b"M-SEARCH * HTTP/1.1\r\nHOST: 239.255.255.250:1900\r\nST: ssdp:all\r\n\r\n", 1900),
        (b"<Probe><Uuid>X</Uuid><Types>inquiry</Types></Probe>", 37020),
        (bytes.fromhex("000000000001000000000000") + b"\x04_arec\x04_tcp\x05local\0\0\x0c\0\1", 5353),
        (b"\xaa\xaa\0\0", 2000),
        (b"\1\0\0\0", 10001),
        (b"MHED\7\0\1\0\1\0\0\0" + bytes(128), 23456),
    ):
        assert hear(said(payload, port)) == [], port


def test_a_mac_is_only_kept_where_no_router_can_stand_between() -> None:
    datagram = udp(HELLO, 37020, 37020)
    assert one(ethernet(ipv4(datagram, "192.0.0.64"), 0x0800)).mac == CAMERA
    assert one(ethernet(ipv4(datagram, "192.0.0.64", ttl=63), 0x0800)).mac == ""
    assert one(ethernet(ipv4(datagram, "192.0.0.64", "10.66.0.1"), 0x0800, to=SCANNER)).mac == ""


def test_the_ports_table_names_kinds_that_have_readers() -> None:
    assert {kind for found in readers.PORTS.values() for kind in found} <= kinds.known()


# --- SADP without IP


def sadp_frame(operation: int, data: bytes = b"") -> bytes:
    head = bytes([0x21, 2, 1, 0xF6, 0, 0, 0, 1, 6, 4, operation, 0, 0, 0])
    return head + mac(CAMERA) + bytes([192, 0, 0, 64]) + bytes(10) + bytes([255, 255, 255, 0]) + data


def device(description: str = "DS-2CD2032-I", oem: int = 1) -> bytes:
    def filled(text: str, size: int) -> bytes:
        return text.encode().ljust(size, b"\0")

    told = filled("DS-2CD2032-I20140414CCWR123456789", 48) + struct.pack(">IIII", 30000, 8000, 1, 0)
    told += filled("V5.2.0build 140721", 48) + filled("V5.0, build 140714", 48) + filled("2014-11-01 10:00:00", 48)
    more = bytes([192, 0, 0, 1]) + bytes(32) + b"\x40\4\1\0" + bytes(28) + struct.pack(">HHB", 80, 0, oem) + bytes(31)
    return told + more + filled(description, 24) + filled("ACME", 24)


def test_an_answer_on_layer_2_is_read_to_its_last_field() -> None:
    found = one(ethernet(sadp_frame(4, device()), 0x8033))
    assert (found.kind, found.target()) == ("sadp.frame", {"ip": "192.0.0.64", "mac": CAMERA})
    assert found.raw is not None
    assert kinds.read("sadp.frame", found.raw) == {
        "operation": "answer", "MAC": CAMERA, "IPv4Address": "192.0.0.64", "IPv4SubnetMask": "255.255.255.0",
        "DeviceSN": "DS-2CD2032-I20140414CCWR123456789", "DeviceType": "30000", "CommandPort": "8000",
        "AnalogChannelNum": "1", "DiskNumber": "0", "SoftwareVersion": "V5.2.0build 140721",
        "DSPVersion": "V5.0, build 140714", "BootTime": "2014-11-01 10:00:00", "IPv4Gateway": "192.0.0.1",
        "DHCP": "1", "HttpPort": "80", "DigitalChannelNum": "0", "OEMCode": "1", "DeviceDescription": "DS-2CD2032-I",
        "OEMInfo": "ACME",
    }  # fmt: skip


@pytest.mark.parametrize("operation", [0x03, 0x06, 0x0A, 0x0C, 0x10])
def test_what_tools_send_on_layer_2_is_not_kept(operation: int) -> None:
    assert hear(ethernet(sadp_frame(operation, device()), 0x8033)) == []


# --- any bytes


@settings(max_examples=400, deadline=None)
@given(st.sampled_from(LINKS), st.binary(max_size=400))
def test_any_bytes_are_a_frame_or_not(link_type: int, raw: bytes) -> None:
    for found in hear(raw, link_type):
        assert found.raw is None or kinds.read(found.kind, found.raw)


@settings(max_examples=300, deadline=None)
@given(st.sampled_from([0x0800, 0x0806, 0x86DD, 0x8033, 0x88CC, 0x8100, 0x0040]), st.data())
def test_damaged_frames_are_read(kind: int, data: st.DataObject) -> None:
    whole = {
        0x0800: ipv4(udp(HELLO, 37020, 37020), "192.0.0.64"), 0x0806: arp(2, CAMERA, "10.66.0.10"),
        0x86DD: ipv6(udp(HELLO, 3702, 3702), "fe80::7"), 0x8033: sadp_frame(4, device()),
    }.get(kind, b"")  # fmt: skip
    at = data.draw(st.integers(0, len(whole)))
    damaged = whole[:at] + data.draw(st.binary(max_size=30)) + whole[data.draw(st.integers(at, len(whole))) :]
    for found in hear(ethernet(damaged, kind)):
        assert set(found.target()) <= {"ip", "mac", "vlan", "port", "transport"}
        assert found.mac == "" or neighbour.is_unit(found.mac)
