"""The page in a real browser: quiet, self-contained, usable by keyboard, on narrow screens and on paper."""

import shutil
import subprocess
from collections.abc import Iterator
from dataclasses import replace
from pathlib import Path
from typing import Any

import pytest

from netaudit.report import html
from netaudit.report.floors import FloorPlan, floor_views
from netaudit.report.texts import load_texts
from tests.places.pictures import noise
from tests.report.sample import sample

CHROMIUM = "/usr/bin/chromium"

pytestmark = [
    pytest.mark.browser,
    pytest.mark.skipif(not Path(CHROMIUM).exists(), reason=f"{CHROMIUM} is not installed"),
]


@pytest.fixture(scope="module")
def browser() -> Iterator[Any]:
    from playwright.sync_api import sync_playwright

    with sync_playwright() as driver:
        chromium = driver.chromium.launch(executable_path=CHROMIUM, args=["--no-sandbox"])
        yield chromium
        chromium.close()


@pytest.fixture(scope="module")
def pages(tmp_path_factory: pytest.TempPathFactory) -> Path:
    folder = tmp_path_factory.mktemp("report")
    (folder / "calm.html").write_bytes(html.render(sample(hostile=False).report()))
    (folder / "hostile.html").write_bytes(html.render(sample().report()))
    whole = sample(hostile=False).report()
    spots = tuple((card.device.device, x, 50.0) for card, x in zip(whole.units, (2.0, 50.0, 99.0), strict=False))
    drawing = FloorPlan("Town hall", "Ground floor", "png", noise(120, 80), 120, 80, spots)
    floors = floor_views([drawing], whole.by_device)
    (folder / "floors.html").write_bytes(html.render(replace(whole, floors=floors)))
    (folder / "deutsch.html").write_bytes(html.render(whole, load_texts("de")))
    (folder / "long.html").write_bytes(html.render(sample(hostile=False, units=230).report()))
    return folder


@pytest.fixture
def show(browser: Any, pages: Path) -> Iterator[Any]:
    """Open a page; whatever the browser complains about or asks for beside the page itself is an error."""
    complaints: list[str] = []
    contexts: list[Any] = []

    def opened(name: str, width: int = 1280, **options: Any) -> Any:
        context = browser.new_context(viewport={"width": width, "height": 900}, **options)
        contexts.append(context)
        page = context.new_page()
        page.on("console", lambda message: complaints.append(message.text))
        page.on("pageerror", lambda error: complaints.append(str(error)))
        address = (pages / f"{name}.html").as_uri()

        def own(url: str) -> bool:
            return url == address or url.startswith("data:image/png;base64,")

        page.on("request", lambda request: complaints.append(request.url) if not own(request.url) else None)
        page.goto(address)
        return page

    yield opened
    for context in contexts:
        context.close()
    assert complaints == []


def _shown(page: Any) -> int:
    return int(page.locator("#units tbody tr:visible").count())


def test_search_and_filters_work_by_keyboard_and_are_announced(show: Any) -> None:
    page = show("calm")
    page.locator("#f-text").focus()
    page.keyboard.type("amcrest depot")
    assert page.locator(".count").inner_text() == f"{_shown(page)} of 48 units"
    assert _shown(page) == 2
    page.keyboard.press("Enter")
    page.keyboard.press("Tab")
    page.keyboard.type("Cov")
    assert page.evaluate("document.activeElement.id") == "f-status"
    assert _shown(page) == 1
    page.keyboard.press("Tab")
    page.keyboard.press("Tab")
    page.keyboard.press("Tab")
    page.keyboard.press("Enter")
    page.locator(".count", has_text="48 of 48 units").wait_for()
    assert _shown(page) == 48


def test_columns_sort_by_keyboard_both_ways(show: Any) -> None:
    page = show("calm")
    page.get_by_role("button", name="Address").first.focus()
    page.keyboard.press("Enter")
    head = page.locator("#units thead th[aria-sort]")
    first = page.locator("#units tbody tr").first.locator(".mono").first
    assert (head.get_attribute("aria-sort"), first.inner_text()) == ("ascending", "10.20.0.20")
    page.keyboard.press("Space")
    assert (head.get_attribute("aria-sort"), first.inner_text()) == ("descending", "10.20.8.67")
    page.get_by_role("button", name="Confidence").press("Enter")
    assert page.locator("#units tbody tr").first.locator("td").nth(7).inner_text() == "–"


def test_long_tables_show_a_page_and_step(show: Any) -> None:
    page = show("long")
    assert _shown(page) == 100
    step = page.locator("#schedule .pager").first
    assert step.locator("span").inner_text() == "Rows 1 to 100"
    step.get_by_role("button", name="Next").press("Enter")
    step.get_by_role("button", name="Next").press("Enter")
    assert _shown(page) == 30
    assert step.get_by_role("button", name="Next").is_disabled()


def test_a_number_leads_to_the_evidence(show: Any) -> None:
    page = show("calm")
    page.locator("#units tbody a").nth(4).press("Enter")
    card = page.locator("article.card:target")
    assert card.locator("h3").inner_text().startswith("5. ")
    assert card.locator("h3").is_visible()


@pytest.mark.parametrize("name", ["calm", "hostile"])
def test_the_page_never_scrolls_sideways(show: Any, name: str) -> None:
    page = show(name)
    for width in (320, 360, 900, 1440):
        page.set_viewport_size({"width": width, "height": 900})
        assert page.evaluate("document.documentElement.scrollWidth") <= width
        over = page.evaluate(
            "[...document.querySelectorAll('main *')].filter(e => !e.closest('.scroll, .hide, svg')"
            " && e.checkVisibility() && e.getBoundingClientRect().right > innerWidth + 1)"
            ".map(e => e.outerHTML.slice(0, 80))"
        )
        assert over == []


@pytest.mark.parametrize("width", [360, 480, 768, 1100])
def test_the_table_of_sites_is_read_without_moving_it_sideways(show: Any, width: int) -> None:
    page = show("calm", width)
    table = page.locator("#sites .scroll")
    assert table.evaluate("e => e.scrollWidth - e.clientWidth") <= 0
    # Every count is there, in a column or below the name of the site.
    for cell in page.locator("#sites tbody td.num.wide").all():
        assert cell.is_visible() == (width > 1056)
    assert page.locator("#sites .tally").first.is_visible() == (width <= 1056)
    counts = "e => [...e.querySelectorAll('.tally li')].map(i => i.innerText.match(/[0-9]+$/)[0]).join(' ')"
    columns = "e => [...e.querySelectorAll('td.wide')].map(i => i.textContent).filter(i => i !== '–').join(' ')"
    for row in page.locator("#sites tbody tr").all():
        assert row.evaluate(counts) == row.evaluate(columns)


@pytest.mark.parametrize("name", ["calm", "deutsch"])
def test_the_camera_schedule_has_room_on_a_tablet_and_a_laptop(show: Any, name: str) -> None:
    page = show(name, 768)
    for width in (768, 1000, 1024, 1280, 1440):
        page.set_viewport_size({"width": width, "height": 900})
        assert page.locator("#schedule .scroll").first.evaluate("e => e.scrollWidth - e.clientWidth") <= 0, width


def test_hostile_texts_do_nothing(show: Any) -> None:
    page = show("hostile")
    page.locator("#f-text").type("script")
    page.mouse.wheel(0, 20000)
    assert page.evaluate("window.pwned") is None
    assert page.title() == "Camera inventory: City of Example, 2026-11-20"
    assert page.evaluate("document.images.length") == 0


def test_without_script_everything_is_there(show: Any) -> None:
    page = show("long", java_script_enabled=False)
    assert page.locator("#schedule .scroll").first.locator("tbody tr:visible").count() == 230
    assert page.locator("article.card").count() == 230
    assert not page.locator("form.filters").is_visible()


def test_paper_shows_all_rows_whatever_is_filtered_and_no_controls(show: Any) -> None:
    page = show("long", color_scheme="dark")
    page.locator("#f-text").type("nothing matches this")
    assert _shown(page) == 0
    page.emulate_media(media="print")
    page.locator("#units tbody tr").nth(229).wait_for()
    assert (_shown(page), page.locator("article.card").count()) == (230, 230)
    assert not page.locator("form.filters").is_visible()
    assert page.evaluate("getComputedStyle(document.body).backgroundColor") == "rgb(255, 255, 255)"


@pytest.mark.parametrize("paper", ["A4", "Letter"])
def test_sheets_are_numbered_and_heads_repeated(show: Any, tmp_path: Path, paper: str) -> None:
    if shutil.which("pdftotext") is None:
        pytest.skip("pdftotext (poppler-utils) is not installed")
    target = tmp_path / "report.pdf"
    show("calm").pdf(path=str(target), format=paper)
    text = subprocess.run(["pdftotext", "-layout", str(target), "-"], capture_output=True, check=True, text=True).stdout
    sheets = text.removesuffix("\f").split("\f")
    assert all(f"{number} / {len(sheets)}" in sheet for number, sheet in enumerate(sheets, 1))
    assert all("netaudit report, run 2026-11-20-9f2c41" in sheet for sheet in sheets)
    rows = [sheet for sheet in sheets if "4E0" in sheet and "Why we say so" not in sheet]
    assert len(rows) >= 2
    assert all(head in sheet for sheet in rows for head in ("No.", "Verdict", "Real maker", "Confidence", "Phase"))
    cards = [sheet for sheet in sheets if "Confidence in the maker" in sheet and "Glossary" not in sheet]
    assert all(sheet.count("Why we say so") == sheet.count("What would change this") for sheet in cards)


def test_focus_is_seen(show: Any) -> None:
    page = show("calm")
    page.keyboard.press("Tab")
    assert page.locator(".skip").evaluate("e => e === document.activeElement && e.getBoundingClientRect().top >= 0")
    assert page.locator(".skip").evaluate("e => getComputedStyle(e).outlineWidth") == "3px"


def test_a_floor_plan_is_seen_whole_with_its_numbers_inside_and_light_colours_on_white(show: Any) -> None:
    page = show("floors", color_scheme="dark")
    page.locator("svg.floor").scroll_into_view_if_needed()
    width = page.evaluate(
        "async () => { const picture = new Image(); picture.src = document.querySelector('svg.floor image')"
        ".getAttribute('href'); await picture.decode(); return picture.naturalWidth }"
    )
    assert width == 120
    edges = page.evaluate(
        "() => { const frame = document.querySelector('svg.floor').getBoundingClientRect();"
        " return [...document.querySelectorAll('svg.floor text')].map(e => e.getBoundingClientRect())"
        ".map(e => [e.left >= frame.left, e.right <= frame.right]).flat() }"
    )
    assert edges == [True] * 6
    fill = page.evaluate("getComputedStyle(document.querySelector('svg.floor .b-covered, svg.floor polygon')).fill")
    assert fill in ("rgb(150, 22, 27)", "rgb(255, 255, 255)") or fill.startswith("url(")
    # What fills a shape is light too: a pattern takes its colours from where it stands.
    for kind, colour in (("likely", "rgb(138, 66, 0)"), ("unknown", "rgb(61, 72, 88)")):
        drawn = page.locator(f"#d-{kind} .f-{kind}")
        assert drawn.evaluate("e => getComputedStyle(e).fill") == colour
        assert page.evaluate(
            "name => { const drawing = document.querySelector('svg.floor');"
            " const shape = document.createElementNS('http://www.w3.org/2000/svg', 'polygon');"
            " shape.setAttribute('class', 'b-' + name); drawing.append(shape);"
            " const fill = getComputedStyle(shape).fill; shape.remove(); return fill }", kind,
        ) == f'url("#d-{kind}")'  # fmt: skip
