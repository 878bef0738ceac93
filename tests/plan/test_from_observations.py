"""The whole right side on what was heard: observations to devices, to findings, to a plan."""

from datetime import date

import pytest

from netaudit.evidence.observation import observe
from netaudit.identify.device import Device
from netaudit.identify.engine import identify
from netaudit.plan.plan import make_plan
from netaudit.policy.engine import judge
from netaudit.policy.finding import Finding
from netaudit.policy.relations import relations
from tests.identify.support import small
from tests.plan.scenes import planning
from tests.policy.cases import owner, policies

AT = "2026-11-20T09:00:00.000Z"
TODAY = date(2026, 11, 23)
HEARD = [
    ("192.0.2.10", "sadp.reply", {
        "DeviceSN": "DS-2CD2385G1-I20190715AAWRD12345678", "DeviceDescription": "DS-2CD2385G1-I",
        "SoftwareVersion": "V5.6.3build 190923", "MAC": "58-50-ed-1f-e3-85",
    }),
    ("192.0.2.11", "dhip.reply", {
        "method": "client.notifyDevInfo", "mac": "4c:11:bf:c2:0b:9d", "DeviceClass": "IPC",
        "DeviceType": "IPC-HDW5421S", "SerialNo": "1F006E4PAX00075", "Vendor": "Dahua", "Version": "2.400.0.8",
    }),
    ("192.0.2.11", "wsd.probe_match", {"types": "dn:NetworkVideoTransmitter", "scope.name": "Amcrest"}),
    ("192.0.2.12", "http.response", {"realm": "AXIS_ACCC8E012345", "status": "401"}),
    ("192.0.2.12", "wsd.probe_match", {"types": "dn:NetworkVideoTransmitter", "scope.name": "AXIS M2036-LE"}),
    ("192.0.2.13", "http.response", {"status": "200", "title": "Welcome"}),
]  # fmt: skip
FACTS = '[owner]\njurisdictions = ["US"]\nus_prime_contractor = true\npurpose_of_use = "government_facility"\n'


@pytest.fixture(scope="module")
def judged() -> tuple[list[Device], list[Finding]]:
    knowledge = small()
    devices = identify([observe(kind, AT, {"ip": ip}, fields=fields) for ip, kind, fields in HEARD], knowledge)
    known = relations(knowledge.makers, knowledge.affiliations, knowledge.brands)
    return devices, judge(devices, list(policies().values()), owner(FACTS), known, TODAY)


def test_what_was_heard_leads_to_verdicts_with_their_observations(judged: tuple[list[Device], list[Finding]]) -> None:
    devices, findings = judged
    by_address = {device.addresses[0]: device for device in devices}
    part_b = {f.device: f for f in findings if f.policy == "US-NDAA19-889B"}
    found = {address: part_b[device.device] for address, device in by_address.items()}
    assert {address: item.status for address, item in found.items()} == {
        "192.0.2.10": "covered", "192.0.2.11": "covered", "192.0.2.12": "not_covered", "192.0.2.13": "unknown",
    }  # fmt: skip
    for address in ("192.0.2.10", "192.0.2.11", "192.0.2.12"):
        assert found[address].reasons
        assert set(found[address].reasons) <= set(by_address[address].observations)


def test_the_relabelled_unit_is_in_the_plan_and_the_unknown_one_is_named(
    judged: tuple[list[Device], list[Finding]],
) -> None:
    devices, findings = judged
    by_address = {device.addresses[0]: device.device for device in devices}
    made = make_plan(devices, findings, owner(FACTS), planning(), TODAY)
    placed = {item.device: item for phase in made.phases for item in phase.items}
    assert set(placed) == {by_address["192.0.2.10"], by_address["192.0.2.11"]}
    assert by_address["192.0.2.13"] in dict(made.unplaced)
    turret = placed[by_address["192.0.2.10"]].replacement
    assert turret is not None
    assert turret.name.startswith("turret camera, 8 MP class")
