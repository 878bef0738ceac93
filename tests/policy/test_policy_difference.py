"""What changed between two policy sets, and which verdicts turn with it."""

from dataclasses import replace
from datetime import date

from netaudit.policy.difference import differences, turned
from netaudit.policy.engine import judge
from netaudit.policy.model import EffectiveDate, Policy
from tests.policy.cases import device, owner, policies, world

BAN = policies()["US-NDAA19-889B"]
DAY = date(2026, 11, 23)


def test_the_same_set_has_no_difference() -> None:
    assert differences(policies().values(), list(policies().values())) == ()


def test_added_and_removed_policies_are_named_with_their_title() -> None:
    other = policies()["NZ-NONE-2023"]
    added, removed = differences([other], [BAN])
    assert (added.policy, added.kind, added.before, added.decides) == (other.id, "removed", other.title, False)
    assert (removed.policy, removed.kind, removed.after, removed.decides) == (BAN.id, "added", BAN.title, True)


def test_one_entity_that_leaves_is_one_change() -> None:
    changed = replace(BAN, entities=BAN.entities[1:], title="New title")
    title, entity = differences([BAN], [changed])
    assert (title.part, title.decides) == ("title", False)
    assert (entity.part, entity.decides) == ("entities: Huawei Technologies", True)
    assert "huawei" in entity.before
    assert entity.after == ""


def test_dates_in_parts_and_binding_are_told_part_by_part() -> None:
    dates = (*BAN.dates, EffectiveDate("2027-01-01", "second part"))
    changed = replace(BAN, dates=dates, binds=replace(BAN.binds, places=("US", "CA")))
    binds, day = differences([BAN], [changed])
    assert (binds.part, binds.before, binds.after) == ("binds: places", "US", "US; CA")
    assert (day.part, day.before, day.decides) == ("dates: second part", "", False)


def test_two_entries_of_one_name_are_kept_apart() -> None:
    twice = replace(BAN, dates=(EffectiveDate("2020", "part"), EffectiveDate("2021", "part")))
    changed = replace(BAN, dates=(EffectiveDate("2020", "part"), EffectiveDate("2022", "part")))
    (change,) = differences([twice], [changed])
    assert change.part == "dates: part (2)"


def findings_with(policy: Policy) -> list[object]:
    facts = owner('[owner]\njurisdictions = ["US"]\nus_prime_contractor = "yes"\npurpose_of_use = "public_safety"\n')
    return list(judge([device()], [policy], facts, world(), DAY))


def test_a_verdict_that_turns_is_named() -> None:
    spared = replace(BAN, entities=tuple(item for item in BAN.entities if item.maker != "hikvision"))
    (row,) = turned(findings_with(BAN), findings_with(spared))  # type: ignore[arg-type]
    assert (row.device, row.policy, row.before, row.after) == ("d1", BAN.id, "covered", "not_covered")
