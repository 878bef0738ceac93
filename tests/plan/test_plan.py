"""The plan: who is in it, in which phase, in which order, and what is said about it."""

import json
from datetime import date

from hypothesis import given, settings
from hypothesis import strategies as st

from netaudit.identify.device import Device
from netaudit.plan.model import NO_PRICE, Plan, PlanItem
from netaudit.plan.needs import needs, set_aside
from netaudit.plan.plan import make_plan
from netaudit.policy.finding import Finding
from netaudit.policy.owner import OwnerFacts
from tests.plan.scenes import finding, planning
from tests.policy.cases import device, owner

TODAY = date(2026, 11, 23)


def plan(devices: list[Device], findings: list[Finding], facts: str = "", behind: dict[str, str] | None = None) -> Plan:
    return make_plan(devices, findings, owner(facts), planning(), TODAY, behind)


def items(made: Plan) -> list[PlanItem]:
    return [item for phase in made.phases for item in phase.items]


def test_a_recorder_goes_with_its_cameras_and_first() -> None:
    units = [device(name="cam1"), device(name="cam2"), device(name="rec", kind="recorder")]
    made = plan(units, [finding(u.device) for u in units], behind={"cam1": "rec", "cam2": "rec"})
    assert [phase.number for phase in made.phases] == [0, 1, 2, 3]
    assert [item.device for item in made.phases[2].items] == ["rec", "cam1", "cam2"]
    assert made.phases[2].items[1].after == ("rec",)
    assert "its recorder rec" in made.phases[2].items[1].because


def test_deadlines_come_first_then_sites_then_scores() -> None:
    units = [
        device(name="a", site="North"), device(name="b", site="South"), device(name="c", site="North", kind="recorder"),
    ]  # fmt: skip
    findings = [finding("a"), finding("b", deadline="2027-01-31"), finding("c")]
    made = plan(units, findings)
    assert [phase.title for phase in made.phases[2:-1]] == ["Replace: South", "Replace: North"]
    assert made.phases[2].deadline == "2027-01-31"
    assert [item.device for item in made.phases[3].items] == ["c", "a"]


def test_first_contain_then_confirm_and_last_close() -> None:
    units = [device(name="sure"), device(name="maybe"), device(name="open")]
    made = plan(units, [finding("sure"), finding("maybe", "likely"), finding("open", "depends", depends_on=("x",))])
    contain, confirm, last = made.phases[0], made.phases[1], made.phases[-1]
    assert all({"sure", "maybe", "open"} >= set(step.devices) for step in contain.steps)
    photo = next(step for step in confirm.steps if "label" in step.text)
    assert photo.devices == ("maybe",)
    assert next(step for step in confirm.steps if "owner.toml" in step.text).devices == ("open",)
    assert any("Scan again" in step.text for step in last.steps)
    assert any("Sanitise" in step.text for step in last.steps)
    unsure = next(item for item in items(made) if item.device == "maybe")
    assert any("confirmed" in action for action in unsure.actions)


def test_a_unit_that_may_stay_is_contained_and_not_replaced() -> None:
    made = plan([device(name="old"), device(name="new")], [finding("old", remedy="contain"), finding("new")])
    assert [item.device for item in made.phases[0].items] == ["old"]
    assert made.phases[0].items[0].replacement is None
    assert all("old" not in step.devices for step in made.phases[-1].steps)


def test_information_and_unknown_units_are_no_needs_and_unknown_ones_are_named() -> None:
    units = [device(name=name) for name in ("info", "dark", "kept", "clear")]
    findings = [
        finding("info", "covered", duty=False), finding("dark", "unknown"), finding("kept", "excluded"),
        finding("clear", "not_covered"), finding("ghost", "covered"),
    ]  # fmt: skip
    made = plan(units, findings)
    assert items(made) == []
    assert dict(made.unplaced).keys() == {"dark", "kept", "ghost"}
    assert "not in the list" in dict(made.unplaced)["ghost"]


def test_the_worst_finding_leads_and_the_earliest_date_counts() -> None:
    findings = [
        finding("d1", "depends", policy="A"), finding("d1", deadline="2027-06-30", policy="B"),
        finding("d1", "likely", deadline="2027-01-31", policy="C"),
    ]  # fmt: skip
    (need,) = needs([device(name="d1")], findings)
    assert (need.status, need.deadline, need.remedy) == ("covered", "2027-01-31", "remove")


def test_no_price_is_ever_invented() -> None:
    made = plan([device(name="d1")], [finding("d1")])
    (item,) = items(made)
    assert (item.cost, item.cost_note) == ("", NO_PRICE)
    assert json.loads(json.dumps(made.to_dict()))["phases"][2]["items"][0]["cost_note"] == NO_PRICE


def test_a_large_site_is_cut_between_recorders() -> None:
    units = [device(name=f"rec{n}", kind="recorder") for n in range(3)]
    behind = {}
    for number in range(60):
        units.append(device(name=f"cam{number:02}"))
        behind[f"cam{number:02}"] = f"rec{number % 3}"
    made = plan(units, [finding(unit.device) for unit in units], behind=behind)
    replacing = made.phases[2:-1]
    assert [len(phase.items) for phase in replacing] == [21, 21, 21]
    assert [phase.title for phase in replacing] == [f"Replace: HQ, part {n}" for n in (1, 2, 3)]


NAMES = [f"d{number}" for number in range(8)]
statuses = st.sampled_from(["covered", "likely", "depends", "unknown", "not_covered", "not_assessed", "excluded"])
found = st.lists(
    st.builds(
        finding, st.sampled_from([*NAMES, "ghost"]), statuses, duty=st.booleans(),
        policy=st.sampled_from(["A", "B"]), deadline=st.sampled_from(["", "2025-01-01", "2027-01-01"]),
        remedy=st.sampled_from(["remove", "contain", "do_not_buy"]),
    ),
    max_size=14,
)  # fmt: skip
units = st.lists(
    st.builds(
        device, name=st.sampled_from(NAMES), kind=st.sampled_from(["camera", "recorder", "unknown"]),
        site=st.sampled_from(["", "HQ", "Annex"]),
    ),
    max_size=8, unique_by=lambda unit: unit.device,
)  # fmt: skip
hangs = st.dictionaries(st.sampled_from(NAMES), st.sampled_from([*NAMES, "ghost"]), max_size=6)


@settings(max_examples=200, deadline=None)
@given(units, found, hangs)
def test_nothing_is_lost_and_no_unit_stands_twice(
    devices: list[Device], findings: list[Finding], behind: dict[str, str]
) -> None:
    made = make_plan(devices, findings, OwnerFacts(), planning(), TODAY, behind)
    placed = [item.device for item in items(made)]
    known = {unit.device for unit in devices}
    wanting = {f.device for f in findings if f.duty and f.status in ("covered", "likely", "depends")}
    assert sorted(placed) == sorted(wanting & known)
    aside = {name for name, _ in made.unplaced}
    assert not aside & set(placed)
    assert wanting - known <= aside
    assert {f.device for f in findings if f.duty and f.status in ("unknown", "excluded")} & known <= aside | set(placed)
    assert aside == {name for name, _ in set_aside(devices, findings)}


@settings(max_examples=200, deadline=None)
@given(units, found, hangs)
def test_the_order_holds(devices: list[Device], findings: list[Finding], behind: dict[str, str]) -> None:
    made = make_plan(devices, findings, OwnerFacts(), planning(), TODAY, behind)
    phase_of = {item.device: item.phase for item in items(made)}
    assert [phase.number for phase in made.phases] == list(range(len(made.phases)))
    for phase in made.phases:
        assert all(item.phase == phase.number for item in phase.items)
        for item in phase.items:
            assert item.because.endswith(".")
            assert item.score == sum(part.points for part in item.parts)
            assert len(item.parts) == len(planning().parts)
            assert all(phase_of[recorder] <= item.phase for recorder in item.after)
    replacing = made.phases[2:-1]
    dates = [phase.deadline or "9999" for phase in replacing]
    assert dates == sorted(dates)
    if not behind:
        for phase in replacing:
            keys = [(item.deadline or "9999", -item.score) for item in phase.items]
            assert keys == sorted(keys)
    assert made == make_plan(devices, findings, OwnerFacts(), planning(), TODAY, behind)
