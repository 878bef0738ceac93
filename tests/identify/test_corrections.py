"""An operator's "this is a ...": it wins, is marked, leaves contradictions standing, and sticks to the right unit."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from netaudit.evidence.observation import Observation, observe
from netaudit.identify.corrections import STATEMENT
from netaudit.identify.device import Device
from netaudit.identify.engine import identify
from netaudit.identify.explain import explain
from tests.identify.support import AT, IP, heard, mac, one, small

CAMERA = "58:50:ed:00:00:01"
LATER = "2026-11-25T10:00:00.000Z"


def typed(ip: str = IP, at: str = LATER, origin: str = "typed", site: str = "", **fields: str) -> Observation:
    target = {"ip": ip, **({"site": site} if site else {})}
    return observe(STATEMENT, at, target, origin=origin, fields={"by": "A. Person", **fields})


def test_a_typed_maker_alone_is_confirmed_and_marked() -> None:
    device = one([heard("http.response", {"title": "login"}), typed(maker="axis", why="read the type plate")])
    assert (device.maker.value, device.maker.grade) == ("axis", "confirmed")
    assert device.maker.typed == "A. Person on 2026-11-25"
    assert device.maker.to_dict()["typed"] == "A. Person on 2026-11-25"
    assert device.reasons[-1].saw == "typed by A. Person on 2026-11-25: read the type plate"
    assert device.brand.typed == ""


def test_a_typed_maker_wins_over_proof_and_the_contradiction_stays() -> None:
    measured = [
        mac(CAMERA),
        heard("sadp.reply", {"DeviceSN": "DS-2CD2385G1-I20190715AAWRD12345678", "MAC": CAMERA, "Types": "ProbeMatch"}),
    ]
    assert one(measured).maker.value == "hikvision"
    device = one([*measured, typed(maker="axis")])
    assert (device.maker.value, device.maker.grade) == ("axis", "confirmed")
    [clash] = [item for item in device.contradictions if item.question == "maker"]
    assert {side.value for side in clash.sides} == {"axis", "hikvision"}
    assert "typed statement says Axis" in clash.text
    text = explain(device, [*measured, typed(maker="axis")], small())
    assert "typed by A. Person on 2026-11-25" in text
    assert "typed statement says maker axis" in text


def test_what_agrees_makes_no_contradiction_and_other_answers_stay_measured() -> None:
    device = one([mac(CAMERA), typed(maker="hikvision", model="DS-2CD2385G1-I", type="camera")])
    assert device.contradictions == ()
    assert device.maker.typed
    assert (device.model.value, device.type.value) == ("DS-2CD2385G1-I", "camera")
    assert device.traits


def test_a_typed_model_beside_a_longer_spelling_is_the_answer_without_a_contradiction_with_itself() -> None:
    shown = heard("sadp.reply", {"DeviceSN": "", "DeviceDescription": "DS-2CD2385G1-I(C)"})
    device = one([shown, typed(model="DS-2CD2385G1-I")])
    assert device.model.value == "DS-2CD2385G1-I"
    assert device.contradictions == ()
    other = one([shown, typed(model="P3245-LVE")])
    assert (other.model.value, len(other.contradictions)) == ("P3245-LVE", 1)


def test_the_latest_statement_counts_and_earlier_ones_are_shown_as_worth_nothing() -> None:
    first, second = typed(maker="axis", brand="hikvision", at=AT), typed(maker="dahua", at=LATER)
    device = one([mac(CAMERA), second, first])
    assert (device.maker.value, device.brand.value) == ("dahua", "hikvision")
    assert device.maker.typed.endswith("2026-11-25")
    assert device.brand.typed.endswith(AT[:10])


def test_a_statement_that_is_taken_back_says_nothing_any_more() -> None:
    device = one([mac(CAMERA), typed(maker="axis", at=AT), typed(withdraw="yes", at=LATER)])
    assert device.maker.value == "hikvision"
    assert not device.maker.typed
    assert {r.strength for r in device.reasons if r.layer == "typed"} == {"nothing"}


def test_a_statement_changes_neither_id_nor_addresses_nor_times() -> None:
    line = mac(CAMERA)
    plain, spoken = one([line]), one([line, typed(maker="axis", serial="ABC1234567")])
    assert spoken.serial.value == "ABC1234567"
    for name in ("device", "addresses", "macs", "first_seen", "last_seen", "site"):
        assert getattr(plain, name) == getattr(spoken, name)


def test_a_statement_alone_makes_no_device() -> None:
    assert identify([typed(maker="axis")], small()) == []


def test_only_typed_origin_and_known_ids_speak() -> None:
    device = one([mac(CAMERA), typed(maker="axis", origin="import:csv"), typed(maker="no-such-maker", type="toaster")])
    assert device.maker.value == "hikvision"
    assert device.type.value == "unknown"


def _by_address(devices: list[Device]) -> dict[str, str | None]:
    return {device.addresses[0]: device.maker.value for device in devices}


def test_it_follows_the_unit_by_its_mac_and_not_the_address() -> None:
    moved = mac(CAMERA, "10.0.0.9")
    newcomer = mac("ac:cc:8e:00:00:03", "10.0.0.1")
    statement = typed("10.0.0.1", maker="dahua", device="d-000000000000", of_mac=CAMERA)
    assert _by_address(identify([moved, newcomer, statement], small())) == {"10.0.0.9": "dahua", "10.0.0.1": "axis"}


def test_it_does_not_stick_to_another_unit_at_the_same_address() -> None:
    newcomer = mac("ac:cc:8e:00:00:03", "10.0.0.1")
    statement = typed("10.0.0.1", maker="dahua", of_mac=CAMERA)
    assert _by_address(identify([newcomer, statement], small())) == {"10.0.0.1": "axis"}


def test_a_mac_that_two_units_show_means_neither() -> None:
    units = [
        line
        for ip, serial in (("10.0.0.1", "AAA1234567"), ("10.0.0.2", "BBB1234567"))
        for line in (mac(CAMERA, ip), heard("onvif.device_information", {"SerialNumber": serial}, ip))
    ]
    statement = typed("", maker="dahua", of_mac=CAMERA)
    assert "dahua" not in _by_address(identify([*units, statement], small())).values()
    by_serial = observe(
        STATEMENT, LATER, {}, origin="typed", fields={"maker": "dahua", "by": "x", "of_serial": "bbb-1234567"}
    )
    assert _by_address(identify([*units, by_serial], small()))["10.0.0.2"] == "dahua"


def test_sites_are_told_apart() -> None:
    lines = [heard("http.response", {"title": "t"}, "10.0.0.1", site=site) for site in ("HQ", "Depot")]
    devices = identify([*lines, typed("10.0.0.1", site="Depot", maker="axis")], small())
    assert {device.site: device.maker.value for device in devices} == {"HQ": None, "Depot": "axis"}


@pytest.mark.parametrize("order", [1, -1])
def test_the_order_of_the_lines_changes_nothing(order: int) -> None:
    lines = [mac(CAMERA), typed(maker="axis", at=AT), typed(maker="dahua", at=LATER), typed(maker="axis", at=AT)]
    assert one(lines[::order]).to_dict() == one(lines).to_dict()


_TEXT = st.text(max_size=40)
_FIELDS = ["maker", "brand", "type", "model", "serial", "by", "why", "device", "of_mac", "of_serial", "withdraw"]
_VALUES = st.one_of(_TEXT, st.lists(_TEXT, max_size=3).map(tuple))


@given(st.dictionaries(st.sampled_from(_FIELDS), _VALUES), _TEXT, _TEXT)
def test_any_statement_at_all_is_survived(fields: dict[str, str | tuple[str, ...]], at: str, ip: str) -> None:
    statement = observe(STATEMENT, at, {"ip": ip}, origin="typed", fields=fields)
    [device] = identify([mac(CAMERA, ip), statement], small())
    assert device.to_dict()
