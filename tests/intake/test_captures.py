"""Captures: everything that devices say passively, in both formats, cut, tagged, in pieces; and what is not kept."""

import shutil
import struct
import subprocess
from pathlib import Path

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from netaudit.evidence.kinds import read as read_kind
from netaudit.intake.formats.capture import FORMAT
from netaudit.intake.model import Told
from tests.intake import frames
from tests.intake.support import source_of

ROOT = Path(__file__).resolve().parents[2]
SADP = (
    b'<?xml version="1.0" encoding="UTF-8"?><ProbeMatch><Uuid>X</Uuid><Types>inquiry</Types>'
    b"<DeviceDescription>DS-2CD2385G1-I</DeviceDescription><MAC>44-19-b6-0a-0b-0c</MAC></ProbeMatch>"
)
SSDP = b"NOTIFY * HTTP/1.1\r\nHOST: 239.255.255.250:1900\r\nNT: upnp:rootdevice\r\nSERVER: Linux UPnP/1.0 cam\r\n\r\n"
HTTP = b"HTTP/1.1 200 OK\r\nServer: App-webs/\r\nSet-Cookie: sid=hunter2; path=/\r\nContent-Type: text/html\r\n\r\n"
PAGE = b"<html><head><title>Gate 7</title></head><body>the admin password is hunter2</body></html>"
RTSP = b'RTSP/1.0 401 Unauthorized\r\nCSeq: 2\r\nWWW-Authenticate: Digest realm="Login to 1F006E4", nonce="2"\r\n\r\n'


def told(tmp_path: Path, data: bytes, name: str = "c.pcap") -> tuple[list[Told], list[str]]:
    source = source_of(frames.write(tmp_path / name, data))
    found = list(FORMAT.read(source))
    assert all(isinstance(item, Told) for item in found)
    return [item for item in found if isinstance(item, Told)], source.losses


def announced() -> list[bytes]:
    return [
        frames.ethernet(frames.arp() + bytes(18), 0x0806),
        frames.ethernet(frames.ipv4(frames.udp(SSDP, 50000, 1900), 17, to="239.255.255.250"), to=frames.GROUP),
        frames.ethernet(frames.ipv4(frames.udp(SADP, 37020, 37020), 17, to="239.255.255.250"), to=frames.GROUP),
        frames.ethernet(frames.ipv4(frames.tcp(HTTP + PAGE, 80), 6)),
        frames.ethernet(frames.ipv4(frames.tcp(RTSP, 554), 6)),
        frames.ethernet(frames.ipv4(frames.tcp(b"SSH-2.0-dropbear_2019.78\r\nrest", 22), 6)),
    ]


KINDS = ["link.mac", "ssdp.reply", "sadp.reply", "http.response", "rtsp.response", "banner"]


@pytest.mark.parametrize(
    "data",
    [
        frames.pcap(announced()), frames.pcap(announced(), order=">"), frames.pcap(announced(), nano=True),
        frames.pcapng(announced()), frames.pcapng(announced(), order=">"), frames.pcapng(announced(), resolution=9),
    ],
    ids=["pcap", "big end first", "nanoseconds", "pcapng", "pcapng big end first", "pcapng nanoseconds"],
)  # fmt: skip
def test_each_kind_of_file_gives_the_same(tmp_path: Path, data: bytes) -> None:
    found, losses = told(tmp_path, data)
    assert sorted(item.kind for item in found) == sorted(KINDS)
    assert {item.target["ip"] for item in found} == {"10.20.0.7"}
    assert [item.at for item in found if item.kind == "link.mac"] == ["2023-11-14T22:13:20.250Z"]
    assert [item.row for item in found if item.kind == "sadp.reply"] == [3]
    assert losses == []


def test_tags_options_and_other_links_are_seen_through(tmp_path: Path) -> None:
    plain = frames.ipv4(frames.udp(SSDP, 50000, 1900), 17, to="239.255.255.250")
    cooked = struct.pack(">HHH", 1, 1, 6) + frames.CAMERA + bytes(2) + struct.pack(">H", 0x0800) + plain
    tagged = frames.ethernet(plain, to=frames.GROUP, tags=(100, 20))
    for data in (frames.pcap([tagged]), frames.pcap([cooked], link=113), frames.pcap([plain], link=101)):
        [item], _ = told(tmp_path, data)
        assert (item.kind, item.target["ip"]) == ("ssdp.reply", "10.20.0.7")
    [item], _ = told(tmp_path, frames.pcap([tagged]))
    assert item.target["vlan"] == 20
    options = frames.ipv4(frames.tcp(RTSP, 554), 6, options=b"\x94\x04\x00\x00")
    [item], _ = told(tmp_path, frames.pcap([frames.ethernet(options)]))
    assert item.kind == "rtsp.response"


def test_six_is_read_as_four_is(tmp_path: Path) -> None:
    speech = [frames.ipv6(frames.tcp(RTSP, 554), 6), frames.ipv6(frames.udp(SSDP, 50000, 1900), 17, to="ff02::c")]
    found, _ = told(tmp_path, frames.pcap([frames.ethernet(each, 0x86DD) for each in speech]))
    assert {(item.kind, item.target["ip"]) for item in found} == {
        ("rtsp.response", "fd00::7"),
        ("ssdp.reply", "fd00::7"),
    }


def test_an_answer_in_pieces_is_put_together(tmp_path: Path) -> None:
    whole = frames.udp(SADP, 37020, 37020)
    cut = 104
    parts = [
        frames.ipv4(whole[:cut], 17, fragment=0x2000), frames.ipv4(whole[cut:], 17, fragment=cut // 8),
    ]  # fmt: skip
    for order in (parts, parts[::-1]):
        [item], _ = told(tmp_path, frames.pcap([frames.ethernet(part) for part in order]))
        assert (item.kind, item.raw) == ("sadp.reply", SADP)


def test_an_answer_over_several_segments_in_any_order_and_twice(tmp_path: Path) -> None:
    text = HTTP + b"<html>" + b" " * 3000 + PAGE
    pieces = [(1000 + at, text[at : at + 900]) for at in range(0, len(text), 900)]
    order = [pieces[0], pieces[2], pieces[2], pieces[1], *pieces[3:]]
    captured = [frames.ethernet(frames.ipv4(frames.tcp(data, 80, sequence=at), 6)) for at, data in order]
    [item], _ = told(tmp_path, frames.pcap(captured))
    assert item.raw is not None
    assert read_kind("http.response", item.raw)["title"] == "Gate 7"
    assert item.target == {"ip": "10.20.0.7", "port": 80, "transport": "tcp"}


def test_numbers_that_run_over_their_end_are_no_hindrance(tmp_path: Path) -> None:
    first, second = HTTP + b"<html><ti", b"tle>Gate 7</title>"
    start = 2**32 - 10
    captured = [
        frames.ethernet(frames.ipv4(frames.tcp(data, 80, sequence=at), 6))
        for at, data in ((start, first), (start + len(first), second))
    ]
    [item], _ = told(tmp_path, frames.pcap(captured))
    assert item.raw is not None
    assert read_kind("http.response", item.raw)["title"] == "Gate 7"


def test_nothing_of_other_peoples_sessions_is_kept(tmp_path: Path) -> None:
    found, _ = told(tmp_path, frames.pcap(announced()))
    [page] = [item for item in found if item.kind == "http.response"]
    assert page.raw is not None
    assert b"hunter2" not in page.raw
    assert b"Set-Cookie: sid=*" in page.raw
    request = b"GET / HTTP/1.1\r\nAuthorization: Basic aHVudGVyMg==\r\n\r\n"
    assert told(tmp_path, frames.pcap([frames.ethernet(frames.ipv4(frames.tcp(request, 40001, to=80), 6))]))[0] == []


def test_the_same_said_again_is_one_finding(tmp_path: Path) -> None:
    assert len(told(tmp_path, frames.pcap(announced() * 50))[0]) == len(KINDS)


def test_a_certificate_of_a_plain_handshake_is_kept_and_an_encrypted_one_is_not_waited_for(tmp_path: Path) -> None:
    der = ROOT / "tests" / "recorded" / "tls"
    der_bytes = next(path for path in sorted(der.rglob("*")) if path.is_file()).read_bytes()
    listed = len(der_bytes).to_bytes(3) + der_bytes
    certificate = b"\x0b" + (len(listed) + 3).to_bytes(3) + len(listed).to_bytes(3) + listed
    hello = b"\x02" + (40).to_bytes(3) + bytes(40)
    text = b"".join(b"\x16\x03\x03" + len(part).to_bytes(2) + part for part in (hello, certificate))
    pieces = [(1000 + at, text[at : at + 500]) for at in range(0, len(text), 500)]
    captured = [frames.ethernet(frames.ipv4(frames.tcp(data, 443, sequence=at), 6)) for at, data in pieces]
    [item], _ = told(tmp_path, frames.pcap(captured))
    assert (item.kind, item.raw) == ("tls.certificate", der_bytes)
    encrypted = b"\x16\x03\x03" + len(hello).to_bytes(2) + hello + b"\x17\x03\x03\x00\x20" + bytes(32)
    assert told(tmp_path, frames.pcap([frames.ethernet(frames.ipv4(frames.tcp(encrypted, 443), 6))]))[0] == []


@pytest.mark.parametrize("make", [frames.pcap, frames.pcapng], ids=["pcap", "pcapng"])
def test_a_capture_cut_anywhere_is_read_to_its_end(tmp_path: Path, make: object) -> None:
    data = make(announced())  # type: ignore[operator]
    full = len(told(tmp_path, data)[0])
    counts = []
    for size in range(25, len(data), 37):
        found, losses = told(tmp_path, data[:size])
        counts.append(len(found))
        assert losses or found
    assert counts == sorted(counts)
    assert counts[-1] >= full - 1


def test_packets_that_the_capture_cut_are_counted(tmp_path: Path) -> None:
    found, losses = told(tmp_path, frames.pcap(announced(), snap=60))
    assert "link.mac" in {item.kind for item in found}
    assert losses == ["5 of 6 packets were cut when they were captured (snap length)"]


def test_damage_in_the_middle_says_so_and_keeps_what_came_before(tmp_path: Path) -> None:
    data = frames.pcap(announced()[:2]) + struct.pack("<IIII", 1, 1, 0x7FFFFFFF, 1) + bytes(100)
    found, losses = told(tmp_path, data)
    assert len(found) == 2
    assert "claims 2147483647 bytes" in losses[0] or "in the middle of a packet" in losses[0]


def test_keys_and_names_in_a_capture_are_passed_over(tmp_path: Path) -> None:
    data = frames.pcapng(announced()[:1])
    secrets = frames.block(0x0A, struct.pack("<II", 0x544C534B, 12) + b"CLIENT_RANDOM   ")
    found, losses = told(tmp_path, data + secrets + data)
    assert (len(found), losses) == (1, [])


def test_one_flow_of_media_on_a_port_of_ours_is_passed_over_after_a_while(tmp_path: Path) -> None:
    media = [
        frames.ethernet(frames.ipv4(frames.udp(b"\x80\x60" + n.to_bytes(4) + bytes(50), 10000, 10001), 17))
        for n in range(200)
    ]
    assert told(tmp_path, frames.pcap(media))[0] == []


FRAME = st.one_of(
    st.binary(max_size=120), st.sampled_from(announced()),
    st.builds(lambda whole, at, new: whole[:at] + new + whole[at + len(new) :], st.sampled_from(announced()),
              st.integers(0, 200), st.binary(max_size=6)),
)  # fmt: skip


@settings(suppress_health_check=[HealthCheck.function_scoped_fixture], max_examples=80, deadline=None)
@given(
    captured=st.lists(FRAME, max_size=12),
    tail=st.binary(max_size=40),
    newer=st.booleans(),
    link=st.sampled_from([1, 113, 101, 276, 0]),
)
def test_no_bytes_break_it(tmp_path: Path, captured: list[bytes], tail: bytes, newer: bool, link: int) -> None:
    data = frames.pcapng(captured, link=link) if newer else frames.pcap(captured, link=link)
    for item in told(tmp_path, data + tail)[0]:
        assert item.row >= 1


@pytest.mark.skipif(shutil.which("tcpdump") is None, reason="needs tcpdump")
def test_what_tcpdump_itself_writes_is_read_and_the_counts_agree(tmp_path: Path) -> None:
    made = frames.write(tmp_path / "made.pcap", frames.pcap(announced() * 3))
    again = tmp_path / "again.pcap"
    subprocess.run(["tcpdump", "-r", str(made), "-w", str(again), "-U"], check=True, capture_output=True)
    assert len(told(tmp_path, again.read_bytes())[0]) == len(KINDS)


@pytest.mark.parametrize(("code", "size"), [(9, 1), (14, 8)], ids=["resolution", "offset"])
def test_an_option_cut_from_its_value_is_passed_over(tmp_path: Path, code: int, size: int) -> None:
    whole = frames.pcapng(announced()[:1])
    option = struct.pack("<HH", code, size)  # the block ends where the value should begin
    interface = frames.block(1, struct.pack("<HHI", 1, 0, 0) + option)
    begin = frames.block(0x0A0D0D0A, struct.pack("<IHHq", 0x1A2B3C4D, 1, 0, -1))
    packet = whole[len(begin) + struct.unpack_from("<I", whole, len(begin) + 4)[0] :]
    items, _ = told(tmp_path, begin + interface + packet, "c.pcapng")
    assert items
