"""What a person is told to read again: old readings, dates that have come, exclusions that ran out."""

from dataclasses import replace
from datetime import date

from netaudit.policy.engine import judge
from netaudit.policy.freshness import remarks, run_out
from netaudit.policy.model import EffectiveDate
from netaudit.policy.owner import Exclusion
from netaudit.policy.standing import standings
from tests.policy.cases import device, owner, policies, world

BAN = replace(policies()["US-NDAA19-889B"], last_checked="2026-11-23")
DAY = date(2026, 12, 1)


def test_a_fresh_policy_is_silent() -> None:
    assert remarks([BAN], DAY) == ()


def test_an_old_reading_and_a_date_that_has_come_are_named() -> None:
    old = replace(BAN, last_checked="2025-01-01", dates=(EffectiveDate("2025-06-01", "second part"),))
    age, passed = (remark.text for remark in remarks([old], DAY))
    assert "699 days ago" in age
    assert "2025-06-01 (second part) has come" in passed


def test_memory_and_low_confidence_are_named() -> None:
    texts = [remark.text for remark in remarks([policies()["JP-PROCUREMENT-2018"]], DAY)]
    assert any("memory" in text for text in texts)
    assert any("low confidence" in text for text in texts)


def test_an_exclusion_that_ran_out_comes_back_and_is_told() -> None:
    ended = Exclusion("d1", "", "*", "test bench", "A. Person", "2026-11-30")
    near = replace(ended, device="d2", expires="2026-12-10")
    later = replace(ended, device="d3", expires="2027-12-10")
    first, second = (remark.text for remark in run_out([ended, near, later], DAY))
    assert "ran out on 2026-11-30" in first
    assert "ends in 9 days" in second
    facts = owner('[owner]\njurisdictions = ["US"]\nus_prime_contractor = "yes"\npurpose_of_use = "public_safety"\n')
    (finding,) = judge([device()], [BAN], facts, world(), DAY, [ended])
    assert finding.status == "covered"
    assert "ran out on 2026-11-30" in finding.why


def test_information_never_reads_as_a_duty_and_a_waiting_fact_is_named() -> None:
    export = policies()["US-BIS-EL-2019-10"]
    rows = standings([BAN, export], judge([device()], [BAN, export], owner(), world(), DAY))
    duty, information = rows
    assert (duty.means, dict(duty.counts)) == ("may bind", {"depends": 1})
    assert "us_prime_contractor" in duty.facts
    assert (information.means, dict(information.counts), information.deadline) == (
        "information",
        {"not_assessed": 1},
        "",
    )
