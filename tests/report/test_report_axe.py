"""The pages before axe-core: no serious finding, light and dark, wide and narrow."""

from collections.abc import Iterator
from dataclasses import replace
from pathlib import Path
from typing import Any

import pytest

from netaudit.plan.costs import LineSum, Range
from netaudit.plan.problem import Relief
from netaudit.plan.products import Refusal
from netaudit.plan.timetable import PeriodUse, Timetable
from netaudit.report import html
from netaudit.report.forms.case import Case
from netaudit.report.forms.definition import load_forms
from netaudit.report.forms.fill import fill
from netaudit.report.forms.write import render_html as form_html
from netaudit.report.progress.changes import changes
from netaudit.report.progress.page import render_html as progress_html
from netaudit.report.progress.snapshot import snapshot
from netaudit.report.progress.trend import points
from netaudit.report.texts import load_texts
from tests.report.sample import sample

CHROMIUM = "/usr/bin/chromium"
AXE = Path(__file__).resolve().parents[2] / ".lab-venv" / "node" / "node_modules" / "axe-core" / "axe.min.js"

pytestmark = [
    pytest.mark.browser,
    pytest.mark.skipif(not Path(CHROMIUM).exists(), reason=f"{CHROMIUM} is not installed"),
    pytest.mark.skipif(not AXE.exists(), reason="axe-core is not installed: tests/lab/install.sh"),
]

TIMETABLE = Timetable(
    objective="deadline", label="deadline risk first", outcome="bounded", gap="0.97", weighed=9, bound=8, solver="x",
    currency="EUR", terms={}, units=15, priced=12, contained={"Town hall": "2027 Q1"},
    periods=(
        PeriodUse("2027 Q1", "2027-01-01", "2027-03-31", 9, ("Town hall", "Bus depot"), 790_000, 800_000, 323, 600, 2),
        PeriodUse("2027 Q2", "2027-04-01", "2027-06-30", 6, ("Central library",), 410_050, None, 150, 600, 3, 2),
    ),
    lines=(
        LineSum("labour", "labour of a crew", "day", 473, Range(302_720, 387_860), "2026-11-01", "invoices"),
        LineSum("write_off", "write-off of book value", "unit", 15, None, cash=False),
    ),
    reliefs=(Relief("budget and crew", ("5,309.56 EUR more in 2027 Q1",)),),
    refused=(Refusal("prices.csv:8", "its maker is named in a rule"),), notes=("3 units have no product that fits",),
)  # fmt: skip


@pytest.fixture(scope="module")
def browser() -> Iterator[Any]:
    from playwright.sync_api import sync_playwright

    with sync_playwright() as driver:
        chromium = driver.chromium.launch(executable_path=CHROMIUM, args=["--no-sandbox"])
        yield chromium
        chromium.close()


def _pages() -> dict[str, bytes]:
    report, texts = sample(units=15).report(), load_texts()
    report = replace(report, plan=replace(report.plan, timetable=TIMETABLE))
    given = sample(hostile=False, units=12)
    findings = [item.to_dict() for item in given.findings]
    runs = [snapshot(given.run, given.scope, devices, findings) for devices in (given.devices, given.devices[5:])]
    form = fill(load_forms()["far-52.204-25-one-day"], report, Case())
    return {
        "report": html.render(report),
        "german": html.render(sample(hostile=False, units=8).report(), load_texts("de")),
        "progress": progress_html([changes(runs[0], runs[1])], points(runs), texts),
        "form": form_html(form, report, texts),
    }


@pytest.fixture(scope="module")
def folder(tmp_path_factory: pytest.TempPathFactory) -> Path:
    place = tmp_path_factory.mktemp("axe")
    for name, data in _pages().items():
        (place / f"{name}.html").write_bytes(data)
    return place


@pytest.mark.parametrize("name", ["report", "german", "progress", "form"])
@pytest.mark.parametrize(("scheme", "width"), [("light", 1280), ("dark", 360)])
def test_no_serious_finding(browser: Any, folder: Path, name: str, scheme: str, width: int) -> None:
    context = browser.new_context(viewport={"width": width, "height": 900}, color_scheme=scheme)
    page = context.new_page()
    page.goto((folder / f"{name}.html").as_uri())
    page.evaluate(AXE.read_text(encoding="utf-8"))
    found = page.evaluate("axe.run(document, {resultTypes: ['violations']})")["violations"]
    context.close()
    serious = [item for item in found if item["impact"] in ("serious", "critical")]
    assert [(item["id"], item["nodes"][0]["html"][:120]) for item in serious] == []
