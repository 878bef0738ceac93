"""The printed report: numbered sheets, heads repeated, bookmarks and tags, and hostile text as text."""

import contextlib
import re
import shutil
import subprocess
import zlib
from collections.abc import Iterator
from dataclasses import replace
from pathlib import Path

import pytest

from netaudit.report import pdf
from netaudit.report.pdf_data import pdf_data
from netaudit.report.printable import BREAK, printable
from netaudit.report.texts import load_texts
from netaudit.report.views import Report
from tests.report.sample import sample

pytestmark = [
    pytest.mark.skipif(not pdf.available(), reason="typst is not installed"),
    pytest.mark.skipif(shutil.which("pdftotext") is None, reason="poppler-utils is not installed"),
]


def _report(*, hostile: bool = False, units: int = 48) -> Report:
    return replace(sample(hostile=hostile, units=units).report(), evidence_digest="ab" * 32)


@pytest.fixture(scope="module")
def printed(tmp_path_factory: pytest.TempPathFactory) -> Path:
    path = tmp_path_factory.mktemp("pdf") / "report.pdf"
    path.write_bytes(pdf.render(_report()))
    return path


def _sheets(path: Path) -> list[str]:
    done = subprocess.run(["pdftotext", "-layout", str(path), "-"], capture_output=True, check=True, text=True)
    return done.stdout.removesuffix("\f").split("\f")


def test_sheets_are_numbered_and_tied_to_the_run(printed: Path) -> None:
    sheets = _sheets(printed)
    assert all(f"{number} / {len(sheets)}" in sheet for number, sheet in enumerate(sheets, 1))
    assert all("run 2026-11-20-9f2c41" in sheet for sheet in sheets)
    assert "ab" * 32 in sheets[0].replace("\n", "").replace(" ", "")


def test_heads_are_repeated_on_every_sheet_of_a_table(printed: Path) -> None:
    rows = [sheet for sheet in _sheets(printed) if re.search(r"^\s+\d+\s+. (Covered|Not covered)", sheet, re.M)]
    assert len(rows) >= 2
    assert all("Real maker" in sheet and "Serial number" in sheet for sheet in rows)


def test_it_is_tagged_titled_and_bookmarked(printed: Path) -> None:
    about = subprocess.run(["pdfinfo", str(printed)], capture_output=True, check=True, text=True).stdout
    assert re.search(r"Tagged:\s+yes", about)
    assert "Camera inventory: City of Example, 2026-11-20" in about
    structure = subprocess.run(["pdfinfo", "-struct", str(printed)], capture_output=True, check=True).stdout
    assert all(tag in structure for tag in (b"H1", b"H2", b"Table", b"TH", b"Figure"))
    assert any(b"/Outlines" in part for part in _objects(printed.read_bytes()))


def _objects(raw: bytes) -> Iterator[bytes]:
    """Yield the file and every stream in it, unpacked."""
    yield raw
    for found in re.finditer(rb"stream\r?\n", raw):
        with contextlib.suppress(zlib.error):
            yield zlib.decompressobj().decompress(raw[found.end() :])


def test_letter_paper_is_letter() -> None:
    data = pdf_data(_report(), load_texts(), "us-letter")
    assert data["paper"] == "us-letter"


def test_the_same_report_gives_the_same_bytes(printed: Path) -> None:
    assert pdf.render(_report()) == printed.read_bytes()


def test_hostile_text_is_text(tmp_path: Path) -> None:
    path = tmp_path / "hostile.pdf"
    path.write_bytes(pdf.render(_report(hostile=True)))
    text = " ".join(_sheets(path))
    assert "window.pwned" in text.replace("\n", "").replace(" ", "")
    assert "[U+202E]" in text
    assert not any(b"/JavaScript" in part or b"/URI" in part for part in _objects(path.read_bytes()))


def test_long_runs_print_the_cards_that_ask_for_something() -> None:
    report = _report(units=700)
    data = pdf_data(report, load_texts(), "a4")
    asking = [card for card in report.units if card.human or card.status in ("covered", "likely", "depends")]
    assert len(data["cards"]) == len(asking) < len(report.units)
    assert f"{len(report.units) - len(asking)} units that ask nothing of anybody" in data["cards_intro"]
    schedule = next(part for part in data["parts"] if part["heading"] == "Camera schedule")
    assert len(schedule["blocks"][0]["table"]["rows"]) == 700


def test_what_the_fonts_cannot_show_is_written_out() -> None:
    assert printable("摄像机") == BREAK.join(["[U+6444][U", "+50CF][U+6", "73A]"])
    assert printable("Кирпич é – Ω") == "Кирпич é – Ω"
    assert printable("x" * 25) == BREAK.join(["x" * 10, "x" * 10, "x" * 5])
