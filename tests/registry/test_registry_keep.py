"""The user's copy: whole or not at all, refused when it shrank, used only when newer, not believed when damaged."""

import json
from pathlib import Path

import pytest

from netaudit.errors import DataError
from netaudit.identify.oui import OuiTable
from netaudit.registry.formats import TABLES, Listed
from netaudit.registry.keep import Origin, keep, kept, newer

ORIGIN = Origin("list.csv", "IEEE CSV", 1, "0" * 64)
DIGITS = {"mal.csv": 6, "mam.csv": 7, "mas.csv": 9, "iab.csv": 9}


@pytest.fixture
def shipped(tmp_path: Path) -> Path:
    folder = tmp_path / "shipped"
    folder.mkdir()
    for name in TABLES:
        rows = "".join(f"{number:0{DIGITS[name]}X},Old {number}\n" for number in range(100))
        (folder / name).write_text("prefix,organisation\n" + rows, encoding="utf-8")
    return folder


def listed(count: int, table: str = "mal.csv") -> Listed:
    return Listed("IEEE CSV", {table: {f"{number:0{DIGITS[table]}X}": f"New {number}" for number in range(count)}})


def test_a_copy_is_kept_with_its_provenance_and_what_it_does_not_bring(tmp_path: Path, shipped: Path) -> None:
    copy = keep([listed(101)], [ORIGIN], "2026-11-01", tmp_path / "own", shipped)
    assert kept(tmp_path / "own") == copy
    assert copy.rows == {"mal.csv": 101, "mam.csv": 100, "mas.csv": 100, "iab.csv": 100}
    source = json.loads((copy.folder / "SOURCE.json").read_text(encoding="utf-8"))
    assert (source["date"], source["files"][0]["name"]) == ("2026-11-01", "list.csv")
    table = OuiTable(copy.folder)
    assert table.lookup("00:00:64:00:00:00").organisation == "New 100"


def test_a_later_copy_replaces_the_former(tmp_path: Path, shipped: Path) -> None:
    first = keep([listed(101)], [ORIGIN], "2026-11-01", tmp_path / "own", shipped)
    second = keep([listed(99)], [ORIGIN], "2026-12-01", tmp_path / "own", first.folder)
    assert kept(tmp_path / "own") == second
    assert not first.folder.exists()
    assert keep([listed(99)], [ORIGIN], "2026-12-01", tmp_path / "own", second.folder) == second


@pytest.mark.parametrize("table", TABLES)
def test_a_list_that_lost_a_tenth_is_refused_and_changes_nothing(tmp_path: Path, shipped: Path, table: str) -> None:
    before = keep([listed(101)], [ORIGIN], "2026-11-01", tmp_path / "own", shipped)
    with pytest.raises(DataError, match=rf"list\.csv: {table} would have 89 blocks \(expected at least 90%"):
        keep([listed(89, table)], [ORIGIN], "2026-12-01", tmp_path / "own", shipped)
    assert kept(tmp_path / "own") == before


def test_a_crash_before_the_switch_leaves_the_former_copy_in_use(tmp_path: Path, shipped: Path) -> None:
    before = keep([listed(101)], [ORIGIN], "2026-11-01", tmp_path / "own", shipped)
    (tmp_path / "own" / "2026-12-01-0badc0de.new").mkdir()
    (tmp_path / "own" / "current.new").write_text("2026-12-01-0ba", encoding="utf-8")
    assert kept(tmp_path / "own") == before


def test_no_copy_is_none_and_a_damaged_one_is_said(tmp_path: Path, shipped: Path) -> None:
    assert kept(tmp_path / "own") is None
    copy = keep([listed(101)], [ORIGIN], "2026-11-01", tmp_path / "own", shipped)
    with (copy.folder / "mam.csv").open("a", encoding="utf-8") as file:
        file.write("0000FFF,Somebody Else\n")
    with pytest.raises(DataError, match=r"mam\.csv: is damaged"):
        kept(tmp_path / "own")
    (copy.folder / "SOURCE.json").write_text("[]", encoding="utf-8")
    with pytest.raises(DataError, match=r"SOURCE\.json: is damaged"):
        kept(tmp_path / "own")


def test_a_pointer_cannot_lead_out_of_the_folder(tmp_path: Path, shipped: Path) -> None:
    keep([listed(101)], [ORIGIN], "2026-11-01", tmp_path / "own", shipped)
    (tmp_path / "own" / "current").write_text("../shipped\n", encoding="utf-8")
    with pytest.raises(DataError, match="own/shipped"):
        kept(tmp_path / "own")


def test_only_newer_data_is_preferred(tmp_path: Path, shipped: Path) -> None:
    copy = keep([listed(101)], [ORIGIN], "2026-11-01", tmp_path / "own", shipped)
    assert newer(copy, "2026-10-01") == newer(copy, "2026-11-01") == copy
    assert newer(copy, "2026-12-01") is None
    assert newer(None, "2026-12-01") is None
