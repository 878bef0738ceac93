"""Report forms: the clock, every field filled or marked with who knows it, and nothing stated on the owner's behalf."""

import json
from datetime import UTC, datetime, timedelta, timezone
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from netaudit.errors import DataError
from netaudit.policy.policies import load_policies
from netaudit.report.forms.case import Case, empty_case, read_case
from netaudit.report.forms.deadline import business_day, due
from netaudit.report.forms.definition import SOURCES, load_forms
from netaudit.report.forms.fill import Filled, fill
from netaudit.report.forms.write import render_html, render_json, render_markdown
from netaudit.report.texts import load_texts
from tests.contracts.schemas import faults
from tests.report.page import Page
from tests.report.sample import sample

FORMS = load_forms()
ONE_DAY, TEN_DAYS, HOURS = (
    FORMS[name] for name in ("far-52.204-25-one-day", "far-52.204-25-ten-day", "far-52.240-91-72-hours")
)
EAST = timezone(timedelta(hours=-5))
FRIDAY = datetime(2026, 11, 20, 15, 0, tzinfo=EAST)


def test_the_shipped_forms_are_sound() -> None:
    policies = {policy.id for policy in load_policies()}
    for form in FORMS.values():
        assert set(form.policies) <= policies
        assert {item.source for item in form.fields} <= set(SOURCES)
        assert len({(item.level, item.name) for item in form.fields}) == len(form.fields)
        for item in form.fields:
            assert item.hint or item.source in ("clock", "finding"), (form.id, item.name)


def test_the_clock_of_each_regime() -> None:
    assert due(ONE_DAY, FRIDAY) == datetime(2026, 11, 23, 23, 59, tzinfo=EAST)
    assert due(HOURS, FRIDAY) == FRIDAY + timedelta(hours=72)
    assert due(TEN_DAYS, FRIDAY) == datetime(2026, 12, 7, 23, 59, tzinfo=EAST)
    sent = datetime(2026, 11, 24, 9, 0, tzinfo=EAST)
    assert due(TEN_DAYS, FRIDAY, sent) == datetime(2026, 12, 8, 23, 59, tzinfo=EAST)
    assert due(FORMS["inquiry-memo"], FRIDAY) is None


@given(st.dates(min_value=datetime(2000, 1, 1, tzinfo=UTC).date(), max_value=datetime(2100, 1, 1, tzinfo=UTC).date()),
       st.integers(1, 30))  # fmt: skip
def test_business_days_are_counted_from_monday_to_friday(start: object, count: int) -> None:
    from datetime import date

    assert isinstance(start, date)
    end = business_day(start, count)
    between = [start + timedelta(days=n) for n in range(1, (end - start).days + 1)]
    assert sum(day.weekday() < 5 for day in between) == count
    assert end.weekday() < 5


def _filled(name: str, case: Case | None = None) -> Filled:
    return fill(FORMS[name], sample(hostile=False).report(), case or Case())


@pytest.mark.parametrize("name", FORMS)
def test_every_field_is_filled_marked_or_explained(name: str) -> None:
    filled = _filled(name)
    rows = [*filled.rows, *(row for unit in filled.units for row in unit.rows)]
    assert rows
    assert all(row.text for row in rows)
    assert filled.units or not FORMS[name].policies or filled.open
    assert filled.assumed


def test_a_person_states_what_only_a_person_can() -> None:
    filled = _filled("far-52.204-24-26-inquiry")
    statements = [row for row in filled.rows if row.label.startswith("Statement")]
    assert [row.state for row in statements] == ["open", "open"]
    text = render_markdown(filled, sample(hostile=False).report(), load_texts()).decode().lower()
    assert "complian" not in text


def test_the_case_file_fills_and_a_unit_may_differ(tmp_path: Path) -> None:
    unit = _filled("far-52.204-25-one-day").units[0]
    address = unit.title.split()[-1]
    path = tmp_path / "case.toml"
    path.write_text(
        'discovered_at = 2026-11-20T15:00:00-05:00\nregime = "legacy_1_10"\ncontract_no = "C-1"\n'
        'supplier_name = "All Ltd"\n'
        f'[[unit]]\ndevice = "{address}"\nmitigation_done = "unplugged"\n', encoding="utf-8"
    )  # fmt: skip
    filled = _filled("far-52.204-25-one-day", read_case(path, FORMS.values()))
    rows = {row.label: row for row in filled.rows}
    assert (rows["Contract number"].text, rows["Supplier name"].text) == ("C-1", "All Ltd")
    assert (filled.discovered, filled.assumed) == (FRIDAY, False)
    done = [row for row in filled.units[0].rows if row.label == "Mitigation undertaken"]
    assert [(row.state, row.text) for row in done] == [("filled", "unplugged")]
    assert [r.state for r in filled.units[1].rows if r.label == "Mitigation undertaken"] == ["open"]


def test_the_empty_case_reads_back_and_asks_nothing_twice(tmp_path: Path) -> None:
    path = tmp_path / "case.toml"
    path.write_text(empty_case(FORMS.values()), encoding="utf-8")
    case = read_case(path, FORMS.values())
    assert case == Case()


@pytest.mark.parametrize(
    ("text", "where"),
    [
        ('contract_nr = "1"\n', ":1"),
        ('contract_no = "1"\ndiscovered_at = "yesterday"\n', ":2"),
        ('regime = "mine"\n', ":1"),
        ("[[unit]]\nsupplier_name = 7\ndevice = 'x'\n", ":2"),
        ("contract_no = [\n", ":1"),
    ],
)
def test_a_slip_in_the_case_file_is_named_by_line(tmp_path: Path, text: str, where: str) -> None:
    path = tmp_path / "case.toml"
    path.write_text(text, encoding="utf-8")
    with pytest.raises(DataError, match=rf"case\.toml{where}"):
        read_case(path, FORMS.values())


@pytest.mark.parametrize("name", FORMS)
def test_every_format_holds_every_field_and_hostile_text_stays_text(name: str) -> None:
    report, texts = sample().report(), load_texts()
    filled = fill(FORMS[name], report, Case(answers={"contract_no": "<script>alert(1)</script>"}))
    page = Page(render_html(filled, report, texts).decode())
    assert page.all("script", "img") == []
    labels = [element.text for element in page.all("dt")]
    data = json.loads(render_json(filled, report, texts))
    assert faults("form", data) == []
    for row in (*filled.rows, *(row for unit in filled.units for row in unit.rows)):
        assert row.label in labels
    assert data["open_fields"] == filled.open
    assert len(data["units"]) == len(filled.units)


def test_a_form_says_what_it_rests_on_and_what_the_run_itself_knows() -> None:
    report, texts = sample(hostile=False, units=12).report(), load_texts()
    shown = render_markdown(fill(load_forms()["far-52.204-25-one-day"], report, Case()), report, texts).decode()
    assert f"How it was found: network scan, netaudit run {report.run.run}" in shown.replace("\\", "")
    assert "What this rests on" in shown
    assert "10.20.4.0/25" in shown
    noticed = Case(discovered=datetime(2026, 11, 18, 9, tzinfo=timezone(timedelta(hours=-5))))
    told = fill(load_forms()["far-52.204-25-ten-day"], report, noticed)
    assert "phase 1, Recorders" in next(row.text for row in told.rows if "recommended" in row.label)
    assert "2026-11-18 09:00 -05:00" in render_markdown(told, report, texts).decode().replace("\\", "")
    memo = render_markdown(fill(load_forms()["inquiry-memo"], report, Case()), report, texts).decode()
    assert "starts the clock" not in memo
