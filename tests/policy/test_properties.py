"""What must hold for every device, every owner and every shipped policy."""

from datetime import date
from typing import get_args

from hypothesis import given, settings
from hypothesis import strategies as st

from netaudit.identify.device import DEVICE_TYPES, Answer, Device, Grade, Reason
from netaudit.policy.engine import judge
from netaudit.policy.facts import read_facts
from netaudit.policy.finding import STATUS_ORDER
from netaudit.policy.owner import OwnerFacts
from tests.policy.cases import CONFIDENCE, MAKERS, contradicted, policies, world

KNOWN = [maker.id for maker in MAKERS]
DAY = date(2026, 11, 23)

reasons = st.lists(
    st.builds(
        Reason, st.just("obs"), st.just("sig"),
        st.dictionaries(st.sampled_from(["maker", "brand", "platform", "type"]), st.sampled_from(KNOWN), max_size=2),
        st.sampled_from(["proof", "strong", "weak", "nothing"]), st.just("saw"), st.just("http"),
    ),
    max_size=2,
).map(tuple)  # fmt: skip


@st.composite
def devices(draw: st.DrawFn) -> Device:
    maker = draw(st.sampled_from([None, "nobody_inc", *KNOWN]))
    brand = draw(st.sampled_from([None, "lorex", "imaging_subsidiary", "parts_shop", "hikvision"]))
    grade: Grade = draw(st.sampled_from(get_args(Grade))) if maker else "unknown"
    nothing = Answer()
    return Device(
        "d1", None, (), (), (), Answer(draw(st.sampled_from(DEVICE_TYPES)), 0.99),
        Answer(maker, CONFIDENCE[grade] if maker else 0.0, maker, grade), Answer(brand, draw(st.floats(0, 1)), brand),
        nothing, Answer(draw(st.sampled_from([None, "V5.5 build 190909", "x"]))), nothing, nothing,
        draw(st.sampled_from([None, True, False])),
        contradictions=draw(st.sampled_from([(), contradicted("axis", "dahua")])),
        reasons=draw(reasons), site="HQ", first_seen=draw(st.sampled_from(["", "2019-01-01T00:00:00Z"])),
    )  # fmt: skip


@st.composite
def owners(draw: st.DrawFn) -> OwnerFacts:
    answers: dict[str, tuple[str, ...]] = {}
    for fact in read_facts():
        if draw(st.booleans()):
            values = ["2020-01-01", "2025-01-01"] if fact.type == "date" else list(fact.values)
            answers[fact.name] = (draw(st.sampled_from(values)),)
    return OwnerFacts(owner=answers)


@settings(max_examples=150, deadline=None)
@given(devices(), owners())
def test_no_verdict_says_more_than_the_evidence(unit: Device, facts: OwnerFacts) -> None:
    findings = judge([unit], list(policies().values()), facts, world(), DAY)
    assert [finding.policy for finding in findings] == list(policies())
    evidence = any(reason.strength != "nothing" for reason in unit.reasons)
    for finding in findings:
        assert finding.status in STATUS_ORDER
        assert finding.why.endswith(".")
        assert "compliant" not in finding.why.casefold()
        if finding.status in ("covered", "likely", "not_covered"):
            assert evidence
        if finding.status == "covered" and finding.basis != "affiliate":
            assert unit.maker.grade == "confirmed"
        if unit.maker.value is None or (unit.maker.value == "nobody_inc" and not _certified(finding.policy)):
            assert finding.status not in ("covered", "not_covered")
        assert bool(finding.depends_on) == (finding.status == "depends")


def _certified(policy: str) -> bool:
    return policies()[policy].test.kind == "certificate"


@settings(max_examples=100, deadline=None)
@given(devices(), owners())
def test_information_is_never_a_duty(unit: Device, facts: OwnerFacts) -> None:
    for finding in judge([unit], list(policies().values()), facts, world(), DAY):
        policy = policies()[finding.policy]
        assert finding.duty == policy.duty
        if not policy.duty:
            assert finding.status == "not_assessed"
            assert (finding.binds_owner, finding.asks, finding.deadline, finding.remedy) == (False, "", "", "")
        if finding.status in ("covered", "likely"):
            assert finding.binds_owner is True


@settings(max_examples=50, deadline=None)
@given(devices(), owners())
def test_judging_twice_gives_the_same(unit: Device, facts: OwnerFacts) -> None:
    rules = list(policies().values())
    assert judge([unit], rules, facts, world(), DAY) == judge([unit], rules, facts, world(), DAY)
