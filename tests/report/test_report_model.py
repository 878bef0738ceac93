"""The report as data: what leads, what needs a person, and that order of input changes nothing."""

import random
from dataclasses import replace

from netaudit.evidence.observation import observe
from netaudit.evidence.tables import forwarding
from netaudit.identify.device import Contradiction
from netaudit.plan.model import Plan
from netaudit.policy.finding import Finding, Status
from netaudit.report import csv, html, json
from netaudit.report.model import PolicyView, build_report
from netaudit.report.verdict import is_unit, lead_status, needs_human
from tests.report.sample import Input, sample
from tests.report.sample_devices import other, unit

CAMERA = unit(1)[0]


def _finding(status: Status, *, duty: bool = True, binds: bool | None = True) -> Finding:
    return Finding(CAMERA.device, "P", "a policy", status, "because", duty=duty, binds_owner=binds)


def test_the_finding_that_needs_action_most_leads() -> None:
    assert lead_status([_finding("not_covered"), _finding("likely"), _finding("unknown")]) == "likely"


def test_policies_without_duty_and_those_that_pass_by_never_lead() -> None:
    found = [_finding("covered", duty=False), _finding("covered", binds=False), _finding("not_covered")]
    assert lead_status(found) == "not_covered"
    assert lead_status(found[:2]) == "not_assessed"


def test_a_policy_without_a_test_takes_no_verdict_away() -> None:
    assert lead_status([_finding("not_assessed"), _finding("not_covered")]) == "not_covered"
    assert lead_status([_finding("not_assessed")]) == "not_assessed"


def test_a_card_tells_what_presses_and_names_the_rest() -> None:
    statuses: list[Status] = ["covered", "depends", "depends", "depends", "depends", "depends", "not_covered"]
    found = [replace(_finding(status), policy=f"P{n}") for n, status in enumerate(statuses)]
    given = sample(hostile=False)
    plain = build_report(given.run, given.scope, (CAMERA,), found, Plan(()), (), (), (), {"x": "y"})
    (card,) = plain.cards
    assert [item.policy for item in card.told_duties] == ["P0", "P1", "P2", "P3"]
    assert card.untold_duties == {"depends": ("P4", "P5"), "not_covered": ("P6",)}


def test_a_policy_that_may_bind_counts() -> None:
    assert lead_status([_finding("depends", binds=None)]) == "depends"


def test_who_needs_a_person() -> None:
    clash = replace(CAMERA, contradictions=(Contradiction("maker", (), "they disagree"),))
    plain = replace(CAMERA, contradictions=())
    assert [needs_human(plain, s) for s in ("covered", "likely", "depends", "unknown", "not_assessed")] == [
        False, True, True, True, True,
    ]  # fmt: skip
    assert not needs_human(plain, "not_covered")
    assert needs_human(clash, "not_covered")
    assert not needs_human(other(0), "not_assessed")


def test_other_equipment_enters_the_schedule_only_where_a_policy_may_cover_it() -> None:
    assert not is_unit(other(0), "not_covered")
    assert is_unit(other(0), "covered")


def test_the_answer_adds_up() -> None:
    report = sample(hostile=False).report()
    answer = report.answer
    assert answer.units == 48 == sum(answer.counts.values()) == sum(answer.matrix.values())
    assert answer.others == 12
    assert answer.covered == answer.counts["covered"] == sum(site.counts.get("covered", 0) for site in report.sites)
    assert answer.human == sum(site.human for site in report.sites) == sum(card.human for card in report.cards)
    assert answer.covered_sites == 3
    assert answer.not_reached == report.limits.not_reached > 0


def test_cards_are_numbered_by_site_and_need_and_address() -> None:
    report = sample(hostile=False).report()
    assert [card.no for card in report.cards] == list(range(1, 61))
    assert [card.site for card in report.units] == sorted(card.site for card in report.units)
    assert report.units[0].status == "covered"
    assert {card.unit for card in report.cards[:48]} == {True}


def test_policies_are_grouped_by_whom_they_bind() -> None:
    groups = {row.policy.id: row.group for row in sample().report().policies}
    assert groups == {
        "US-NDAA19-889B": "binds",
        "US-2CFR-200.216": "may_bind",
        "UK-REMOVAL-2025-04": "passes_by",
        "US-BIS-EL-2019-10": "information",
    }


def test_policies_may_be_mappings_and_unknown_ones_are_taken_from_the_findings() -> None:
    given = sample()
    policy = {"id": "US-NDAA19-889B", "title": "t", "jurisdiction": "US", "duty": True, "status": "", "citation": "",
              "asks": "", "dates": [["2020-08-13", "use"]], "extra": 1}  # fmt: skip
    report = build_report(given.run, given.scope, given.devices, given.findings, given.plan, {}, (), [policy])
    views = {row.policy.id: row.policy for row in report.policies}
    assert views["US-NDAA19-889B"].dates == (("2020-08-13", "use"),)
    assert views["US-2CFR-200.216"] == PolicyView(
        "US-2CFR-200.216", "2 CFR 200.216: no grant or loan money for covered equipment", "", True, "", "",
        "Show that award money did not buy or extend covered equipment.",
    )  # fmt: skip


def test_a_plan_may_name_devices_that_were_not_heard() -> None:
    given = sample(hostile=False)
    gone = replace(given, devices=given.devices[30:])
    rows = [row for phase in gone.report().phases for row in phase.rows]
    assert any(row.card is None for row in rows)


def test_evidence_is_strongest_first_and_capped_for_quiet_units() -> None:
    report = sample(hostile=False).report()
    covered = next(card for card in report.cards if card.status == "covered")
    quiet = next(card for card in report.cards if card.status == "not_covered" and not card.human)
    assert [item.hits[0].strength for item in covered.evidence] == ["proof", "strong", "moderate"]
    assert (len(quiet.evidence), quiet.more_evidence) == (2, 1)


def test_the_switch_port_of_a_unit_comes_from_its_observations() -> None:
    places = {card.place.switch for card in sample(hostile=False).report().units if card.site == "Town hall"}
    assert places == {"sw-th-02"}


def test_the_switch_port_of_a_unit_comes_from_the_forwarding_tables_too() -> None:
    given = sample(hostile=False)
    device = next(device for device in given.devices if device.macs and device.site != "Town hall")
    row = forwarding(device.macs[0], switch="sw-9", port="Gi1/0/7", vlan="20")
    assert row is not None
    told = observe(row.kind, "2026-11-23T09:00:00Z", row.target, origin="import:test", fields=row.fields)
    report = replace(given, observations=(*given.observations, told)).report()
    card = next(card for card in report.cards if card.device.device == device.device)
    assert (card.place.switch, card.place.switch_port, card.place.vlan) == ("sw-9", "Gi1/0/7", "20")


def test_what_would_change_names_the_missing_fact() -> None:
    report = sample(hostile=False).report()
    card = next(card for card in report.cards if card.status == "depends")
    assert card.changes[0].key == "change.facts"
    assert "purpose_of_use" in str(card.changes[0].values["facts"])


def _shuffled(given: Input, seed: int) -> Input:
    mixed = random.Random(seed).sample
    return replace(
        given,
        devices=tuple(mixed(given.devices, len(given.devices))),
        findings=tuple(mixed(given.findings, len(given.findings))),
        observations=tuple(mixed(given.observations, len(given.observations))),
        attempts=tuple(mixed(given.attempts, len(given.attempts))),
        policies=tuple(mixed(given.policies, len(given.policies))),
    )


def test_the_same_input_gives_the_same_bytes_in_any_order() -> None:
    given = sample()
    first, second = given.report(), _shuffled(given, 7).report()
    for write in (html.render, csv.render, json.render):
        assert write(first) == write(second)


def test_an_empty_run_is_a_report_too() -> None:
    given = sample()
    report = build_report(given.run, given.scope, (), (), Plan(()), (), (), ())
    page = html.render(report).decode()
    assert "No camera or recorder was heard within scope “ITS-2026-114” on 2026-11-20." in page
    assert report.answer.not_reached == 238 + 126 + 254
