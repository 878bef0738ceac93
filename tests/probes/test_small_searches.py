"""The makers' own searches: bytes as in the protocol sheet, where they go, and which answers are kept."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from netaudit.net.exchange import Datagram, Reply
from netaudit.probes import ipro, ssdp, upnp_description
from netaudit.probes.base import SegmentProbe
from netaudit.scan.catalogue import all_probes
from tests.probes.allow_list import SEARCHES
from tests.probes.replies import ANSWERS, Answer

AT = "2026-11-23T05:00:00.000Z"
B = "255.255.255.255"
SEGMENT = {probe.name: probe for probe in all_probes().segment}

# Port, groups, fixed local port, groups listened to besides, unicast: the sheet's one-page table and sections.
PLACES = {
    "dahua_legacy": (5050, {B}, 5050, (), True),
    "xm": (34569, {B}, 34569, (), False),
    "tvt": (23456, {"234.55.55.55"}, 23456, ("234.55.55.56",), False),
    "reolink": (2000, {B}, 3000, (), True),
    "ubnt": (10001, {B, "233.89.188.1"}, 10001, (), True),
    "ipro": (10670, {B}, 10669, (), False),
    "sony": (2380, {B}, 2380, (), False),
    "tdp": (20002, {B}, None, (), True),
    "foscam": (10000, {B}, 10000, (), False),
    "vstarcam": (8600, {B}, 8600, (), False),
    "hanwha": (7701, {B}, 7711, (), False),
    "vivotek": (10000, {B}, None, (), False),
    "bosch": (1757, {B}, 1758, (), False),
    "mndp": (5678, {B}, 5678, (), False),
    "vision_360": (3600, {B}, 3600, (), False),
    "gige_vision": (3956, {B}, None, (), False),
    "hid": (4070, {B}, None, (), False),
    "lantronix": (30718, {B}, None, (), False),
    "microchip": (30303, {B}, None, (), False),
}
# What is asked on a second port besides: port, fixed local port.
ELSEWHERE = {"sony": (52380, 52380), "tdp": (20004, None)}
BINARY = [answer for answer in ANSWERS if answer.probe in PLACES]


def read(probe: SegmentProbe, *messages: bytes) -> list[str]:
    return [heard.kind for heard in probe.read(None, Reply("192.0.2.7", 1, messages, AT))]


@pytest.mark.parametrize("name", PLACES)
def test_where_a_search_goes_and_where_its_answer_is_awaited(name: str) -> None:
    port, groups, bind, listened, unicast = PLACES[name]
    probe = SEGMENT[name]
    asked = [one for one in probe.announce() if one.port == port]
    elsewhere = {(one.port, one.bind) for one in probe.announce() if one.port != port}
    assert elsewhere == ({ELSEWHERE[name]} if name in ELSEWHERE else set())
    assert {one.group for one in asked} == groups
    assert {(one.port, one.bind, one.listen_groups) for one in asked} == {(port, bind, listened)}
    assert all(one.repeats <= 3 for one in asked)
    ports = {port, *([ELSEWHERE[name][0]] if name in ELSEWHERE else [])}
    assert {(one.group, one.port) for one in probe.directed()} <= {(None, one) for one in ports}
    assert bool(probe.directed()) == unicast


@pytest.mark.parametrize("name", [name for name in PLACES if name != "ipro"])
def test_the_bytes_are_those_of_the_sheet(name: str) -> None:
    sent = {(one.port, one.payload) for one in (*SEGMENT[name].announce(), *SEGMENT[name].directed())}
    ports = [PLACES[name][0], *([ELSEWHERE[name][0]] if name in ELSEWHERE else [])]
    listed = {(port, bytes.fromhex(search)) for port in ports for search in SEARCHES[port]}
    assert sent <= listed
    assert name in ("foscam", "vivotek") or sent == listed


@pytest.mark.parametrize("answer", BINARY, ids=lambda answer: answer.probe)
def test_only_its_own_answers_are_kept(answer: Answer) -> None:
    probe = SEGMENT[answer.probe]
    assert read(probe, answer.reply) == [answer.kind]
    assert read(probe, *(one.payload for one in probe.announce())) == []
    others = [other.reply for other in BINARY if other.port == answer.port and other is not answer]
    assert read(probe, *others) == []


@given(st.sampled_from(BINARY), st.binary(max_size=60), st.integers(0, 500))
def test_cut_and_damaged_answers_break_nothing(answer: Answer, put: bytes, at: int) -> None:
    damaged = answer.reply[:at] + put + answer.reply[at + len(put) :]
    for message in (damaged, damaged[:at], put):
        assert set(read(SEGMENT[answer.probe], message)) <= {answer.kind}


# --- i-PRO ------------------------------------------------------------------------------------------------------------


def test_the_search_of_ipro_is_the_exact_form_with_its_checksum() -> None:
    (asked,) = ipro.PROBE.announce_from("a0:29:19:3e:ab:91", "192.168.1.121")
    sheet = (
        "0001 002a 000d 000000000000 a029193eab91 c0a80179 0000 20111e11231f1e1913 000002 01 0000000000000000000000"
        "fff0 0026 0020 0021 0022 0023 0025 0028 0040 0041 0042 0044 00a5 00a6 00a7 00a8 00ad 00b3 00b4 00b7 00b8 ffff"
    )
    assert asked.payload[:-2] == bytes.fromhex(sheet)
    assert len(asked.payload) == 94
    assert int.from_bytes(asked.payload[-2:]) == (sum(asked.payload[:-2]) + 1) % 65536


def test_ipro_asks_from_ipv4_only_and_without_a_mac_by_zeros() -> None:
    assert ipro.PROBE.announce_from("", "fd00::1") == ()
    (asked,) = ipro.PROBE.announce_from("", "127.0.0.1")
    assert asked.payload[12:22] == bytes(6) + bytes([127, 0, 0, 1])


# --- SSDP and the description -----------------------------------------------------------------------------------------


def test_a_search_of_upnp_has_the_lines_of_the_standard() -> None:
    first = ssdp.PROBE.announce()[0]
    assert first.payload == (
        b'M-SEARCH * HTTP/1.1\r\nHOST: 239.255.255.250:1900\r\nMAN: "ssdp:discover"\r\nMX: 2\r\n'
        b"ST: upnp:rootdevice\r\n\r\n"
    )
    targets = {one.label for one in ssdp.PROBE.announce() if one.group == ssdp.GROUP}
    assert targets == {
        "upnp:rootdevice", "ssdp:all", "urn:axis-com:service:BasicService:1",
        "urn:schemas-upnp-org:device:EmbeddedNetDevice:1", "urn:schemas-upnp-org:service:EmbeddedNetDeviceControl:1",
        "urn:schemas-upnp-org:device:DigitalSecurityCamera:1", "urn:schemas-upnp-org:device:Basic:1",
    }  # fmt: skip
    wide = {one.group: one.payload.split(b"\r\n")[1] for one in ssdp.PROBE.announce()}
    assert wide["ff02::c"] == b"HOST: [FF02::C]:1900"
    assert wide["ff05::c"] == b"HOST: [FF05::C]:1900"


def test_answers_announcements_and_the_xml_of_tvt_are_kept_and_searches_are_not() -> None:
    notify = b"NOTIFY * HTTP/1.1\r\nNT: upnp:rootdevice\r\nNTS: ssdp:alive\r\n\r\n"
    tvt = b"<multicastSearchResult><tcpIp><macAddr>00:18:ae:00:00:01</macAddr></tcpIp></multicastSearchResult>"
    ok = b"HTTP/1.1 200 OK\r\nst: upnp:rootdevice\r\n\r\n"
    assert read(ssdp.PROBE, notify, tvt, ok) == ["ssdp.reply"] * 3
    assert read(ssdp.PROBE, *(one.payload for one in ssdp.PROBE.announce()), b"HTTP/1.1 404\r\n\r\n", b"x") == []


def test_a_datagram_that_is_no_dialogue_gives_no_description() -> None:
    assert upnp_description.PROBE.read(Datagram(b"", 1), Reply("192.0.2.7", 1, (b"HTTP/1.1 200 OK\r\n\r\n",), AT)) == ()
