"""The plan by periods: every unit once, with its reason, its cost and its source; and what is said where none fits."""

import json
from datetime import date
from pathlib import Path
from typing import Any

from netaudit.identify.device import Device
from netaudit.plan.candidates import Screened
from netaudit.plan.comparison import compare, read_plan
from netaudit.plan.hangs import Hang
from netaudit.plan.model import Plan
from netaudit.plan.products import Price, Product
from netaudit.plan.project_file import parse_project
from netaudit.plan.scheduled import Market, scheduled_plan
from netaudit.plan.sorting import sort_out
from netaudit.policy.finding import Finding
from netaudit.toml_file import parse_toml
from tests.contracts.schemas import faults
from tests.plan.scenes import finding, planning
from tests.policy.cases import device, owner

HEAD = '[plan]\ncurrency = "EUR"\n[periods]\nfirst = 2027-01-01\ncount = 4\nworking_days = 10\n'
EFFORT = "[effort]\ncamera = 1\nrecorder = 2\n"
COST = '[[cost]]\nline = "labour"\nlow = 700\nhigh = 900\ndate = 2026-11-01\nsource = "invoices"\n'
DOME = Product(
    "D1", "Axis", {"type": "camera", "form_factor": "dome"}, 0, Price(50000, 60000, "EUR", "2026-11-01", "q")
)


def make(
    devices: list[Device], findings: list[Finding], text: str, behind: dict[str, str] | None = None, **more: Any
) -> Plan:
    project = parse_project(parse_toml(text.encode(), Path("planning.toml")), planning())
    sorted_ = sort_out(devices, findings, owner(), planning(), date(2026, 11, 23), behind or {})
    return scheduled_plan(sorted_, project, planning(), Market(**more))


def domes(count: int, **more: Any) -> tuple[list[Device], list[Finding]]:
    rows = [device(name=f"d{number:02}", traits={"form_factor": "dome"}, **more) for number in range(count)]
    return rows, [finding(row.device) for row in rows]


def test_every_unit_has_one_place_and_a_reason() -> None:
    devices, findings = domes(14)
    made = make(devices, findings, HEAD + EFFORT)
    items = [item for phase in made.phases for item in phase.items]
    assert sorted(item.device for item in items) == [row.device for row in devices]
    assert [len(phase.items) for phase in made.phases] == [0, 0, 10, 4, 0]
    first, later = items[0], items[-1]
    assert "It is the first period" in first.because
    assert "the crews have 0 days left in 2027 Q1" in later.because
    assert made.timetable is not None
    assert [(use.units, use.phase) for use in made.timetable.periods] == [(10, 2), (4, 3), (0, None), (0, None)]
    assert made.timetable.outcome == "proven"
    assert faults("plan", json.loads(json.dumps(made.to_dict()))) == []


def test_a_recorder_and_its_cameras_stay_together() -> None:
    devices = [device(name="rec", kind="recorder"), *(device(name=f"c{n}", site="Far") for n in range(7))]
    made = make(devices, [finding(d.device) for d in devices], HEAD + EFFORT, {f"c{n}": "rec" for n in range(7)})
    (phase,) = [phase for phase in made.phases if phase.items]
    assert phase.items[0].device == "rec"
    assert phase.items[1].after == ("rec",)
    assert "Together with rec" in phase.items[1].because


def test_costs_are_the_owner_s_figures_with_day_and_source() -> None:
    devices, findings = domes(3)
    made = make(devices, findings, HEAD + EFFORT + COST, screened=Screened((DOME,), ()))
    item = made.phases[2].items[0]
    assert item.cost == "1,200\u20131,500 EUR"
    assert item.cost_note.startswith("Axis D1 500\u2013600 EUR (q, 2026-11-01)")
    table = made.timetable
    assert table is not None
    assert (table.total.low, table.total.high, table.priced) == (3 * 1200_00, 3 * 1500_00, 3)
    assert [line.id for line in table.lines if line.amount is None][:2] == ["mount", "lens"]


def test_without_a_price_file_no_price_is_made_up() -> None:
    devices, findings = domes(2)
    made = make(devices, findings, HEAD + EFFORT)
    assert {item.cost for phase in made.phases for item in phase.items} == {""}
    assert made.timetable is not None
    assert made.timetable.total.high == 0
    assert any("no price file" in note for note in made.timetable.notes)


def test_where_not_all_fits_the_rest_is_named_with_what_would_have_to_give() -> None:
    devices, findings = domes(45)
    made = make(devices, findings, HEAD + EFFORT)
    assert len(made.unplaced) == 5
    assert "5 more days of a crew in 2027 Q1" in made.unplaced[0][1]
    table = made.timetable
    assert table is not None
    assert table.outcome == "unfit"
    assert [relief.limit for relief in table.reliefs] == ["crew"]


def test_a_kept_deadline_a_window_and_a_wish_move_units_and_are_told() -> None:
    devices = [device(name="dated"), device(name="school", site="School"), device(name="wished")]
    findings = [finding("dated", deadline="2027-06-30"), finding("school"), finding("wished")]
    text = (
        HEAD.replace("[periods]", 'deadlines = "keep"\n[periods]') + EFFORT
        + '[[site]]\nname = "School"\nwindows = [{ from = 2027-07-01, until = 2027-08-31 }]\n'
        + '[[site]]\nname = "Nowhere"\n'
        + '[[pin]]\ndevice = "wished"\nperiod = "2027 Q4"\nreason = "roof"\nby = "Facilities"\n'
    )  # fmt: skip
    made = make(devices, findings, text)
    told = {item.device: item.because for phase in made.phases for item in phase.items}
    assert "In 2027 Q1: in time for its deadline 2027-06-30." in told["dated"]
    assert told["school"].startswith("In 2027 Q3")
    assert "School is closed in 2027 Q1; School is closed in 2027 Q2" in told["school"]
    assert "Facilities wants it in 2027 Q4: roof" in told["wished"]
    assert made.timetable is not None
    assert any("'Nowhere', which no unit has" in note for note in made.timetable.notes)


def test_what_was_heard_and_typed_goes_into_the_class() -> None:
    devices, findings = domes(1)
    hang = {"d00": Hang(watts="6.5", profiles=("S", "T"))}
    made = make(devices, findings, HEAD, hangs=hang, typed={"d00": {"outdoor": "yes", "megapixels": "8"}})
    new = made.phases[2].items[0].replacement
    assert new is not None
    assert new.name == "dome camera, 8 MP class, outdoor, PoE, ONVIF profile S, T"
    assert new.known_from == "model code, ONVIF, switch, typed"


def test_the_same_input_gives_the_same_plan_and_two_plans_compare() -> None:
    devices, findings = domes(14)
    first = make(devices, findings, HEAD + EFFORT)
    assert first == make(list(reversed(devices)), findings, HEAD + EFFORT)
    second = make(devices, findings, HEAD.replace("10", "4") + EFFORT)
    shown = compare(first.to_dict(), second.to_dict())
    rows = {row.what: (row.first, row.second) for row in shown.rows}
    assert rows["phases of replacement"] == ("2", "4")
    assert rows["2027 Q1: units"] == ("10", "4")
    assert len(shown.moved) >= 6


def test_a_plan_is_read_from_a_file_or_a_run_s_folder(tmp_path: Path) -> None:
    devices, findings = domes(2)
    (tmp_path / "plan.json").write_text(json.dumps(make(devices, findings, HEAD).to_dict()), encoding="utf-8")
    assert read_plan(tmp_path) == read_plan(tmp_path / "plan.json")


def test_nothing_to_do_is_an_empty_plan() -> None:
    assert make([device()], [finding("d1", "not_covered")], HEAD).phases == ()
