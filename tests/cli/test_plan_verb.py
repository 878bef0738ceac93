"""netaudit plan with a planning file, as a user calls it."""

import io
import json
import re
import shutil
import subprocess
from pathlib import Path

import openpyxl
import pytest

from netaudit.cli import main
from netaudit.report import pdf
from tests.contracts.schemas import faults
from tests.plan.small_run import small_run

PRICES = """\
model,maker,type,form_factor,megapixels,price
D4,Axis,camera,dome,4,700
B4,Axis,camera,bullet,4,500
IPC,Dahua,camera,bullet,4,90
"""
MONEY = """
[[prices]]
file = "prices.csv"
currency = "EUR"
date = 2026-11-01
source = "quote 12"
"""
# A word as pdftotext -bbox has it: left, top, right, text.
WORD = re.compile(r'xMin="([0-9.]+)" yMin="([0-9.]+)" xMax="([0-9.]+)".*?>([^<]*)<')
DAY = re.compile("[0-9]{4}-[0-9]{2}-[0-9]{2}")
AMOUNT = re.compile("[0-9][0-9.,–]*")


@pytest.fixture
def place(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """A folder with a run, a price file and a planning file as `plan init` writes it, with the prices in it."""
    monkeypatch.chdir(tmp_path)
    small_run(tmp_path / "run")
    (tmp_path / "prices.csv").write_text(PRICES, encoding="utf-8")
    assert main(["plan", "init"]) == 0
    path = tmp_path / "planning.toml"
    text = path.read_text(encoding="utf-8").replace('# currency = "EUR"\n', 'currency = "EUR"\n', 1)
    path.write_text(text + MONEY, encoding="utf-8")
    return tmp_path


def test_the_plan_has_periods_prices_and_reasons(place: Path, capsys: pytest.CaptureFixture[str]) -> None:
    assert main(["plan", "--run", "run", "--format", "json"]) == 0
    plan = json.loads(capsys.readouterr().out)
    assert faults("plan", plan) == []
    assert plan["timetable"]["priced"] == 2
    assert [item["product"].split()[0] for item in plan["timetable"]["refused_products"]] == ["Dahua"]
    items = [item for phase in plan["phases"] for item in phase["items"]]
    assert all("first period" in item["because"] for item in items)
    assert main(["plan", "--run", "run"]) == 0
    shown = capsys.readouterr().out
    assert "Objective: deadline risk first. No better plan exists" in shown
    assert "not stated" in shown


def test_two_plans_side_by_side(place: Path, capsys: pytest.CaptureFixture[str]) -> None:
    assert main(["plan", "--run", "run", "--format", "json"]) == 0
    Path("a.json").write_text(capsys.readouterr().out, encoding="utf-8")
    text = Path("planning.toml").read_text(encoding="utf-8").replace("working_days = 55", "working_days = 1.5")
    Path("b.toml").write_text(text, encoding="utf-8")
    assert main(["plan", "--run", "run", "--planning", "b.toml", "--format", "json"]) == 0
    Path("b.json").write_text(capsys.readouterr().out, encoding="utf-8")
    assert main(["plan", "compare", "a.json", "b.json"]) == 0
    assert "phases of replacement" in capsys.readouterr().out
    assert main(["plan", "compare", "a.json"]) == 2
    assert "name two plans" in capsys.readouterr().err


def test_units_that_change_their_place_are_named_as_people_know_them(
    place: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    monkeypatch.setenv("NETAUDIT_STORE", str(place / "store" / "netaudit.db"))
    assert main(["report", "--run", "run", "--format", "json"]) == 1
    (place / "kept").mkdir()
    first = json.loads(Path("run/plan.json").read_text(encoding="utf-8"))
    second = {**first, "phases": [{**phase, "title": f"Later: {phase['title']}"} for phase in first["phases"]]}
    for name, plan in (("a.json", first), ("b.json", second)):
        Path("kept", name).write_text(json.dumps(plan), encoding="utf-8")
    compare = ["plan", "compare", "kept/a.json", "kept/b.json"]
    assert main(compare) == 0
    (unknown,) = (line for line in capsys.readouterr().out.splitlines() if device_of("192.0.2.9") in line)
    assert unknown.split()[:3] == ["-", "-", "-"]
    assert main([*compare, "--run", "run"]) == 0
    beside = capsys.readouterr().out
    spot = ["--site", "HQ", "--floor", "2", "--x", "1", "--y", "1"]
    assert main(["register", "put", "192.0.2.9", "--run", "run", *spot]) == 0
    assert main(["runs", "import", "run"]) == 0
    capsys.readouterr()
    assert main(compare) == 0
    stored = capsys.readouterr().out
    for shown, where in ((beside, "-"), (stored, "HQ, 2")):
        (line,) = (line for line in shown.splitlines() if device_of("192.0.2.9") in line)
        cells = re.split(" {2,}", line)
        assert (*cells[:3], cells[-1]) == ("192.0.2.9", "Dahua NVR4108HS-8P-4KS2", where, device_of("192.0.2.9"))
    assert main([*compare, "--format", "json"]) == 0
    moved = {row["address"]: row for row in json.loads(capsys.readouterr().out)["moved"]}
    assert (moved["192.0.2.9"]["model"], moved["192.0.2.9"]["place"]) == ("Dahua NVR4108HS-8P-4KS2", "HQ, 2")


def device_of(address: str) -> str:
    """Return the id of a device of the run."""
    lines = Path("run/devices.jsonl").read_text(encoding="utf-8").splitlines()
    return next(str(row["device"]) for row in map(json.loads, lines) if address in row["addresses"])


def test_the_report_and_plan_json_hold_the_same_plan(place: Path) -> None:
    assert main(["report", "--run", "run", "--format", "json"]) == 1
    plan = json.loads(Path("run/plan.json").read_text(encoding="utf-8"))
    assert json.loads(Path("run/report.json").read_text(encoding="utf-8"))["plan"] == plan
    assert "timetable" in plan
    assert main(["report", "--run", "run", "--format", "html"]) == 1
    page = Path("run/report.html").read_text(encoding="utf-8")
    assert "Axis B4 500 EUR (quote 12, 2026-11-01)" in page
    assert "It is the first period." in page


def test_every_format_shows_periods_and_lines_of_cost_in_both_languages(place: Path) -> None:
    text = Path("planning.toml").read_text(encoding="utf-8").replace("# budget = 60000", "budget = 2000", 1)
    line = '\n[[cost]]\nline = "labour"\nlow = 700\nhigh = 900\ndate = 2026-11-01\nsource = "invoices of last year"\n'
    Path("planning.toml").write_text(text + line, encoding="utf-8")
    heads = {
        "en": ("Periods", "Crew days", "labour of a crew"),
        "de": ("Zeiträume", "Trupptage", "Arbeit eines Trupps"),
    }
    for language, words in heads.items():
        for kind in ("html", "md", "xlsx"):
            assert main(["report", "--run", "run", "--language", language, "--format", kind, "--out", "r"]) == 1
            raw = Path("r").read_bytes()
            shown = _cells(raw) if kind == "xlsx" else raw.decode("utf-8")
            assert [word for word in (*words, "2027 Q1", "invoices of last year") if word not in shown] == [], kind


@pytest.mark.skipif(not pdf.available(), reason="typst is not installed")
@pytest.mark.skipif(shutil.which("pdftotext") is None, reason="poppler-utils is not installed")
@pytest.mark.parametrize("paper", ["a4", "letter"])
def test_on_paper_no_column_of_a_phase_runs_into_the_next(place: Path, paper: str) -> None:
    assert main(["report", "--run", "run", "--format", "pdf", "--paper", paper, "--out", "r.pdf"]) == 1
    subprocess.run(["pdftotext", "-bbox", "r.pdf", "r.html"], check=True)
    sheets = [
        [(float(left), float(top), float(right), word) for left, top, right, word in WORD.findall(sheet)]
        for sheet in Path("r.html").read_text(encoding="utf-8").split("<page ")
    ]
    assert any(word[3] == "B4" for sheet in sheets for word in sheet)
    # From the deadline to the amount beside it is more than from word to word.
    gaps = [
        min(amounts) - right
        for sheet in sheets
        for left, top, right, day in sheet
        if DAY.fullmatch(day)
        and (amounts := [w[0] for w in sheet if abs(w[1] - top) < 1 and w[0] > left and AMOUNT.fullmatch(w[3])])
    ]
    assert len(gaps) >= 2
    assert min(gaps) >= 4


def test_periods_cost_together_what_the_lines_come_to(place: Path, capsys: pytest.CaptureFixture[str]) -> None:
    line = '\n[[cost]]\nline = "labour"\nlow = 700\nhigh = 900\ndate = 2026-11-01\nsource = "x"\n'
    Path("planning.toml").write_text(Path("planning.toml").read_text(encoding="utf-8") + line, encoding="utf-8")
    assert main(["plan", "--run", "run", "--format", "json"]) == 0
    made = json.loads(capsys.readouterr().out)["timetable"]
    assert sum(period["spent"] for period in made["periods"]) == made["total"]["high"] > 0


def test_a_redacted_plan_says_nothing_of_who_quoted_what(place: Path) -> None:
    assert main(["report", "--run", "run", "--redact", "--format", "json", "--out", "r.json"]) == 1
    assert "quote 12" not in Path("r.json").read_text(encoding="utf-8")


def _cells(raw: bytes) -> str:
    book = openpyxl.load_workbook(io.BytesIO(raw))
    cells = [str(cell.value) for sheet in book.worksheets for row in sheet.iter_rows() for cell in row]
    return "\n".join([*book.sheetnames, *cells])


def test_not_all_fits_ends_with_1_and_names_the_limit(place: Path, capsys: pytest.CaptureFixture[str]) -> None:
    text = Path("planning.toml").read_text(encoding="utf-8").replace("working_days = 55", "working_days = 0.3")
    Path("planning.toml").write_text(text, encoding="utf-8")
    assert main(["plan", "--run", "run"]) == 1
    assert "crews and working days" in capsys.readouterr().out


def test_a_price_file_without_a_currency_is_refused_with_the_reason(
    place: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    text = Path("planning.toml").read_text(encoding="utf-8")
    Path("planning.toml").write_text(text.replace('prices.csv"\ncurrency = "EUR"', 'prices.csv"'), encoding="utf-8")
    assert main(["plan", "--run", "run"]) == 2
    assert "a price without a currency is no price" in capsys.readouterr().err


def test_init_overwrites_nothing(place: Path, capsys: pytest.CaptureFixture[str]) -> None:
    assert main(["plan", "init"]) == 2
    assert "exists already" in capsys.readouterr().err
