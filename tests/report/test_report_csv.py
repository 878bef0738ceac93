"""The schedule as CSV: read back as written, and nothing in it can run."""

import csv as reader
import io

import pytest
from hypothesis import given
from hypothesis import strategies as st

from netaudit.report import csv
from tests.report.sample import sample


def _rows(hostile: bool) -> list[dict[str, str]]:
    text = csv.render(sample(hostile=hostile).report()).decode("utf-8")
    return list(reader.DictReader(io.StringIO(text, newline="")))


def test_one_row_a_device_with_what_a_scan_can_fill() -> None:
    rows = _rows(hostile=False)
    assert len(rows) == 60
    row = next(row for row in rows if row["netaudit_id"] == "serial:4E00009PAZ00009")
    expected = {
        "site": "Town hall", "ip": "10.20.0.29", "brand": "Hikvision", "maker": "Hangzhou Hikvision Digital Technology",
        "model": "DS-2CD2143G0-I", "relabelled": "no", "switch": "sw-th-02", "megapixels": "4",
    }  # fmt: skip
    assert expected.items() <= row.items()
    assert row["status"] == "covered"
    assert row["policies_covered"] == "US-NDAA19-889B"
    assert row["phase"] == "1"


def test_no_cell_of_a_hostile_run_is_a_formula_or_holds_a_control_character() -> None:
    for row in _rows(hostile=True):
        for cell in row.values():
            assert not cell.lstrip().startswith(("=", "+", "-", "@"))
            assert cell.isprintable()


@pytest.mark.parametrize("start", ["=", "+", "-", "@", "\t", "\r", " =", "＝"])
def test_cells_that_a_spreadsheet_would_run_are_quoted(start: str) -> None:
    assert csv.safe_cell(f"{start}1+1").startswith("'")


@given(st.text())
def test_every_text_survives_the_format(text: str) -> None:
    out = io.StringIO(newline="")
    reader.writer(out, lineterminator="\r\n").writerow([csv.safe_cell(text), "end"])
    assert next(reader.reader(io.StringIO(out.getvalue(), newline=""))) == [csv.safe_cell(text), "end"]
