"""Small schedules for the tests of the workbook: three units, and files as people hand them back."""

import io
from collections.abc import Mapping
from datetime import date
from functools import cache
from pathlib import Path
from typing import Any

from openpyxl import Workbook, load_workbook
from openpyxl.worksheet.worksheet import Worksheet

from netaudit.identify.device import Answer
from netaudit.places.columns import Layout, load_layout
from netaudit.places.kept import Kept, facts_of
from netaudit.places.merge import Outcome, merge
from netaudit.places.rows import Heard, Row, sheets_of
from netaudit.places.workbook import read_xlsx, to_xlsx
from netaudit.plan.plan import make_plan
from tests.plan.scenes import finding, planning
from tests.policy.cases import device, owner

UNITS = [
    device(name=f"d{n}", addresses=(f"192.0.2.{n}",), macs=(f"44:19:b6:00:00:0{n}",), serial=Answer(f"SER{n}", 1.0),
           traits={"form_factor": "dome", "megapixels": "4"} if n == 1 else {})
    for n in (1, 2, 3)
]  # fmt: skip


@cache
def layout() -> Layout:
    """Return the shipped columns."""
    return load_layout()


def heard(units: list[Any] | None = None) -> Heard:
    """Return what a run says of the units: the first two have to go."""
    units = UNITS if units is None else units
    findings = [finding(unit.device) for unit in units[:2]]
    return Heard(units, findings, make_plan(units, findings, owner(), planning(), date(2026, 11, 23)), {})


def sheets(kept: Kept | None = None, units: list[Any] | None = None) -> dict[str, list[Row]]:
    """Return the rows of all sheets."""
    return sheets_of(heard(units), kept or Kept(), layout())


def book(kept: Kept | None = None) -> Workbook:
    """Return the exported workbook, open for a person's edits."""
    return load_workbook(io.BytesIO(to_xlsx(sheets(kept), layout())))


def column_of(sheet: Worksheet, label: str) -> int:
    """Return the number of a column by its heading."""
    return int(next(cell.column for cell in sheet[1] if cell.value == label))


def put(sheet: Worksheet, row: int, values: Mapping[str, Any]) -> None:
    """Type values into a row, by heading."""
    for label, value in values.items():
        sheet.cell(row, column_of(sheet, label)).value = value


def saved(edited: Workbook) -> bytes:
    """Return the bytes of a workbook."""
    out = io.BytesIO()
    edited.save(out)
    return out.getvalue()


def taken(raw: bytes, kept: Kept | None = None, units: list[Any] | None = None) -> tuple[Kept, Outcome]:
    """Import a workbook."""
    grids = read_xlsx(raw, Path("c.xlsx"), layout())
    rows = UNITS if units is None else units
    known = {unit.device: facts_of(unit) for unit in rows}
    return merge(grids, kept or Kept(), sheets(kept, units), layout(), "c.xlsx", known)
