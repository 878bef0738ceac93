"""Every policy file loads, none of the sheet's records is lost, and the structured tests fit the words."""

import re
from pathlib import Path

import pytest

from netaudit.data import data_folder
from netaudit.identify.entries import Faults
from netaudit.identify.knowledge import load_knowledge
from netaudit.identify.words import read_makers
from netaudit.policy.facts import read_facts
from netaudit.policy.model import Policy
from netaudit.policy.policies import load_policies, load_policy
from netaudit.policy.relations import relations
from netaudit.toml_file import read_toml

# id: entities, named entities, dated parts, conditions, duty
RECORDS = {
    "AU-GOV-2023": (2, 2, 1, 0, True),
    "CA-GOV-2025-06": (1, 1, 1, 0, True),
    "CA-ICA-2025-06": (2, 2, 2, 0, False),
    "CA-QC-2023-12": (2, 2, 1, 1, True),
    "DK-COPENHAGEN-2026": (2, 2, 2, 0, True),
    "DK-REGION-H": (2, 1, 1, 1, True),
    "EU-COMMISSION-2020": (1, 1, 1, 0, False),
    "EU-CSA2-PROPOSAL": (1, 0, 1, 0, False),
    "EU-EP-2021": (1, 1, 1, 0, True),
    "IE-OIREACHTAS-2023": (1, 1, 1, 0, False),
    "IN-CCTV-ER": (1, 0, 4, 1, True),
    "JP-PROCUREMENT-2018": (1, 0, 1, 0, False),
    "KR-MND-2024": (1, 0, 3, 0, True),
    "LT-UNRELIABLE-2025": (1, 0, 2, 0, True),
    "NL-TK-2022": (2, 2, 2, 0, False),
    "NZ-NONE-2023": (2, 2, 1, 0, False),
    "REF-UHRP-2023": (2, 2, 0, 0, False),
    "TW-EY-2020": (9, 8, 3, 0, True),
    "UK-NPSA-2023": (1, 0, 1, 0, False),
    "UK-PROCUREMENT-ACT-2023": (1, 0, 2, 0, True),
    "UK-REMOVAL-2025-04": (1, 0, 4, 1, True),
    "UK-SCT-CALLS": (1, 1, 2, 0, True),
    "UK-WMS-2022-11-24": (1, 0, 1, 1, True),
    "US-2CFR-200.216": (5, 5, 1, 3, True),
    "US-BIS-AFFILIATES": (1, 0, 4, 0, False),
    "US-BIS-EL-2019-10": (8, 8, 1, 0, False),
    "US-BIS-EL-2020-06": (6, 6, 1, 0, False),
    "US-BIS-EL-2022-12": (1, 1, 2, 0, False),
    "US-BIS-EL-2024-12": (2, 2, 1, 0, False),
    "US-BIS-EL-HUAWEI": (2, 2, 1, 0, False),
    "US-DOD-1260H": (6, 6, 4, 0, False),
    "US-FAR-2026-001-PROPOSED": (5, 5, 1, 0, False),
    "US-FAR-889-CLAUSES": (5, 5, 3, 2, True),
    "US-FAR-RFO-PART40": (5, 5, 3, 2, True),
    "US-FCC-2026-06": (5, 5, 2, 0, False),
    "US-FCC-22-84": (5, 5, 3, 0, False),
    "US-FCC-25-71": (5, 5, 3, 0, False),
    "US-FCC-COVERED-LIST": (11, 11, 1, 0, False),
    "US-LA-SB15-2021": (5, 5, 1, 3, True),
    "US-NDAA19-889A": (5, 5, 1, 3, True),
    "US-NDAA19-889B": (5, 5, 1, 2, True),
    "US-OFAC-NS-CMIC": (8, 8, 3, 0, False),
    "US-STATES-OTHER": (1, 0, 0, 0, True),
    "US-TX-PROHIBITED-TECH": (17, 17, 2, 0, True),
}
ENTITIES = 152
FOLDER = data_folder("signatures") / "policies"
FACTS = {fact.name: fact for fact in read_facts()}


@pytest.fixture(scope="module")
def policies() -> dict[str, Policy]:
    return {policy.id: policy for policy in load_policies()}


def test_no_record_is_lost(policies: dict[str, Policy]) -> None:
    assert list(policies) == sorted(RECORDS)
    assert len(policies) == 44
    assert sum(len(policy.entities) for policy in policies.values()) == ENTITIES


@pytest.mark.parametrize("path", sorted(FOLDER.glob("*.toml")), ids=lambda path: path.stem)
def test_each_file_loads_and_keeps_its_counts(path: Path) -> None:
    policy = load_policy(path, FACTS)
    named = sum(entity.named for entity in policy.entities)
    counts = (len(policy.entities), named, len(policy.dates), len(policy.conditions), policy.duty)
    assert counts == RECORDS[policy.id]
    assert policy.title
    assert policy.authority
    assert policy.binds.whom
    assert policy.sources or "memory" in " ".join(policy.unverified)
    assert policy.last_checked


def test_only_rules_that_bind_somebody_are_duties(policies: dict[str, Policy]) -> None:
    for policy in policies.values():
        if policy.kind in ("export_control", "sanction", "guidance") and policy.id != "UK-SCT-CALLS":
            assert not policy.duty, policy.id
        if policy.status in ("proposed", "call", "reference", "no_ban", "not_confirmed", "unverified"):
            assert not policy.duty, policy.id


def test_every_maker_id_is_in_the_word_list(policies: dict[str, Policy]) -> None:
    makers = read_makers(read_toml(data_folder("signatures") / "makers.toml"), Faults())
    used = {entity.maker for policy in policies.values() for entity in policy.entities if entity.maker}
    assert used <= set(makers)
    assert {"hikvision", "dahua", "huawei", "zte", "hytera", "uniview", "tiandy"} <= used


def test_the_word_lists_carry_affiliates_to_the_names_in_the_rules() -> None:
    knowledge = load_knowledge(built_in=True, lenient=True)
    known = relations(knowledge.makers, knowledge.affiliations, knowledge.brands)
    assert {chain[-1].target for chain in known.chains["hikmicro"]} == {"hikvision"}
    (lorex,) = known.chains["lorex"]
    assert (lorex[0].target, lorex[0].since, lorex[0].until, lorex[0].former) == ("dahua", "2018", "2023-02", True)
    assert "amcrest" not in {name for name, chains in known.chains.items() if chains}
    assert known.countries_above("hikmicro") == ("CN", "CN")
    assert set(known.countries_above("axis")) == {"SE", "JP"}


def test_the_five_names_of_section_889_stand_in_all_its_rules(policies: dict[str, Policy]) -> None:
    for name in ("US-NDAA19-889A", "US-NDAA19-889B", "US-FAR-889-CLAUSES", "US-FAR-RFO-PART40", "US-2CFR-200.216"):
        makers = {entity.maker for entity in policies[name].entities}
        assert makers == {"huawei", "zte", "hytera", "hikvision", "dahua"}
        assert policies[name].affiliates.counted == "yes"


def test_every_fact_is_asked_for_by_a_policy_or_orders_the_plan(policies: dict[str, Policy]) -> None:
    asked = {name for policy in policies.values() for name in policy.facts_asked()}
    assert {name for name, fact in FACTS.items() if not fact.planning} == asked


def test_dates_on_which_the_engine_counts_are_among_the_sheet_s_dates(policies: dict[str, Policy]) -> None:
    for policy in policies.values():
        for day in filter(None, (policy.in_force_from, policy.deadline)):
            assert any(re.match(re.escape(item.date[:4]), day) for item in policy.dates), (policy.id, day)
