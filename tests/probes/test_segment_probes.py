"""Discovery probes: request bytes as in the fact sheet, replies as recorded."""

import re

import pytest

from netaudit.evidence import kinds
from netaudit.evidence.dns import build_query
from netaudit.net.exchange import Reply
from netaudit.probes import dhip, mdns, sadp, ws_discovery
from netaudit.probes.base import SegmentProbe
from tests.probes.soap_server import RECORDED

AT = "2026-11-23T05:00:00.000Z"
SHEET_PROBE = (
    '<?xml version="1.0" encoding="UTF-8"?><e:Envelope xmlns:e="http://www.w3.org/2003/05/soap-envelope"'
    ' xmlns:w="http://schemas.xmlsoap.org/ws/2004/08/addressing"'
    ' xmlns:d="http://schemas.xmlsoap.org/ws/2005/04/discovery"'
    ' xmlns:dn="http://www.onvif.org/ver10/network/wsdl"><e:Header><w:MessageID>urn:uuid:UUID</w:MessageID>'
    '<w:To e:mustUnderstand="true">urn:schemas-xmlsoap-org:ws:2005:04:discovery</w:To>'
    '<w:Action e:mustUnderstand="true">http://schemas.xmlsoap.org/ws/2005/04/discovery/Probe</w:Action></e:Header>'
    "<e:Body><d:Probe><d:Types>dn:NetworkVideoTransmitter</d:Types></d:Probe></e:Body></e:Envelope>"
)
UUID = re.compile(rb"[0-9a-fA-F]{8}(?:-[0-9a-fA-F]{4}){3}-[0-9a-fA-F]{12}")

SADP_REPLY = (
    b'<?xml version="1.0" encoding="UTF-8"?>\r\n<ProbeMatch>\r\n<Uuid>1</Uuid>\r\n<Types>inquiry</Types>\r\n'
    b"<DeviceDescription>DS-2CD2385G1-I</DeviceDescription>\r\n<MAC>58-50-ed-1f-e3-85</MAC>\r\n</ProbeMatch>\r\n"
)
DHIP_REPLY = (
    b'{"mac":"4c:11:bf:c2:0b:9d","method":"client.notifyDevInfo","params":{"deviceInfo":{"DeviceClass":"IPC",'
    b'"DeviceType":"IPC-HDW5421S","Vendor":"Dahua","SerialNo":"1F006E4PAX00075"}}}\n\0'
)


def heard(probe: SegmentProbe, *messages: bytes) -> list[str]:
    return [item.kind for item in probe.read(None, Reply("192.0.2.7", 59005, messages, AT))]


def recorded(name: str) -> bytes:
    return (RECORDED / name).read_bytes()


def test_the_probe_is_the_one_of_the_sheet() -> None:
    payload = ws_discovery.PROBE.announce()[0].payload
    assert UUID.sub(b"UUID", payload).decode() == SHEET_PROBE


def test_each_probe_has_its_own_message_id_and_no_line_break() -> None:
    payloads = [datagram.payload for _ in range(2) for datagram in ws_discovery.PROBE.announce()]
    ids = [UUID.findall(payload) for payload in payloads]
    assert all(len(found) == 1 for found in ids)
    assert len({found[0] for found in ids}) == len(payloads)
    assert not any(b"\n" in payload for payload in payloads)


def test_types_are_asked_one_at_a_time_and_once_with_the_prefix_declared_on_them() -> None:
    types = [re.findall(rb"<d:Probe>(.*)</d:Probe>", datagram.payload)[0] for datagram in ws_discovery.PROBE.announce()]
    assert types[5:] == types[:5]
    assert types[:5] == [
        b"<d:Types>dn:NetworkVideoTransmitter</d:Types>",
        b"",
        b"<d:Types>tds:Device</d:Types>",
        b'<d:Types xmlns:dn="http://www.onvif.org/ver10/network/wsdl">dn:NetworkVideoTransmitter</d:Types>',
        b"",
    ]


@pytest.mark.parametrize("name", ["ipycam", "onvif_simple_server", "python_ws_discovery", "windows_like_computer"])
def test_matches_are_kept_as_heard_wrapped_or_not_from_any_port(name: str) -> None:
    message = recorded(f"wsd_{name}.xml")
    (found,) = ws_discovery.PROBE.read(None, Reply("192.0.2.7", 59005, (message,), AT))
    assert (found.kind, found.raw) == ("wsd.probe_match", message)


def test_our_own_probe_and_empty_matches_are_dropped() -> None:
    empty = recorded("wsd_onvif_simple_server.xml")
    empty = re.sub(rb"<wsdd:ProbeMatch>.*</wsdd:ProbeMatch>", b"", empty)
    assert heard(ws_discovery.PROBE, empty, *(one.payload for one in ws_discovery.PROBE.announce())) == []
    assert heard(ws_discovery.PROBE, SADP_REPLY) == []


def test_sadp_sends_exactly_the_two_inquiries() -> None:
    sent = {UUID.sub(b"UUID", datagram.payload) for datagram in sadp.PROBE.announce()}
    start = b'<?xml version="1.0" encoding="utf-8"?><Probe><Uuid>UUID</Uuid><Types>'
    assert sent == {start + b"inquiry</Types></Probe>", start + b"inquiry_v32</Types></Probe>"}
    assert {(one.group, one.port, one.bind) for one in sadp.PROBE.announce()} == {
        ("239.255.255.250", 37020, 37020),
        ("255.255.255.255", 37020, 37020),
    }
    uuids = [UUID.findall(datagram.payload)[0] for datagram in sadp.PROBE.announce()]
    assert all(uuid == uuid.upper() for uuid in uuids)


def test_sadp_keeps_replies_also_behind_a_binary_header_and_malformed() -> None:
    assert heard(sadp.PROBE, SADP_REPLY, b"\x21\x01\x00\x42" + SADP_REPLY) == ["sadp.reply"] * 2
    assert heard(sadp.PROBE, SADP_REPLY.replace(b"</MAC>", b"")) == ["sadp.reply"]
    assert heard(sadp.PROBE, SADP_REPLY.replace(b"ProbeMatch", b"Hello").replace(b"inquiry", b"hello")) == [
        "sadp.reply"
    ]


def test_sadp_drops_what_other_tools_are_told() -> None:
    secret = SADP_REPLY.replace(b"inquiry", b"getencryptstring")
    assert heard(sadp.PROBE, secret, *(one.payload for one in sadp.PROBE.announce())) == []


def test_dhip_sends_the_bytes_of_the_sheet() -> None:
    sheet = bytes.fromhex(
        "20 00 00 00 44 48 49 50 00 00 00 00 00 00 00 00 3b 00 00 00 00 00 00 00 3b 00 00 00 00 00 00 00"
    )
    body = b'{"method":"DHDiscover.search","params":{"mac":"","uni":1}}\n'
    assert sheet + body == dhip.SEARCH
    assert [one.group for one in dhip.PROBE.announce()] == ["239.255.255.251", "255.255.255.255"]
    assert [one.group for one in dhip.PROBE.directed()] == [None]


def test_dhip_keeps_announcements_and_drops_searches_and_commands() -> None:
    message = dhip.SEARCH[:32] + DHIP_REPLY
    assert heard(dhip.PROBE, message) == ["dhip.reply"]
    assert kinds.read("dhip.reply", message)["Vendor"] == "Dahua"
    command = dhip.SEARCH[:32] + b'{"method":"DHDiscover.setConfig","params":{"password":"x"}}'
    assert heard(dhip.PROBE, dhip.SEARCH, command, DHIP_REPLY) == []


def test_mdns_keeps_answers_and_drops_questions() -> None:
    assert heard(mdns.PROBE, recorded("mdns_axis.bin"), recorded("mdns_psia.bin")) == ["mdns.service"] * 2
    assert heard(mdns.PROBE, recorded("mdns_query.bin"), recorded("mdns_query_types.bin")) == []
    assert heard(mdns.PROBE, *(one.payload for one in mdns.PROBE.announce())) == []


def test_mdns_asks_again_for_types_it_did_not_know_with_their_own_spelling() -> None:
    message = _named_types("_NewCam._tcp.local", "_rtsp._tcp.local")
    (again,) = mdns.PROBE.again(Reply("192.0.2.7", 5353, (message,), AT))
    assert again.payload == build_query([("_NewCam._tcp.local", "PTR")], True)
    assert again.group is None


def test_mdns_asks_nothing_more_of_a_complete_answer() -> None:
    assert not mdns.PROBE.again(Reply("192.0.2.7", 5353, (recorded("mdns_printer.bin"),), AT))


def _named_types(*names: str) -> bytes:
    """A DNS answer in which the list of all types points to these."""
    question = _encoded("_services._dns-sd._udp.local")
    answers = b"".join(
        question + b"\x00\x0c\x00\x01\x00\x00\x11\x94" + len(_encoded(name)).to_bytes(2) + _encoded(name)
        for name in names
    )
    return b"\x00\x00\x84\x00\x00\x00" + len(names).to_bytes(2) + bytes(4) + answers


def _encoded(name: str) -> bytes:
    return b"".join(bytes([len(label)]) + label.encode() for label in name.split(".")) + b"\0"
