"""Facts of the field as observations: who made it, under which label, and what must never be said."""

import pytest

from netaudit.identify.engine import identify
from tests.identify.support import heard, mac, one, small, write_signatures

SADP = heard(
    "sadp.reply",
    {
        "DeviceSN": "DS-2CD2385G1-I20190715AAWRD12345678",
        "DeviceDescription": "DS-2CD2385G1-I",
        "SoftwareVersion": "V5.6.3build 190923",
        "MAC": "58-50-ed-1f-e3-85",
    },
)
DHIP_CAMERA = heard(
    "dhip.reply",
    {
        "method": "client.notifyDevInfo",
        "mac": "4c:11:bf:c2:0b:9d", "DeviceClass": "IPC", "DeviceType": "IPC-HDW5421S",
        "SerialNo": "1F006E4PAX00075", "Vendor": "Dahua", "Manufacturer": "Private", "Version": "2.400.0.8",
    },
)  # fmt: skip


def test_sadp_answer_is_a_confirmed_hikvision_camera_with_decoded_model() -> None:
    device = one([SADP])
    assert (device.maker.value, device.maker.grade) == ("hikvision", "confirmed")
    assert device.type.value == "camera"
    assert device.model.value == "DS-2CD2385G1-I"
    assert device.firmware.value == "V5.6.3build 190923"
    assert device.serial.value == "DS-2CD2385G1-I20190715AAWRD12345678"
    assert device.macs == ("58:50:ed:1f:e3:85",)
    assert dict(device.traits) == {"form_factor": "turret", "megapixels": "8", "series": "2"}
    assert device.relabelled is None, "no label was seen: nothing may be said about relabelling"


def test_dhip_answer_under_the_makers_own_label() -> None:
    device = one([DHIP_CAMERA])
    assert (device.maker.value, device.maker.grade, device.brand.value) == ("dahua", "confirmed", "dahua")
    assert device.relabelled is False
    assert device.type.value == "camera"


def test_dhip_answer_of_an_intelbras_face_terminal_is_a_relabelled_dahua() -> None:
    device = one([heard("dhip.reply", {
        "method": "client.notifyDevInfo", "DeviceClass": "BSC", "DeviceType": "SS 3530 MF FACE W",
        "Manufacturer": "Intelbras", "SerialNo": "K3LJ3400209RH", "Version": "2.000.00IB004.0.R",
    })])  # fmt: skip
    assert (device.maker.value, device.brand.value, device.relabelled) == ("dahua", "intelbras", True)
    assert device.type.value == "access_control"
    assert device.model.value == "SS 3530 MF FACE W"


def test_amcrest_name_beside_the_factorys_vendor_is_a_relabel_and_no_contradiction() -> None:
    device = one(
        [DHIP_CAMERA, heard("wsd.probe_match", {"types": "dn:NetworkVideoTransmitter", "scope.name": "Amcrest"})]
    )
    assert (device.maker.value, device.brand.value, device.relabelled) == ("dahua", "amcrest", True)
    assert device.contradictions == ()


def test_interlogix_web_server_with_sadp_is_a_relabelled_hikvision() -> None:
    device = one([SADP, heard("http.response", {"header.server": "Interlogix-Webs"})])
    assert (device.maker.value, device.brand.value, device.relabelled) == ("hikvision", "truvision", True)
    assert device.maker.grade == "confirmed"


def test_axis_by_mdns_like_realm_and_mac() -> None:
    device = one([
        mac("ac:cc:8e:01:23:45"),
        heard("http.response", {"realm": "AXIS_ACCC8E012345", "status": "401"}),
        heard("wsd.probe_match", {"types": "dn:NetworkVideoTransmitter", "scope.name": "AXIS M2036-LE"}),
    ])  # fmt: skip
    assert (device.maker.value, device.maker.grade, device.brand.value) == ("axis", "confirmed", "axis")
    assert device.relabelled is False
    assert device.names == ("AXIS M2036-LE",)


def test_two_strong_layers_confirm_one_does_not() -> None:
    header = heard("http.response", {"header.server": "DNVRS-Webs"})
    assert one([header]).maker.grade == "probable"
    assert one([header, mac("58:50:ed:1f:e3:85")]).maker.grade == "confirmed"


def test_clues_of_one_layer_count_once() -> None:
    two_headers = [
        heard("http.response", {"header.server": "DNVRS-Webs"}),
        heard("http.response", {"header.server": "Interlogix-Webs"}),
    ]
    assert one(two_headers).maker == one(two_headers[:1]).maker


def test_hikvision_mac_with_dahua_realm_is_a_visible_contradiction_and_no_verdict() -> None:
    device = one([mac("58:50:ed:1f:e3:85"), heard("rtsp.response", {"realm": "Login to 1F006E4PAX00075"})])
    assert device.maker.value is None
    assert device.maker.grade == "unknown"
    [clash] = device.contradictions
    assert clash.text == "maker: RTSP server says Dahua, MAC says Hikvision: the independent layers are evenly divided"
    assert {(side.value, side.layers) for side in clash.sides} == {("dahua", ("rtsp",)), ("hikvision", ("mac",))}
    assert {name for side in clash.sides for name in side.signatures} == {"rtsp-realm-dahua-serial", "mac-5850ed"}


def test_two_of_three_layers_are_named() -> None:
    device = one([
        heard("wsd.probe_match", {"scope.name": "CP_PLUS", "types": "x"}),
        heard("tls.certificate", {"subject": "CN=www.hikvision.com,OU=DVRNVR,O=HIKVISION"}),
        mac("58:50:ed:1f:e3:85"),
    ])  # fmt: skip
    [clash] = device.contradictions
    assert clash.text == (
        "maker: certificate and MAC say Hikvision, label says Dahua: two of three independent layers say Hikvision"
    )
    assert device.maker.value == "hikvision"


@pytest.mark.parametrize(
    "address", ["9c:8e:cd:00:00:01", "08:ea:40:00:00:01", "00:11:22:00:00:01", "02:00:00:00:00:01"]
)
def test_a_foreign_mac_never_clears(address: str) -> None:
    clue = heard("http.response", {"header.server": "DNVRS-Webs"})
    alone, with_mac = one([clue]), one([clue, mac(address)])
    assert with_mac.maker == alone.maker
    assert with_mac.contradictions == ()


def test_a_labels_own_mac_block_names_the_label_only() -> None:
    device = one([mac("9c:8e:cd:00:00:01")])
    assert (device.brand.value, device.maker.value) == ("amcrest", None)


@pytest.mark.parametrize("address", ["00:e0:fc:00:00:01", "08:ea:40:00:00:01"])
def test_giants_and_module_makers_never_accuse(address: str) -> None:
    device = one([mac(address)])
    assert (device.maker.value, device.maker.confidence, device.type.value) == (None, 0.0, "unknown")
    camera = one([mac(address), heard("wsd.probe_match", {"types": "dn:NetworkVideoTransmitter"})])
    assert camera.maker.value is None


def test_label_alone_is_at_most_probable_and_only_where_one_maker_builds_the_whole_range() -> None:
    def named(text: str) -> tuple[str | None, str | None]:
        device = one([heard("dhip.reply", {"Vendor": text}), heard("wsd.probe_match", {"scope.name": text})])
        return device.maker.value, device.maker.grade

    assert named("CP-PLUS") == ("dahua", "probable")
    assert named("HIKVISION") == ("hikvision", "probable")
    assert named("Alibi") == (None, "unknown"), "several makers build it"
    assert named("Amcrest") == (None, "unknown"), "only some models are known"
    assert named("Nobody Ltd") == (None, "unknown")


def test_label_and_platform_in_one_header_are_one_witness() -> None:
    device = one([heard("http.response", {"header.server": "Interlogix-Webs"})])
    assert (device.maker.value, device.maker.grade) == ("hikvision", "probable")


@pytest.mark.parametrize(
    ("fields", "kind"),
    [
        ({"header.server": "Webs"}, "unknown"),
        ({"header.server": "GoAhead-Webs", "title": "Router"}, "unknown"),
        ({"header.server": "nginx/1.24.0", "title": "Welcome to nginx!"}, "unknown"),
        ({"title": "HP LaserJet 400"}, "printer"),
        ({}, "unknown"),
    ],
)
def test_innocents_have_no_maker_and_are_no_cameras(fields: dict[str, str | tuple[str, ...]], kind: str) -> None:
    device = one([heard("http.response", fields), mac("00:11:22:33:44:55")])
    assert (device.maker.value, device.brand.value, device.type.value) == (None, None, kind)


def test_windows_computer_in_ws_discovery_is_a_computer() -> None:
    device = one([heard("wsd.probe_match", {"types": "wsdp:Device pub:Computer", "scope.name": "DESKTOP-1"})])
    assert (device.type.value, device.maker.value) == ("computer", None)


def test_a_needed_second_trait_is_needed() -> None:
    assert one([heard("http.response", {"title": "Web Configurator"})]).type.value == "unknown"
    with_server = heard("http.response", {"title": "Web Configurator", "header.server": "Boa/0.94"})
    assert one([with_server]).type.value == "camera"


def test_every_answer_has_a_reason_and_every_reason_an_observation() -> None:
    lines = [SADP, heard("wsd.probe_match", {"scope.name": "HIKVISION DS-2CD2385G1-I"}), mac("58:50:ed:1f:e3:85")]
    device = one(lines)
    assert {reason.observation for reason in device.reasons} <= {line.id for line in lines} == set(device.observations)
    said = {(question, value) for reason in device.reasons for question, value in reason.says.items()}
    for question in ("type", "maker", "brand", "model", "firmware", "serial"):
        assert (question, getattr(device, question).value) in said


def test_ports_and_sites_come_from_the_targets() -> None:
    device = one([
        heard("tcp.ports", {"open": ("80", "554", "x", "70000"), "closed": ("22",)}, site="HQ"),
        heard("http.response", {}, port=8000, transport="tcp", site="HQ"),
    ])  # fmt: skip
    assert (device.ports, device.site, device.addresses) == ((80, 554, 8000), "HQ", ("192.0.2.7",))


def test_nothing_heard_nothing_said() -> None:
    assert identify([], small()) == []


def test_a_resellers_model_code_names_the_label_but_never_leads_back_to_the_maker() -> None:
    rows = "[[model]]\nmaker = 'dahua'\nbrand = 'CP Plus'\npattern = '^CP-UNC-'\ntype = 'camera'\nmeaning = 'camera'\n"
    knowledge = write_signatures(rows, "models/cpplus.toml")
    line = heard("dhip.reply", {"DeviceType": "CP-UNC-TA41", "method": "client.notifyDevInfo"})
    device = one([line], knowledge)
    assert (device.brand.value, device.relabelled, device.type.value) == ("cpplus", True, "camera")
    assert device.maker == one([heard("dhip.reply", {"method": "client.notifyDevInfo"})], knowledge).maker
    assert one([heard("dhip.reply", {"DeviceType": "CP-UNC-TA41"})], knowledge).brand.value is None


def test_a_door_station_that_transmits_video_is_no_contradiction() -> None:
    transmitter = heard("wsd.probe_match", {"types": "dn:NetworkVideoTransmitter"})
    station = heard("dhip.reply", {"DeviceClass": "BSC", "method": "client.notifyDevInfo"})
    device = one([transmitter, station])
    assert (device.type.value, device.contradictions) == ("access_control", ())
