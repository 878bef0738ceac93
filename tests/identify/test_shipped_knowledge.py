"""The built-in signatures on facts of the field: true makers found, innocents left alone."""

from functools import cache

import pytest

from netaudit.evidence.observation import Observation
from netaudit.identify.knowledge import Knowledge, load_knowledge
from tests.identify.support import heard, mac, one

COVERED = {"hikvision", "dahua", "ezviz", "hikmicro", "huawei", "zte", "hytera", "uniview", "tiandy", "tvt", "xiongmai"}


@cache
def shipped() -> Knowledge:
    return load_knowledge()


@pytest.mark.parametrize(
    ("fields", "maker", "brand", "relabelled", "kind"),
    [
        (
            {"DeviceClass": "IPC", "DeviceType": "IPC-HDW5421S", "SerialNo": "1F006E4PAX00075", "Vendor": "Dahua",
             "Manufacturer": "Private", "Version": "2.400.0.8", "mac": "4c:11:bf:c2:0b:9d"},
            "dahua", "dahua", False, "camera",
        ),
        (
            {"DeviceClass": "BSC", "DeviceType": "SS 3530 MF FACE W", "Manufacturer": "Intelbras",
             "SerialNo": "K3LJ3400209RH", "Version": "2.000.00IB004.0.R"},
            "dahua", "intelbras", True, "access_control",
        ),
        (
            {"DeviceClass": "IPC", "DeviceType": "IP8M-2496E", "Vendor": "Amcrest", "Version": "2.800.00AC000.0.R"},
            "dahua", "amcrest", True, "camera",
        ),
        ({"DeviceClass": "VTO", "DeviceType": "VTO2000A", "Vendor": "General"}, "dahua", None, None, "intercom"),
    ],
)  # fmt: skip
def test_dhip_answers(
    fields: dict[str, str], maker: str, brand: str | None, relabelled: bool | None, kind: str
) -> None:
    device = one([heard("dhip.reply", {"method": "client.notifyDevInfo", **fields})], shipped())
    assert (device.maker.value, device.maker.grade) == (maker, "confirmed")
    assert (device.brand.value, device.relabelled, device.type.value) == (brand, relabelled, kind)


def test_sadp_answer_of_a_genuine_camera() -> None:
    device = one([heard("sadp.reply", {
        "Types": "inquiry", "DeviceDescription": "DS-2CD2385G1-I", "DeviceSN": "DS-2CD2385G1-I20190715AAWRD12345678",
        "SoftwareVersion": "V5.6.3build 190923", "MAC": "58-50-ed-1f-e3-85",
    })], shipped())  # fmt: skip
    assert (device.maker.value, device.maker.grade, device.type.value) == ("hikvision", "confirmed", "camera")
    assert device.model.value == "DS-2CD2385G1-I"


def test_interlogix_server_with_sadp_is_relabelled() -> None:
    lines = [
        heard("http.response", {"header.server": "Interlogix-Webs"}),
        heard("sadp.reply", {"DeviceDescription": "TVB-5602", "DeviceSN": "TVB-560220190715AAWRD12345678"}),
    ]
    device = one(lines, shipped())
    assert (device.maker.value, device.brand.value, device.relabelled) == ("hikvision", "truvision", True)


def test_axis_by_realm_and_mac() -> None:
    lines = [mac("ac:cc:8e:01:23:45"), heard("http.response", {"realm": "AXIS_ACCC8E012345"})]
    device = one(lines, shipped())
    assert (device.maker.value, device.maker.grade, device.brand.value) == ("axis", "confirmed", "axis")


def test_contradicting_layers_decide_nothing() -> None:
    device = one([mac("58:50:ed:1f:e3:85"), heard("rtsp.response", {"realm": "Login to 1F006E4PAX00075"})], shipped())
    assert device.maker.value is None
    assert "Dahua" in device.contradictions[0].text
    assert "Hikvision" in device.contradictions[0].text


@pytest.mark.parametrize(
    "line",
    [
        heard("http.response", {"header.server": "Webs"}),
        heard("http.response", {"header.server": "GoAhead-Webs", "title": "Login"}),
        heard("http.response", {"header.server": "nginx/1.24.0", "title": "Welcome to nginx!"}),
        heard("http.response", {"header.server": "Apache", "title": "DiskStation", "realm": "Login to the router"}),
        heard("http.response", {"title": "HP LaserJet Pro MFP", "header.server": "HP HTTP Server"}),
        heard("rtsp.response", {"realm": "LIVE555 Streaming Media", "server": "GStreamer RTSP server"}),
        heard("rtsp.response", {"server": "Rtsp Server/3.0"}),
        heard("wsd.probe_match", {"types": "wsdp:Device pub:Computer"}),
        heard("wsd.probe_match", {"types": "wsdp:Device wprt:PrintDeviceType", "scope.location": "hangzhou"}),
        heard("wsd.probe_match", {"types": "dn:NetworkVideoTransmitter", "scope.location": ("city/hangzhou", "x"),
                                  "scope.extension": "unique_identifier", "scope.type": "Network_Video_Transmitter"}),
        heard("banner", {"text": "220 Operation successful", "service": "ftp"}),
        heard("banner", {"text": "(none) login: ", "service": "telnet"}),
        heard("tcp.ports", {"open": ("80", "554", "8000")}),
        heard("tls.certificate", {"subject": "CN=192.168.1.1", "issuer": "CN=192.168.1.1"}),
        mac("00:e0:fc:00:00:01"),
        mac("08:ea:40:00:00:01"),
    ],
)  # fmt: skip
def test_innocents_are_never_units_of_a_covered_maker(line: Observation) -> None:
    device = one([line], shipped())
    assert device.maker.value not in COVERED
    assert not {side.value for item in device.contradictions for side in item.sides} & COVERED


def test_a_printer_with_a_giants_mac_is_a_printer() -> None:
    lines = [mac("00:e0:fc:00:00:01"), heard("wsd.probe_match", {"types": "wsdp:Device wprt:PrintDeviceType"})]
    device = one(lines, shipped())
    assert (device.type.value, device.maker.value) == ("printer", None)


def test_a_makers_block_for_one_of_its_labels_names_both() -> None:
    device = one([mac("20:bb:bc:00:00:01")], shipped())
    assert (device.maker.value, device.brand.value, device.relabelled) == ("hikvision", "ezviz", False)


def test_the_shipped_registry_knows_the_factories_blocks() -> None:
    table = shipped().oui
    blocks = {
        "c0:56:e3": "hikvision",
        "44:19:b6": "hikvision",
        "3c:ef:8c": "dahua",
        "9c:14:63": "dahua",
        "00:40:8c": "axis",
    }
    for block, maker in blocks.items():
        owner = table.lookup(f"{block}:00:00:01")
        assert (owner.maker, owner.role) == (maker, "camera maker")
