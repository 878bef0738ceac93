"""The workbook, read back by another library: complete, typed, and nothing in it that runs."""

import io
import zipfile
from typing import Any

import openpyxl
import pytest

from netaudit.report import xlsx
from tests.report.sample import sample


@pytest.fixture(scope="module")
def book() -> Any:
    return openpyxl.load_workbook(io.BytesIO(xlsx.render(sample().report())))


def test_every_sheet_has_a_fixed_head_and_a_filter(book: Any) -> None:
    assert book.sheetnames == [
        "Overview", "Schedule", "Inventory", "Findings", "Plan", "Not in any phase", "Policies", "Evidence", "Coverage",
        "Not seen",
    ]  # fmt: skip
    for sheet in book.worksheets[1:]:
        assert sheet.freeze_panes == "B2"
        assert sheet.auto_filter.ref
        assert sheet.print_title_rows == "$1:$1"


def test_every_device_is_there_and_numbers_are_numbers(book: Any) -> None:
    report = sample().report()
    inventory, schedule = book["Inventory"], book["Schedule"]
    assert inventory.max_row - 1 == len(report.cards)
    assert schedule.max_row - 1 == len(report.units)
    assert [row[0].value for row in schedule.iter_rows(min_row=2)] == [card.no for card in report.units]
    shares = {row[7].value for row in schedule.iter_rows(min_row=2)}
    assert any(isinstance(value, float) and 0.9 < value < 1 for value in shares)
    assert book["Evidence"].max_row > len(report.units)
    assert report.scope_digest[:8] not in book["Overview"]["B3"].value


def test_nothing_runs(book: Any) -> None:
    kinds = {cell.data_type for sheet in book.worksheets for row in sheet.iter_rows() for cell in row}
    assert "f" not in kinds
    assert not any(sheet._hyperlinks for sheet in book.worksheets)
    risky = [
        c for row in book["Inventory"].iter_rows() for c in row if isinstance(c.value, str) and c.value[:1] in "=@"
    ]
    assert risky
    assert all(cell.quotePrefix for cell in risky)
    with zipfile.ZipFile(io.BytesIO(xlsx.render(sample().report()))) as archive:
        assert not any("vba" in name or "external" in name for name in archive.namelist())
        assert b"<f>" not in b"".join(archive.read(name) for name in archive.namelist())


def test_the_same_report_gives_the_same_bytes() -> None:
    assert xlsx.render(sample().report()) == xlsx.render(sample().report())


def test_of_very_many_units_findings_and_evidence_are_the_most_pressing() -> None:
    report = sample(hostile=False, units=2100).report()
    made = openpyxl.load_workbook(io.BytesIO(xlsx.render(report)), read_only=True)
    rows = sum(1 for _ in made["Findings"].iter_rows()) - 1
    assert rows == sum(len(card.told_duties) for card in report.units)
    assert sum(1 for _ in made["Inventory"].iter_rows()) - 1 == len(report.cards)


def test_what_people_read_row_by_row_shows_whole_on_screen_and_paper(book: Any) -> None:
    for name in ("Overview", "Schedule", "Plan", "Policies", "Not seen"):
        sheet = book[name]
        assert (sheet.page_setup.orientation, sheet.page_setup.fitToHeight) == ("landscape", 0), name
        assert sheet.sheet_properties.pageSetUpPr.fitToPage, name
    plan = book["Plan"]
    longest = max(range(2, plan.max_row + 1), key=lambda row: len(str(plan.cell(row, 7).value)))
    assert plan.cell(longest, 7).alignment.wrap_text
    assert plan.row_dimensions[longest].height >= 15 * -(-len(str(plan.cell(longest, 7).value)) // 60)
