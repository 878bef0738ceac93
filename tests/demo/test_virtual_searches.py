"""The search protocols of the virtual devices: to the address, and to the multicast group on loopback."""

import socket

import pytest

from netaudit.evidence import kinds
from netaudit.evidence.fields import every, first
from tests.demo.clients import INQUIRY, M_SEARCH, SOON, ask, dhip, probe, ptr_query, silent
from tests.demo.conftest import Standing


def _speakers(standing: Standing, protocol: str) -> set[str]:
    return {device.address for device in standing.building.plan.devices if protocol in device.services}


def test_ws_discovery_to_the_address(shared: Standing) -> None:
    ((data, sender),) = ask(shared.at(1, 3), 3702, probe())
    fields = kinds.read("wsd.probe_match", data)
    assert sender == shared.at(1, 3)
    assert first(fields, "scope.hardware") == "DS-2CD2385G1-I"
    assert first(fields, "scope.mac") == "58:50:ed:77:01:03"
    assert first(fields, "endpoint").endswith("-5850ed770103")
    assert every(fields, "types") == ("dn:NetworkVideoTransmitter", "tds:Device")


def test_ws_discovery_answers_relate_to_the_question(shared: Standing) -> None:
    ((data, _),) = ask(shared.at(1, 9), 3702, probe(message_id=b"&lt;odd&gt;"))
    assert b"<wsa:RelatesTo>urn:uuid:&lt;odd&gt;</wsa:RelatesTo>" in data


@pytest.mark.parametrize(
    ("types", "host", "answers"),
    [
        (b"dn:NetworkVideoTransmitter", 3, True),
        (b"x:Device", 3, True),
        (b"", 3, True),
        (b"dn:NetworkVideoTransmitter tds:Device", 3, True),
        (b"dn:NetworkVideoDisplay", 3, False),
        (b"dn:NetworkVideoTransmitter", 25, False),
        (b"", 25, True),
        (b"", 26, True),
    ],
)
def test_ws_discovery_types_are_and(shared: Standing, types: bytes, host: int, answers: bool) -> None:
    address = shared.at(1, host)
    if answers:
        assert ask(address, 3702, probe(types))
    else:
        assert silent(address, 3702, probe(types), probe(b""))


@pytest.mark.parametrize("data", [b"", b"hello", b"<a/>", b'<!DOCTYPE a [<!ENTITY b "c">]><a>&b;</a>', b"\xff" * 2000])
def test_ws_discovery_ignores_what_is_no_probe(shared: Standing, data: bytes) -> None:
    assert silent(shared.at(1, 3), 3702, data, probe())


def test_sadp_to_the_address(shared: Standing) -> None:
    for types in (b"inquiry", b"inquiry_v32"):
        ((data, _),) = ask(shared.at(1, 29), 37020, INQUIRY % types)
        fields = kinds.read("sadp.reply", data)
        assert first(fields, "Types") == types.decode()
        assert first(fields, "Uuid") == "0AF6-77"
        assert first(fields, "DeviceDescription") == "TVB-5403"
        assert first(fields, "OEMInfo") == "Interlogix"
        assert first(fields, "SpecificDeviceType") == "Neutral"
        assert first(fields, "SoftwareVersion") == "V5.4.6build 171020"


def test_a_factory_fresh_unit_says_so(shared: Standing) -> None:
    ((data, _),) = ask(shared.at(3, 10), 37020, INQUIRY % b"inquiry")
    assert first(kinds.read("sadp.reply", data), "Activated") == "false"


@pytest.mark.parametrize("types", [b"update", b"reset", b"activate", b"getencryptstring", b"reboot"])
def test_other_sadp_types_stay_unanswered_and_are_harm(fresh: Standing, types: bytes) -> None:
    assert silent(fresh.at(1, 3), 37020, INQUIRY % types, INQUIRY % b"inquiry")
    assert fresh.harm(fresh.at(1, 3)) == [f"SADP {types.decode()} changes or reveals"]


def test_dhip_to_the_address(shared: Standing) -> None:
    ((data, _),) = ask(shared.at(2, 2), 37810, dhip())
    fields = kinds.read("dhip.reply", data)
    assert first(fields, "mac") == "9c:8e:cd:77:02:02"
    assert first(fields, "Vendor") == "Amcrest"
    assert first(fields, "DeviceType") == "IP8M-2496E"
    assert first(fields, "IPv4Address.IPAddress") == shared.at(2, 2)


@pytest.mark.parametrize("method", ["DHDiscover.setConfig", "DevInit.account", "global.login"])
def test_other_dhip_methods_stay_unanswered_and_are_harm(fresh: Standing, method: str) -> None:
    assert silent(fresh.at(1, 9), 37810, dhip(method), dhip())
    assert fresh.harm(fresh.at(1, 9)) == [f"DHIP {method} changes or reveals"]


@pytest.mark.parametrize("data", [b"", b"{}", dhip()[32:], dhip()[:40], b"\x20\0\0\0DHIP" + bytes(24) + b"[1]"])
def test_dhip_ignores_what_is_not_well_formed(shared: Standing, data: bytes) -> None:
    assert silent(shared.at(1, 9), 37810, data, dhip())


def test_mdns_to_the_address(shared: Standing) -> None:
    ((data, _),) = ask(shared.at(1, 13), 5353, ptr_query("_axis-video._tcp.local"))
    assert data[:2] == b"\0\7"
    fields = kinds.read("mdns.service", data)
    assert first(fields, "instance") == "AXIS P3245-LVE - ACCC8E77010D"
    assert first(fields, "txt.macaddress") == "ACCC8E77010D"
    ((data, _),) = ask(shared.at(1, 13), 5353, ptr_query("_services._dns-sd._udp.local"))
    assert b"_axis-video" in data
    assert b"\x05_http\x04_tcp" in data


@pytest.mark.parametrize(
    "data",
    [
        b"",
        b"\0" * 12,
        ptr_query("_ipp._tcp.local"),
        b"\0\7\0\0\0\1" + bytes(6) + b"\xc0\x0c\0\x0c\0\1",
        ptr_query("a")[:14],
    ],
)
def test_mdns_ignores_other_questions_and_malformed_ones(shared: Standing, data: bytes) -> None:
    assert silent(shared.at(1, 13), 5353, data, ptr_query("_axis-video._tcp.local"))


def test_ssdp_to_the_address_and_its_description(shared: Standing) -> None:
    ((data, _),) = ask(shared.at(1, 13), 1900, M_SEARCH % b"urn:axis-com:service:BasicService:1")
    fields = kinds.read("ssdp.reply", data)
    assert first(fields, "usn").startswith("uuid:Upnp-BasicDevice-1_0-ACCC8E77010D::")
    assert first(fields, "location") == f"http://{shared.device(shared.at(1, 13)).values['http']}/rootdesc1.xml"
    assert silent(shared.at(1, 13), 1900, M_SEARCH % b"urn:other", M_SEARCH % b"ssdp:all")


def test_ubiquiti_to_the_address(shared: Standing) -> None:
    ((data, _),) = ask(shared.at(3, 11), 10001, b"\1\0\0\0")
    assert "UVC G4 Pro" in str(kinds.read("ubnt.reply", data))
    assert silent(shared.at(3, 11), 10001, b"\2\6\0\0", b"\1\0\0\0")


def test_reolink_answers_to_port_3000(shared: Standing) -> None:
    with (
        socket.socket(socket.AF_INET, socket.SOCK_DGRAM) as heard,
        socket.socket(socket.AF_INET, socket.SOCK_DGRAM) as asker,
    ):
        # An address of our own, so that two of these tests never meet on 127.0.0.1:3000.
        ours = shared.at(99, 1)
        # A scan that another worker runs may hold the port for all addresses.
        heard.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
        heard.bind((ours, 3000))
        heard.settimeout(SOON)
        asker.bind((ours, 0))
        asker.sendto(b"\xaa\xaa\0\0", (shared.at(2, 16), 2000))
        data = heard.recv(1024)
    assert len(data) == 388
    assert "RLC-810A" in str(kinds.read("reolink.reply", data))


@pytest.mark.parametrize(
    ("group", "port", "question", "protocol"),
    [
        ("239.255.255.250", 3702, probe(b""), "wsd"),
        ("239.255.255.250", 37020, INQUIRY % b"inquiry", "sadp"),
        ("239.255.255.251", 37810, dhip(), "dhip"),
        ("239.255.255.250", 1900, M_SEARCH % b"ssdp:all", "ssdp"),
        ("224.0.0.251", 5353, ptr_query("_services._dns-sd._udp.local"), "mdns"),
    ],
)
def test_multicast_on_loopback_reaches_all_who_speak_it_or_is_said_not_to(
    shared: Standing, group: str, port: int, question: bytes, protocol: str
) -> None:
    if any(f"{group}:{port} does not work" in notice for notice in shared.building.stage.notices):
        pytest.skip("this system has no multicast on loopback, and the building says so")
    block = shared.at(0, 0).rsplit(".", 2)[0] + "."
    senders = {sender for _, sender in ask(group, port, question) if sender.startswith(block)}
    assert senders == _speakers(shared, protocol)
