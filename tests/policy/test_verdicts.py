"""Each verdict by each way that leads to it, on the shipped policies."""

from datetime import date
from typing import Any

import pytest

from netaudit.identify.device import Answer, Device, Reason
from netaudit.policy.engine import judge
from netaudit.policy.finding import Finding
from tests.policy.cases import contradicted, device, owner, policies, world

TODAY = date(2026, 11, 23)
PRIME = '[owner]\njurisdictions = ["US"]\nus_prime_contractor = "yes"\npurpose_of_use = "government_facility"\n'
EXCLUSION = '[[exclusion]]\ndevice = "d1"\nreason = "kept as evidence"\nby = "A. Person"\nexpires = 2026-12-01\n'


def verdict(policy: str, unit: Device, facts: str = "", on: date = TODAY) -> Finding:
    (finding,) = judge([unit], [policies()[policy]], owner(facts), world(), on)
    return finding


def test_named_maker_confirmed_and_bound_is_covered() -> None:
    found = verdict("US-NDAA19-889B", device("hikvision"), PRIME)
    assert (found.status, found.basis, found.binds_owner, found.duty) == ("covered", "named_maker", True, True)
    assert found.confidence == pytest.approx(0.995)
    assert found.reasons == ("obs-1",)
    assert found.deadline == "2020-08-13"
    assert found.remedy == "remove"
    assert found.why == ("Covered: its maker Hikvision is named in the rule as Hangzhou Hikvision Digital Technology.")


@pytest.mark.parametrize("grade", ["probable", "possible"])
def test_a_maker_that_is_not_confirmed_is_likely_at_most(grade: Any) -> None:
    found = verdict("US-NDAA19-889B", device("dahua", grade=grade), PRIME)
    assert found.status == "likely"
    assert f"only {grade}" in found.why


def test_a_maker_below_even_odds_is_unknown() -> None:
    assert verdict("US-NDAA19-889B", device("dahua", grade="unknown"), PRIME).status == "unknown"


def test_a_relabel_told_by_its_label_only_is_likely() -> None:
    label_only = (Reason("obs-1", "sig-1", {"brand": "amcrest"}, "strong", "Amcrest", "http"),)
    unit = device("dahua", brand=Answer("amcrest", 0.98, "Amcrest"), relabelled=True, reasons=label_only)
    found = verdict("US-NDAA19-889B", unit, PRIME)
    assert found.status == "likely"
    assert "only its label" in found.why
    assert "its maker Dahua (sold as Amcrest)" in found.why


def test_contradicting_clues_keep_a_named_maker_from_being_confirmed() -> None:
    unit = device("dahua", contradictions=contradicted("dahua", "axis"))
    assert verdict("US-NDAA19-889B", unit, PRIME).status == "likely"


def test_contradicting_clues_keep_an_unnamed_maker_from_being_cleared() -> None:
    unit = device("axis", contradictions=contradicted("axis", "dahua"))
    found = verdict("US-NDAA19-889B", unit, PRIME)
    assert found.status == "unknown"
    assert "Dahua" in found.why


def test_an_affiliate_is_covered_where_affiliates_count() -> None:
    found = verdict("US-NDAA19-889B", device("hikmicro"), PRIME)
    assert (found.status, found.basis) == ("covered", "affiliate")


def test_an_affiliate_is_unknown_where_the_text_does_not_say() -> None:
    facts = '[owner]\njurisdictions = ["CA"]\nca_federal_body = "yes"\n'
    assert verdict("CA-GOV-2025-06", device("hikmicro"), facts).status == "unknown"
    assert verdict("CA-GOV-2025-06", device("hikvision"), facts).status == "covered"


def test_missing_owner_facts_are_named() -> None:
    found = verdict("US-NDAA19-889B", device("hikvision"))
    assert found.status == "depends"
    assert found.depends_on == ("jurisdictions", "us_prime_contractor", "purpose_of_use")
    assert found.binds_owner is None
    assert "us_prime_contractor" in found.why


def test_only_the_facts_that_would_decide_are_named() -> None:
    assert verdict("US-FAR-RFO-PART40", device("hikvision"), PRIME).depends_on == ("reporting_regime",)


def test_the_purpose_decides_for_hikvision_and_not_for_huawei() -> None:
    bound = '[owner]\njurisdictions = ["US"]\nus_prime_contractor = "seeking"\n'
    assert verdict("US-NDAA19-889B", device("hikvision"), bound).depends_on == ("purpose_of_use",)
    assert verdict("US-NDAA19-889B", device("huawei"), bound).status == "covered"
    none = bound + 'purpose_of_use = "none_of_these"\n'
    assert verdict("US-NDAA19-889B", device("hikvision"), none).status == "not_covered"


def test_a_purpose_that_spares_one_maker_clears_no_unit_whose_maker_is_not_known() -> None:
    none = '[owner]\njurisdictions = ["US"]\nus_prime_contractor = "yes"\npurpose_of_use = "none_of_these"\n'
    unit = device(None, brand=Answer("lorex", 0.97, "Lorex"), first_seen="2021-03-02T10:00:00Z")
    assert verdict("US-NDAA19-889B", unit, none).status == "unknown"
    assert verdict("US-NDAA19-889B", device("dahua", grade="possible"), none).status == "unknown"
    assert verdict("US-NDAA19-889B", device("dahua", grade="probable"), none).status == "not_covered"


def test_a_device_fact_beats_the_site_and_the_site_beats_the_owner() -> None:
    facts = PRIME + '[[site]]\nname = "HQ"\npurpose_of_use = "none_of_these"\n'
    assert verdict("US-NDAA19-889B", device("hikvision"), facts).status == "not_covered"
    facts += '[[device]]\ndevice = "d1"\npurpose_of_use = "public_safety"\n'
    assert verdict("US-NDAA19-889B", device("hikvision"), facts).status == "covered"


def test_a_rule_that_does_not_bind_is_not_assessed_and_says_so() -> None:
    found = verdict("US-NDAA19-889B", device("hikvision"), '[owner]\nus_prime_contractor = "no"\n')
    assert (found.status, found.binds_owner) == ("not_assessed", False)
    assert "does not bind" in found.why
    assert verdict("US-NDAA19-889B", device("hikvision"), '[owner]\njurisdictions = ["UK"]\n').binds_owner is False


def test_a_maker_that_is_known_and_not_named_is_not_covered() -> None:
    assert verdict("US-NDAA19-889B", device("uniview"), PRIME).status == "not_covered"
    assert verdict("US-NDAA19-889B", device("axis", grade="probable"), PRIME).status == "not_covered"


def test_a_weak_or_foreign_maker_is_unknown_never_not_covered() -> None:
    assert verdict("US-NDAA19-889B", device(None), PRIME).status == "unknown"
    assert verdict("US-NDAA19-889B", device("nobody_inc"), PRIME).status == "unknown"
    assert verdict("US-NDAA19-889B", device("axis", grade="possible"), PRIME).status == "unknown"


def test_a_maker_without_any_observation_is_unknown() -> None:
    assert verdict("US-NDAA19-889B", device("hikvision", reasons=()), PRIME).status == "unknown"


def test_the_country_test_reaches_makers_that_no_text_names() -> None:
    facts = '[owner]\njurisdictions = ["UK"]\nuk_body = "central_government"\n'
    unit = device("uniview")
    assert verdict("UK-REMOVAL-2025-04", unit, facts).depends_on == ("uk_sensitive_site",)
    found = verdict("UK-REMOVAL-2025-04", unit, facts + '[[site]]\nname = "HQ"\nuk_sensitive_site = true\n')
    assert (found.status, found.basis, found.deadline) == ("covered", "country_of_maker", "2025-04-30")
    spared = verdict("UK-REMOVAL-2025-04", unit, facts + '[[site]]\nname = "HQ"\nuk_sensitive_site = false\n')
    assert spared.status == "not_covered"


def test_the_country_test_looks_at_owners_and_admits_what_it_does_not_know() -> None:
    facts = '[owner]\njurisdictions = ["LT"]\nlt_body = "state_institution"\n'
    assert verdict("LT-UNRELIABLE-2025", device("axis"), facts).status == "not_covered"
    assert verdict("LT-UNRELIABLE-2025", device("tp_link"), facts).status == "unknown"
    assert "were not read" in verdict("LT-UNRELIABLE-2025", device("axis"), facts).why


def test_quebec_turns_on_the_day_of_purchase() -> None:
    facts = '[owner]\njurisdictions = ["CA-QC"]\nquebec_public_body = "yes"\n'
    assert verdict("CA-QC-2023-12", device("dahua"), facts).depends_on == ("purchase_date",)
    new = verdict("CA-QC-2023-12", device("dahua"), facts + '[[device]]\ndevice = "d1"\npurchase_date = 2023-12-22\n')
    assert (new.status, new.remedy) == ("covered", "remove")
    old = verdict("CA-QC-2023-12", device("dahua"), facts + '[[device]]\ndevice = "d1"\npurchase_date = 2023-12-21\n')
    assert (old.status, old.remedy) == ("covered", "contain")
    assert "may stay with controls" in old.why
    heard = verdict("CA-QC-2023-12", device("dahua", first_seen="2022-05-01T08:00:00Z"), facts)
    assert heard.remedy == "contain"


def test_the_certificate_test_asks_the_owner_for_the_model() -> None:
    facts = '[owner]\njurisdictions = ["IN"]\nin_government_buyer = "yes"\npurchase_date = 2025-01-10\n'
    assert verdict("IN-CCTV-ER", device("axis"), facts).depends_on == ("in_er_certificate",)
    unit = '[[device]]\ndevice = "d1"\nin_er_certificate = '
    assert verdict("IN-CCTV-ER", device("axis"), facts + unit + '"no"\n').status == "covered"
    assert verdict("IN-CCTV-ER", device("axis"), facts + unit + '"yes"\n').status == "not_covered"
    assert verdict("IN-CCTV-ER", device(None), facts).status == "unknown"


@pytest.mark.parametrize(
    ("more", "facts", "status"),
    [
        ({}, "", "depends"),
        ({}, "purchase_date = 2020-06-01\n", "covered"),
        ({}, "purchase_date = 2024-06-01\n", "not_covered"),
        ({}, "purchase_date = 2016-06-01\n", "not_covered"),
        ({"first_seen": "2021-03-02T10:00:00Z"}, "", "covered"),
        ({"firmware": Answer("2.800.00LR000.0.R, build 2021-03-02", 0.9)}, "", "likely"),
        ({"firmware": Answer("2.800.00LR000.0.R, build 2025-03-02", 0.9)}, "", "depends"),
    ],
)
def test_a_brand_that_left_its_parent_turns_on_when_the_unit_was_made(
    more: dict[str, Any], facts: str, status: str
) -> None:
    unit = device("vivotek", brand=Answer("lorex", 0.97, "Lorex"), relabelled=True, **more)
    found = verdict("US-NDAA19-889B", unit, PRIME + facts)
    assert found.status == status
    assert (found.basis == "affiliate") == (status != "not_covered")


def test_a_supplier_is_no_affiliate() -> None:
    unit = device("vivotek", brand=Answer("parts_shop", 0.97))
    assert verdict("US-NDAA19-889B", unit, PRIME).status == "not_covered"


def test_texas_names_uniview_only_since_its_day() -> None:
    facts = '[owner]\njurisdictions = ["US-TX"]\ntexas_state_body = "yes"\n'
    assert verdict("US-TX-PROHIBITED-TECH", device("uniview"), facts).status == "covered"
    assert verdict("US-TX-PROHIBITED-TECH", device("uniview"), facts, date(2026, 1, 25)).status == "not_covered"


def test_a_rule_before_its_day_is_not_assessed() -> None:
    facts = '[owner]\njurisdictions = ["LT"]\nlt_body = "state_institution"\n'
    assert verdict("LT-UNRELIABLE-2025", device("dahua"), facts, date(2024, 12, 31)).status == "not_assessed"


@pytest.mark.parametrize("kind", ["printer", "computer", "media", "storage", "other"])
def test_other_equipment_of_a_named_maker_is_not_assessed(kind: str) -> None:
    found = verdict("US-NDAA19-889B", device("hikvision", kind=kind), PRIME)
    assert found.status == "not_assessed"
    assert kind in found.why


def test_network_gear_of_a_named_maker_depends_on_what_it_can_do() -> None:
    found = verdict("US-NDAA19-889B", device("huawei", kind="network"), PRIME)
    assert (found.status, found.depends_on) == ("depends", ("telecom_equipment",))
    told = PRIME + '[[device]]\ndevice = "d1"\ntelecom_equipment = "no"\n'
    assert verdict("US-NDAA19-889B", device("huawei", kind="network"), told).status == "not_covered"
    assert verdict("US-NDAA19-889B", device("hp", kind="network"), PRIME).status == "not_assessed"
    texas = '[owner]\njurisdictions = ["US-TX"]\ntexas_state_body = "yes"\n'
    assert verdict("US-TX-PROHIBITED-TECH", device("huawei", kind="network"), texas).status == "not_assessed"


def test_a_unit_of_unknown_kind_is_never_covered() -> None:
    assert verdict("US-NDAA19-889B", device("hikvision", kind="unknown"), PRIME).status == "likely"
    facts = '[owner]\njurisdictions = ["LT"]\nlt_body = "state_institution"\n'
    assert verdict("LT-UNRELIABLE-2025", device("dahua", kind="unknown"), facts).status == "unknown"


def test_information_only_instruments_ask_nothing() -> None:
    found = verdict("US-BIS-EL-2019-10", device("hikvision"), PRIME)
    assert (found.status, found.duty, found.binds_owner, found.asks) == ("not_assessed", False, False, "")
    assert found.basis == "named_maker"
    assert "no duty" in found.why


def test_a_rule_without_a_list_here_says_that_a_person_must_read_it() -> None:
    found = verdict("US-STATES-OTHER", device("hikvision"), '[owner]\nus_state_or_local_body = "yes"\n')
    assert found.status == "not_assessed"
    assert "person" in found.why


def test_an_exclusion_holds_to_its_last_day_and_then_says_that_it_ran_out() -> None:
    facts = PRIME + EXCLUSION
    held = verdict("US-NDAA19-889B", device("hikvision"), facts, date(2026, 12, 1))
    assert held.status == "excluded"
    assert "kept as evidence" in held.why
    assert "A. Person" in held.why
    late = verdict("US-NDAA19-889B", device("hikvision"), facts, date(2026, 12, 2))
    assert late.status == "covered"
    assert "ran out on 2026-12-01" in late.why


def test_an_exclusion_for_one_policy_or_another_unit_leaves_the_rest_alone() -> None:
    text = PRIME + EXCLUSION + 'policy = "CA-QC-2023-12"\n'
    assert verdict("US-NDAA19-889B", device("hikvision"), text).status == "covered"
    site = PRIME + '[[exclusion]]\nsite = "HQ"\nreason = "r"\nby = "n"\nexpires = 2027-01-01\n'
    assert verdict("US-NDAA19-889B", device("hikvision"), site).status == "excluded"
    assert verdict("US-NDAA19-889B", device("hikvision", site="Annex"), site).status == "covered"
