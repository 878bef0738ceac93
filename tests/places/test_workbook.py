"""The workbook: what it shows, and what becomes of it when people hand it back changed, torn or poisoned."""

import io
import shutil
import subprocess
import textwrap
import zipfile
from dataclasses import replace
from datetime import date, datetime
from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from openpyxl import Workbook
from openpyxl.utils import get_column_letter

from netaudit.errors import DataError
from netaudit.identify.device import Answer
from netaudit.places.columns import HOW_KNOWN
from netaudit.places.csv_sheet import read_csv, to_csv
from netaudit.places.kept import Kept, facts_of, read_kept, rekeyed, to_dict, write_kept
from netaudit.places.merge import merge, told
from netaudit.places.rows import typed_traits
from netaudit.places.workbook import read_xlsx
from tests.places.sheets import UNITS, book, column_of, layout, put, saved, sheets, taken
from tests.policy.cases import device


def test_cells_tell_where_they_come_from_by_style_and_by_a_column() -> None:
    edited, _ = taken(saved(_typed()))
    sheet = book(edited)["Schedule"]
    cells = {label: sheet.cell(2, column_of(sheet, label)) for label in ("IP address", "Form", "Floor", "Room or zone")}
    fills = {label: cell.fill.start_color.rgb for label, cell in cells.items()}
    assert len(set(fills.values())) == 4
    assert cells["Floor"].font.bold
    assert cells["Form"].font.italic
    assert cells["Room or zone"].border.left.style == "dotted"
    how = sheet.cell(2, column_of(sheet, HOW_KNOWN)).value
    assert "looked up: Site, Resolution (MP), Form" in how
    assert "typed: Floor" in how
    assert any(v.formula1 == '"indoor,outdoor"' for v in sheet.data_validations.dataValidation)
    assert {row[0].value for row in book()["Legend"].iter_rows(max_row=4)} == {
        "measured",
        "looked up",
        "typed",
        "empty",
    }


NOON = datetime.fromisoformat("2026-04-03T12:00:00")


def _typed() -> Workbook:
    edited = book()
    put(edited["Schedule"], 2, {"Floor": "1", "Installed on": date(2021, 5, 1), "Mounting height (m)": 3.5})
    return edited


def test_an_unchanged_workbook_changes_nothing() -> None:
    kept, outcome = taken(saved(book()))
    assert (kept.rows["schedule"], outcome.changed, outcome.problems, outcome.remarks) == ({}, [], [], [])


def test_what_is_typed_is_kept_and_shown_and_imported_again_without_a_change() -> None:
    kept, outcome = taken(saved(_typed()))
    assert kept.typed("d1") == {"floor": "1", "installed": "2021-05-01", "height": "3.5"}
    assert kept.known["d1"]["serial"] == "SER1"
    again, second = taken(saved(book(kept)), kept)
    assert again == kept
    assert (second.changed, second.problems, second.remarks) == ([], [], [])
    assert len(outcome.changed) == 3


def test_a_cleared_cell_is_cleared_and_a_looked_up_one_typed_over_counts_for_the_planner() -> None:
    kept, _ = taken(saved(_typed()))
    edited = book(kept)
    put(edited["Schedule"], 2, {"Floor": None, "Form": "bullet", "Indoor or outdoor": "Outdoor", "Resolution (MP)": 8})
    kept, outcome = taken(saved(edited), kept)
    assert "floor" not in kept.typed("d1")
    assert ("d1", "Floor", "1", "") in outcome.changed
    assert typed_traits(kept, layout()) == {"d1": {"form_factor": "bullet", "outdoor": "yes", "megapixels": "8"}}


def test_moved_columns_are_found_and_own_columns_survive() -> None:
    edited = _typed()
    sheet = edited["Schedule"]
    sheet.insert_cols(1)
    sheet.cell(1, 1, "Lamp post")
    sheet.cell(3, 1, "LP 7")
    sheet.insert_rows(1)
    sheet.cell(1, 1, "Our own title")
    kept, outcome = taken(saved(edited))
    assert kept.typed("d1")["floor"] == "1"
    assert kept.extra["schedule"] == {"d2": {"Lamp post": "LP 7"}}
    assert outcome.problems == []
    shown = book(kept)["Schedule"]
    assert shown.cell(3, column_of(shown, "Lamp post")).value == "LP 7"


def test_wrong_types_and_formulas_are_named_by_cell_and_nothing_is_lost() -> None:
    before, _ = taken(saved(_typed()))
    edited = book(before)
    sheet = edited["Schedule"]
    put(
        sheet, 2, {"Mounting height (m)": "high", "Installed on": "soon", "Indoor or outdoor": "roof", "WDR": "perhaps"}
    )
    put(sheet, 3, {"Floor": '=HYPERLINK("http://192.0.2.1")', "Known faults": "=1+1"})
    kept, outcome = taken(saved(edited), before)
    places = {problem.cell: problem for problem in outcome.problems}
    assert places[f"Schedule!{sheet.cell(2, column_of(sheet, 'Mounting height (m)')).coordinate}"].why.endswith("2.5")
    assert len(places) == 6
    assert kept.typed("d1") == before.typed("d1")
    assert kept.typed("d2") == {}
    assert {item.text for item in kept.left} >= {"high", "soon", "roof", "perhaps", "=1+1"}
    assert all("!" in line.split(":")[0] for line in told(outcome))


@pytest.mark.parametrize(
    ("label", "cell", "value"),
    [
        ("Installed on", "31.12.2026", "2026-12-31"), ("Installed on", "3.4.2026", "2026-04-03"),
        ("Installed on", "12/31/2026", "2026-12-31"), ("Installed on", "31/12/2026", "2026-12-31"),
        ("Installed on", NOON, "2026-04-03"), ("Installed on", "03/04/2026", None),
        ("Installed on", "31.12.26", None), ("Installed on", "30.02.2026", None), ("Installed on", 46000, None),
        ("Mounting height (m)", "3,5", "3.5"), ("Mounting height (m)", "3.50", "3.5"),
        ("Mounting height (m)", "1.234", None), ("Mounting height (m)", "1,234", None),
        ("Mounting height (m)", True, None), ("WDR", "ja", "yes"), ("WDR", False, "no"), ("Floor", 2.0, "2"),
        ("Access", "LADDER", "ladder"),
    ],
)  # fmt: skip
def test_numbers_and_days_of_other_locales_are_read_or_named_never_guessed(
    label: str, cell: object, value: str | None
) -> None:
    edited = book()
    put(edited["Schedule"], 2, {label: cell})
    kept, outcome = taken(saved(edited))
    assert list(kept.typed("d1").values()) == ([] if value is None else [value])
    assert len(outcome.problems) == (value is None)


def test_merged_cells_leave_what_was_there() -> None:
    edited = book()
    sheet = edited["Schedule"]
    put(sheet, 2, {"Floor": "1"})
    put(sheet, 3, {"Floor": "2"})
    before, _ = taken(saved(edited))
    sheet.merge_cells(
        start_row=2, end_row=3, start_column=column_of(sheet, "Floor"), end_column=column_of(sheet, "Floor")
    )
    kept, outcome = taken(saved(edited), before)
    assert (kept.typed("d1"), kept.typed("d2")) == ({"floor": "1"}, {"floor": "2"})
    assert ["merged" in remark for remark in outcome.remarks] == [True]


def test_two_rows_of_one_device_are_named_and_the_second_is_kept_apart() -> None:
    edited = book()
    put(edited["Schedule"], 2, {"Floor": "1"})
    put(edited["Schedule"], 3, {"netaudit id": "d1", "Floor": "9"})
    kept, outcome = taken(saved(edited))
    assert kept.typed("d1") == {"floor": "1"}
    assert any(p.text == "9" and "row 2 has the same netaudit id d1" in p.why for p in outcome.problems)
    assert any(item.text == "9" for item in kept.left)


def test_a_measured_cell_is_not_taken_and_that_is_told() -> None:
    edited = book()
    put(edited["Schedule"], 2, {"IP address": "10.0.0.1"})
    kept, outcome = taken(saved(edited))
    assert kept.typed("d1") == {}
    assert any("is measured ('192.0.2.1'); '10.0.0.1' is not taken" in remark for remark in outcome.remarks)


def test_a_row_without_an_id_is_found_by_its_serial_or_becomes_a_row_of_its_own() -> None:
    edited = book()
    put(edited["Schedule"], 4, {"netaudit id": None, "Floor": "3"})
    put(edited["Schedule"], 5, {"Camera no.": "A-17", "Site": "HQ", "Remarks": "analogue"})
    kept, outcome = taken(saved(edited))
    assert kept.typed("d3") == {"floor": "3"}
    (new,) = [name for name in kept.rows["schedule"] if name.startswith("typed-")]
    assert kept.typed(new) == {"camera_id": "A-17", "site": "HQ", "remarks": "analogue"}
    assert len(sheets(kept)["schedule"]) == 4
    again, second = taken(saved(book(kept)), kept)
    assert again == kept
    assert not second.changed
    assert any("names no device of the run" in remark for remark in outcome.remarks)


def test_several_media_of_one_unit_are_several_records() -> None:
    edited = book()
    sheet = edited["Disposal"]
    put(sheet, 2, {"Medium": "HDD", "Medium's serial number": "A"})
    sheet.insert_rows(3)
    put(sheet, 3, {"netaudit id": "d1", "Medium": "microSD", "Medium's serial number": "B"})
    kept, outcome = taken(saved(edited))
    assert {name: row["medium"] for name, row in kept.rows["disposal"].items()} == {"d1": "HDD", "d1#2": "microSD"}
    assert outcome.problems == []
    again, second = taken(saved(book(kept)), kept)
    assert again == kept
    assert not second.changed


def test_edits_find_their_unit_again_after_another_scan() -> None:
    kept, _ = taken(saved(_typed()))
    moved = [replace(unit, device=f"new-{unit.device}", addresses=("10.9.9.9",)) for unit in UNITS]
    found = rekeyed(kept, moved)
    assert found.typed("new-d1") == kept.typed("d1")
    gone = rekeyed(kept, moved[1:])
    assert gone.typed("d1") == kept.typed("d1")
    assert sheets(gone, moved[1:])["schedule"][-1].cells["seen"].value == "not in this run"
    twins = [replace(unit, serial=Answer("SER1", 1.0), device=f"twin-{unit.device}", macs=()) for unit in UNITS[:2]]
    assert rekeyed(kept, twins) == kept


def test_an_address_alone_speaks_only_where_nothing_better_is_known() -> None:
    bare = device(name="b", addresses=("192.0.2.50",))
    kept = Kept(rows={"schedule": {"a": {"floor": "1"}}, "disposal": {}, "acceptance": {}}, known={"a": facts_of(bare)})
    assert rekeyed(kept, [bare]).typed("b") == {"floor": "1"}
    with_serial = replace(kept, known={"a": {**facts_of(bare), "serial": "S"}})
    assert rekeyed(with_serial, [bare]).typed("b") == {}


def test_csv_goes_out_and_in_with_its_own_dangers_disarmed() -> None:
    kept, _ = taken(saved(_typed()))
    hostile = replace(kept, rows={**kept.rows, "schedule": {"d1": {**kept.typed("d1"), "room": "=cmd|' /C calc'!A0"}}})
    raw = to_csv(sheets(hostile)["schedule"], layout().sheets["schedule"])
    assert b",'=cmd" in raw
    again, outcome = merge(read_csv(raw, Path("c.csv"), layout()), hostile, sheets(hostile), layout(), "c.csv", {})
    assert again.rows == hostile.rows
    assert (outcome.changed, outcome.problems) == ([], [])


def test_a_csv_saved_with_semicolons_and_another_encoding() -> None:
    raw = "netaudit id;Floor;Room or zone\r\nd1;1;K\u00fcche\r\nd2;=1+1;\r\n".encode("cp1252")
    kept, outcome = merge(read_csv(raw, Path("c.csv"), layout()), Kept(), sheets(), layout(), "c.csv", {})
    assert kept.typed("d1") == {"floor": "1", "room": "K\u00fcche"}
    assert [problem.cell for problem in outcome.problems] == ["c.csv!B3"]


def test_what_is_no_safe_workbook_is_refused() -> None:
    def package(**members: bytes) -> bytes:
        out = io.BytesIO()
        with zipfile.ZipFile(out, "w", zipfile.ZIP_DEFLATED) as file:
            for name, data in members.items():
                file.writestr(name, data)
        return out.getvalue()

    bomb = _claims(600 * 1024 * 1024)
    entity = package(**{"xl/workbook.xml": b'<!DOCTYPE a [<!ENTITY b "c">]><a>&b;</a>'})
    for raw, why in (
        (b"PK\x03\x04 no", "is no workbook"), (bomb, "unpacks to more"), (entity, "document type"),
        (package(**{"a.txt": b""}), "cannot be read"), (saved(Workbook()), "holds no sheet"),
    ):  # fmt: skip
        with pytest.raises(DataError, match=why):
            read_xlsx(raw, Path("c.xlsx"), layout())


def _claims(size: int) -> bytes:
    """A package that says of one member that it unpacks to so many bytes."""
    out = io.BytesIO()
    with zipfile.ZipFile(out, "w") as file:
        file.writestr("xl/a.xml", b"x")
    raw = bytearray(out.getvalue())
    central = raw.rindex(b"PK\x01\x02")
    raw[central + 24 : central + 28] = size.to_bytes(4, "little")
    return bytes(raw)


@settings(max_examples=60, deadline=None)
@given(st.lists(st.lists(st.text(max_size=12), max_size=8), max_size=6))
def test_any_csv_is_taken_in_or_refused(rows: list[list[str]]) -> None:
    head = "netaudit id,Floor,Installed on,Mounting height (m),WDR\r\n"
    raw = (head + "\r\n".join(",".join(row) for row in rows)).encode("utf-8", "surrogatepass")
    try:
        grids = read_csv(raw, Path("c.csv"), layout())
    except DataError:
        return
    kept, _ = merge(grids, Kept(), sheets(), layout(), "c.csv", {})
    assert read_back(kept) == kept


def read_back(kept: Kept) -> Kept:
    import json
    import tempfile

    with tempfile.TemporaryDirectory() as folder:
        path = Path(folder) / "places.json"
        path.write_text(json.dumps(to_dict(kept)), encoding="utf-8")
        return read_kept(path)


def test_what_is_kept_reads_back_and_a_broken_file_is_named(tmp_path: Path) -> None:
    kept, _ = taken(saved(_typed()))
    path = tmp_path / "deep" / "places.json"
    write_kept(path, kept)
    assert read_kept(path) == kept
    for text in (
        "{",
        "[]",
        '{"v": 1}',
        '{"v": 2}',
        '{"v":1,"rows":{"schedule":{"a":1}},"extra":{},"known":{},"left":[],"floors":[]}',
    ):
        path.write_text(text, encoding="utf-8")
        with pytest.raises(DataError, match=r"places\.json"):
            read_kept(path)


@pytest.mark.skipif(shutil.which("soffice") is None, reason="LibreOffice is not here (Debian: libreoffice-calc)")
def test_libreoffice_opens_and_saves_it_and_nothing_is_lost(tmp_path: Path) -> None:
    edited = _typed()
    put(edited["Schedule"], 3, {"Remarks": "=no formula", "Known faults": "+49 30", "Access": "lift", "WDR": "yes"})
    edited["Schedule"].cell(3, column_of(edited["Schedule"], "Remarks")).data_type = "s"
    kept, _ = taken(saved(edited))
    first = tmp_path / "cameras.xlsx"
    first.write_bytes(saved(book(kept)))
    out = tmp_path / "out"
    command = [
        "soffice",
        f"-env:UserInstallation=file://{tmp_path}/profile",
        "--headless",
        "--convert-to",
        "xlsx",
        "--outdir",
    ]
    done = subprocess.run([*command, str(out), str(first)], capture_output=True, timeout=180, check=False)
    assert (out / "cameras.xlsx").is_file(), done.stderr
    again, outcome = taken((out / "cameras.xlsx").read_bytes(), kept)
    assert again == kept
    assert (outcome.changed, outcome.problems, outcome.remarks) == ([], [], [])


def test_on_paper_heads_and_ids_repeat_and_no_serial_number_is_cut() -> None:
    sheet = book()["Schedule"]
    assert (sheet.print_title_rows, sheet.print_title_cols) == ("$1:$1", "$A:$C")
    assert sheet.page_setup.orientation == "landscape"
    number = column_of(sheet, "Serial number")
    longest = max(len(str(sheet.cell(row, number).value or "")) for row in range(2, sheet.max_row + 1))
    assert sheet.column_dimensions[get_column_letter(number)].width > longest


def test_on_paper_no_heading_is_cut_and_the_sheets_that_are_carried_about_are_few() -> None:
    made = book()
    for name in ("Schedule", "Disposal", "Acceptance"):
        sheet = made[name]
        height = sheet.row_dimensions[1].height
        for number in range(1, sheet.max_column + 1):
            width = sheet.column_dimensions[get_column_letter(number)].width
            words = str(sheet.cell(1, number).value)
            assert max(map(len, words.split())) < width
            assert len(textwrap.wrap(words, int(width) - 2)) * 15 <= height
        assert sheet.sheet_properties.pageSetUpPr.fitToPage
        assert sheet.page_setup.fitToHeight == 0
        # What says how a cell is known is for the screen.
        assert get_column_letter(column_of(sheet, "How known") - 1) in sheet.print_area.partition(":")[2]
    assert made["Disposal"].page_setup.fitToWidth <= 2
    assert made["Acceptance"].page_setup.fitToWidth <= 3
    assert made["Legend"].page_setup.fitToWidth == 1
