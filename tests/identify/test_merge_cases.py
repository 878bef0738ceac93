"""What belongs to one device, and what only looks so."""

import pytest

from netaudit.identify.engine import identify
from tests.identify.support import heard, mac, small

MORNING, NOON, NIGHT = "2026-11-23T08:00:00.000Z", "2026-11-23T12:00:00.000Z", "2026-11-23T20:00:00.000Z"
CAMERA, OTHER = "58:50:ed:00:00:01", "3c:ef:8c:00:00:02"


def addresses(*lines: object) -> list[tuple[str, ...]]:
    return sorted(tuple(sorted(device.addresses)) for device in identify(lines, small()))  # type: ignore[arg-type]


def serial(text: str, ip: str, at: str = MORNING, **more: object) -> object:
    return heard("onvif.device_information", {"SerialNumber": text, "Manufacturer": "x"}, ip, at, **more)


def test_lines_of_one_address_and_site_are_one_device_and_sites_are_apart() -> None:
    a = heard("http.response", {"title": "a"}, "10.0.0.1", site="HQ")
    b = heard("rtsp.response", {"realm": "b"}, "10.0.0.1", site="HQ")
    c = heard("rtsp.response", {"realm": "b"}, "10.0.0.1", site="Depot")
    assert addresses(a, b, c) == [("10.0.0.1",), ("10.0.0.1",)]


def test_dhcp_move_keeps_the_device_and_names_the_latest_address_first() -> None:
    lines = [
        mac(CAMERA, "10.0.0.1", MORNING), heard("rtsp.response", {"realm": "x"}, "10.0.0.1", MORNING),
        mac(CAMERA, "10.0.0.9", NOON), heard("http.response", {"title": "y"}, "10.0.0.9", NOON),
    ]  # fmt: skip
    [device] = identify(lines, small())
    assert device.addresses == ("10.0.0.9", "10.0.0.1")
    assert (device.first_seen, device.last_seen) == (MORNING, NOON)


def test_what_answers_at_the_old_address_after_a_move_is_another_device() -> None:
    lines = [
        mac(CAMERA, "10.0.0.1", MORNING),
        mac(CAMERA, "10.0.0.9", NOON),
        heard("http.response", {"title": "HP LaserJet 400"}, "10.0.0.1", NOON),
    ]
    printer, camera = identify(lines, small())
    assert (printer.type.value, printer.maker.value, printer.addresses) == ("printer", None, ("10.0.0.1",))
    assert camera.maker.value == "hikvision"


def test_a_quiet_line_hours_later_at_an_address_that_nobody_left_is_the_same_device() -> None:
    assert (
        len(
            identify(
                [mac(CAMERA, "10.0.0.1", MORNING), heard("http.response", {"title": "t"}, "10.0.0.1", NIGHT)], small()
            )
        )
        == 1
    )


def test_a_replaced_unit_on_the_same_address_is_a_second_device() -> None:
    lines = [
        mac(CAMERA, "10.0.0.1", MORNING), heard("http.response", {"title": "old"}, "10.0.0.1", MORNING),
        mac("ac:cc:8e:00:00:03", "10.0.0.1", NIGHT),
        heard("http.response", {"realm": "AXIS_ACCC8E000003"}, "10.0.0.1", NIGHT),
    ]  # fmt: skip
    old, new = sorted(identify(lines, small()), key=lambda device: device.first_seen)
    assert (old.maker.value, old.macs) == ("hikvision", (CAMERA,))
    assert (new.maker.value, new.contradictions) == ("axis", ())
    assert len(old.observations) == len(new.observations) == 2


def test_a_replaced_unit_behind_a_router_is_told_by_its_serial() -> None:
    assert len(identify([serial("ABC1234567", "10.0.0.1"), serial("XYZ7654321", "10.0.0.1", NIGHT)], small())) == 2  # type: ignore[list-item]


def test_the_routers_mac_beside_the_units_own_in_one_scan_is_one_device() -> None:
    lines = [mac("00:11:22:00:00:01", "10.0.0.1"), heard("sadp.reply", {"MAC": CAMERA, "DeviceSN": "x"}, "10.0.0.1")]
    [device] = identify(lines, small())
    assert device.macs == ("00:11:22:00:00:01", CAMERA)


def test_a_recorder_with_two_network_ports_is_one_device() -> None:
    lines = [
        mac(CAMERA, "10.0.0.1"), serial("REC1234567", "10.0.0.1"),
        mac("58:50:ed:00:00:77", "10.1.0.1"), serial("REC1234567", "10.1.0.1"),
    ]  # fmt: skip
    assert addresses(*lines) == [("10.0.0.1", "10.1.0.1")]


@pytest.mark.parametrize(
    "blank", ["", "0", "00000000", "123456", "1234567890", "N/A", "unknown", "Default", "111111", "  "]
)
def test_blank_and_default_serials_join_nothing(blank: str) -> None:
    assert addresses(serial(blank, "10.0.0.1"), serial(blank, "10.0.0.2")) == [("10.0.0.1",), ("10.0.0.2",)]


def test_a_serial_that_a_whole_series_shares_joins_nothing() -> None:
    lines = [
        line
        for i in range(1, 5)
        for line in (mac(f"58:50:ed:00:00:{i:02x}", f"10.0.0.{i}"), serial("IPCAM778899", f"10.0.0.{i}"))
    ]
    assert len(identify(lines, small())) == 4  # type: ignore[arg-type]


def test_cloned_macs_with_different_serials_stay_apart_with_different_ids() -> None:
    lines = [
        mac(CAMERA, "10.0.0.1"),
        serial("AAA1234567", "10.0.0.1"),
        mac(CAMERA, "10.0.0.2"),
        serial("BBB1234567", "10.0.0.2"),
    ]
    devices = identify(lines, small())  # type: ignore[arg-type]
    assert len(devices) == len({device.device for device in devices}) == 2


@pytest.mark.parametrize(
    "address", ["00:00:00:00:00:00", "02:11:22:33:44:55", "ff:ff:ff:ff:ff:ff", "01:00:5e:00:00:01"]
)
def test_macs_that_no_factory_gave_join_nothing(address: str) -> None:
    assert addresses(mac(address, "10.0.0.1"), mac(address, "10.0.0.2")) == [("10.0.0.1",), ("10.0.0.2",)]


def test_a_routers_mac_before_many_addresses_joins_nothing() -> None:
    assert len(identify([mac("00:11:22:00:00:01", f"10.0.0.{i}") for i in range(1, 8)], small())) == 7


def test_onvif_endpoint_joins_two_addresses() -> None:
    uuid = "urn:uuid:aa85c000-6324-11b3-819e-5850ed1fe385"
    lines = [heard("wsd.probe_match", {"endpoint": uuid, "types": "x"}, ip) for ip in ("10.0.0.1", "169.254.3.4")]
    assert addresses(*lines) == [("10.0.0.1", "169.254.3.4")]


def test_one_subject_is_one_device_whatever_its_targets_and_two_subjects_are_two() -> None:
    lines = [
        heard("http.response", {"title": "a"}, "127.0.0.1", subject="cam-1"), mac(CAMERA, "127.0.0.1", subject="cam-1"),
        heard("http.response", {"title": "b"}, "10.9.9.9", subject="cam-1"),
        mac(CAMERA, "127.0.0.1", subject="cam-2"), heard("http.response", {"title": "c"}, "127.0.0.1", subject="cam-2"),
    ]  # fmt: skip
    devices = identify(lines, small())
    assert sorted((d.subject, len(d.observations)) for d in devices) == [("cam-1", 3), ("cam-2", 2)]


def test_a_recorders_channels_are_devices_of_their_own() -> None:
    recorder = heard(
        "dhip.reply", {"method": "client.notifyDevInfo", "DeviceClass": "NVR", "SerialNo": "NVR1234567"}, "10.0.0.1"
    )
    channels = [
        heard("recorder.channel", {"channel": str(n), "ip": f"192.168.254.{n}", "name": f"Gate {n}"}, "10.0.0.1")
        for n in (1, 2)
    ]
    devices = identify([recorder, *channels], small())
    assert len(devices) == 3
    assert [d.type.value for d in devices if d.addresses == ("10.0.0.1",)] == ["recorder"]
    assert {name for d in devices for name in d.names} == {"Gate 1", "Gate 2"}


def test_a_channel_that_is_also_seen_on_the_network_is_one_device() -> None:
    by_mac = heard("recorder.channel", {"channel": "1", "ip": "192.168.254.2", "mac": CAMERA}, "10.0.0.1")
    by_address = heard("recorder.channel", {"channel": "2", "ip": "10.0.0.8"}, "10.0.0.1")
    seen = [mac(CAMERA, "10.0.0.7"), heard("http.response", {"title": "x"}, "10.0.0.8")]
    assert addresses(by_mac, by_address, *seen) == [("10.0.0.7", "192.168.254.2"), ("10.0.0.8",)]


def test_equal_private_addresses_behind_two_recorders_are_two_cameras() -> None:
    lines = [
        heard("recorder.channel", {"channel": "1", "ip": "192.168.254.2"}, nvr) for nvr in ("10.0.0.1", "10.0.0.2")
    ]
    assert len(identify(lines, small())) == 2


def test_switch_table_lines_join_the_unit_by_its_mac() -> None:
    line = heard("switch.port", {"mac": CAMERA, "switch": "sw1", "port": "7"}, "10.0.0.250")
    other = heard("http.response", {"title": "switch"}, "10.0.0.250")
    camera = next(d for d in identify([line, other, mac(CAMERA, "10.0.0.7")], small()) if CAMERA in d.macs)
    assert "10.0.0.7" in camera.addresses
    assert len(identify([line, other, mac(CAMERA, "10.0.0.7")], small())) == 2


def test_a_unit_that_tells_two_serials_at_once_stays_one_device() -> None:
    again = [
        heard("onvif.device_information", {"SerialNumber": ("AAA1234567", "BBB1234567")}, "10.0.0.1", at)
        for at in (MORNING, NIGHT)
    ]
    one_of_them = serial("BBB1234567", "10.0.0.1", NOON)
    assert len(identify([*again, one_of_them, mac(CAMERA, "10.0.0.1")], small())) == 1  # type: ignore[list-item]


def test_a_shared_mac_accuses_nobody() -> None:
    lines = [mac(CAMERA, f"10.0.0.{i}") for i in range(1, 8)]
    assert {device.maker.value for device in identify(lines, small())} == {None}
    assert {reason.signature for device in identify(lines, small()) for reason in device.reasons} == {"mac-shared"}


def test_spellings_of_one_serial_and_model_are_one_answer() -> None:
    lines = [
        heard("sadp.reply", {"DeviceSN": "DS-2CD2385G1-I20190715AAWRD12345678", "DeviceDescription": "DS-2CD2385G1-I"}),
        heard(
            "sadp.reply", {"DeviceSN": "DS-2CD2385G1-I20190715AAWRD12345678", "DeviceDescription": "DS-2CD2385G1-I(C)"}
        ),
    ]
    [device] = identify(lines, small())
    assert device.model.value == "DS-2CD2385G1-I(C)"
    assert device.contradictions == ()
    other = heard("sadp.reply", {"DeviceDescription": "DS-7608NI-K2/8P", "DeviceSN": ""})
    [clash] = identify([*lines, other], small())[0].contradictions
    assert (clash.question, clash.text[:21]) == ("model", "model: SADP answer sa")
