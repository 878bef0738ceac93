"""Five journeys in a real browser over the virtual building's run: look, place, correct, plan again, hand over."""

import json
import os
import subprocess
import sys
import threading
import zlib
from collections.abc import Iterator
from pathlib import Path

import pytest
import uvicorn
from playwright.sync_api import Browser, Page, expect, sync_playwright

from netaudit.store.store import Store
from netaudit.web.app import create_app
from netaudit.web.settings import Settings

CHROMIUM = "/usr/bin/chromium"
SAMPLES = Path(__file__).resolve().parents[2] / "docs" / "samples"
pytestmark = [
    pytest.mark.xdist_group("journeys"),
    pytest.mark.skipif(not Path(CHROMIUM).exists() and os.environ.get("CI") != "true", reason="needs Chromium"),
]
# Conditions are waited for as long as a busy machine needs.
expect.set_options(timeout=30_000)
# What two dozen relabelled cameras of one maker say.
REFUSAL = (
    "RTSP/1.0 401 Unauthorized\r\nCSeq: 2\r\n"
    'WWW-Authenticate: Digest realm="Login to 4D0{:02}E4PAX00075",nonce="1"\r\n\r\n'
)


def png(width: int, height: int) -> bytes:
    """A white picture."""

    def chunk(kind: bytes, data: bytes) -> bytes:
        return len(data).to_bytes(4, "big") + kind + data + zlib.crc32(kind + data).to_bytes(4, "big")

    header = width.to_bytes(4, "big") + height.to_bytes(4, "big") + bytes([8, 0, 0, 0, 0])
    rows = zlib.compress(b"".join(b"\0" + b"\xff" * width for _ in range(height)))
    return b"\x89PNG\r\n\x1a\n" + chunk(b"IHDR", header) + chunk(b"IDAT", rows) + chunk(b"IEND", b"")


@pytest.fixture(scope="module")
def run(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The folder of the run."""
    return tmp_path_factory.mktemp("page") / "run"


@pytest.fixture(scope="module")
def address(run: Path) -> Iterator[str]:
    """The page served for real, over a run that was judged for real; the address to open."""
    place = run.parent / "netaudit.db"
    make_run(run)
    planning = ["--planning", str(SAMPLES / "planning.toml")]
    for words in (
        ["report", "--run", str(run), *planning],
        ["pack", "--run", str(run), "--out", str(run / "pack.zip")],
    ):
        done = subprocess.run([sys.executable, "-m", "netaudit", *words, "--store", str(place)], check=False)
        assert done.returncode in {0, 1}
    subprocess.run([sys.executable, "-m", "netaudit", "runs", "import", str(run), "--store", str(place)], check=True)
    with Store(place) as store:
        app = create_app(store, Settings(), 100_000)
        server = uvicorn.Server(uvicorn.Config(app, host="127.0.0.1", port=0, log_level="error", lifespan="off"))
        thread = threading.Thread(target=server.run)
        thread.start()
        while not server.started:
            thread.join(0.05)
        port = server.servers[0].sockets[0].getsockname()[1]
        yield f"http://127.0.0.1:{port}/login?key={app.state.key}"
        server.should_exit = True
        thread.join()
        app.state.jobs.stop_all()


def make_run(folder: Path) -> None:
    """Write the log of a run as a scan would."""
    from netaudit.evidence.log import RunLog
    from netaudit.evidence.observation import observe
    from netaudit.evidence.run import RunInfo, write_run

    scope = (
        b'[authorisation]\norganisation = "School"\nauthorised_by = "A. Head"\nrole = "Head"\nreference = "memo 7"\n'
        b'valid_from = 2026-01-01\nvalid_until = 2120-12-31\n[[network]]\ncidr = "192.0.2.0/24"\nsite = "HQ"\n'
    )
    with RunLog.create(folder, scope) as log:
        for number in range(10, 34):
            target = {"ip": f"192.0.2.{number}", "port": 554, "transport": "tcp", "site": "HQ"}
            raw = REFUSAL.format(number).encode()
            log.observation(observe("rtsp.response", "2026-11-20T08:00:01.000Z", target, raw=raw))
        info = RunInfo(
            run="20261120-school", version="0.1.0", started="2026-11-20T08:00:00.000Z", status="complete",
            ended="2026-11-20T08:00:09.000Z", chain_head=log.head, observations=24,
        )  # fmt: skip
    write_run(folder, info)


@pytest.fixture(scope="module")
def browser() -> Iterator[Browser]:
    with sync_playwright() as playwright:
        opened = playwright.chromium.launch(executable_path=CHROMIUM, args=["--no-sandbox", "--disable-gpu"])
        yield opened
        opened.close()


@pytest.fixture
def page(browser: Browser, address: str) -> Iterator[Page]:
    context = browser.new_context(viewport={"width": 1280, "height": 900})
    opened = context.new_page()
    faults: list[str] = []
    opened.on("pageerror", lambda error: faults.append(str(error)))
    opened.on("console", lambda message: faults.append(message.text) if message.type == "error" else None)
    opened.goto(address)
    yield opened
    context.close()
    assert faults == []


def test_first_look(page: Page) -> None:
    expect(page.locator("h1")).to_have_text("24 units depend on facts that only you know")
    page.click(".tile.depends")
    expect(page.locator("#list tbody tr")).to_have_count(24)
    page.fill("#s-q", "192.0.2.33")
    expect(page.locator("#list tbody tr")).to_have_count(1)
    page.click("#list th a")
    expect(page.locator("mark").first).to_contain_text("Login to")


def test_on_a_tablet_no_column_lies_beyond_the_edge(page: Page) -> None:
    page.set_viewport_size({"width": 768, "height": 1024})
    over = "[...document.querySelectorAll('.scroll')].filter(e => e.scrollWidth > e.clientWidth + 1).length"
    for path in ("/", "/devices", "/sites", "/runs", "/plan", "/policies", "/notices", "/manage", "/audit"):
        page.goto(page.url.split("/", 3)[0] + "//" + page.url.split("/", 3)[2] + path)
        assert page.evaluate("document.documentElement.scrollWidth") <= 768, path
        assert page.evaluate(over) == 0, path
    page.goto(page.url.rsplit("/", 1)[0] + "/devices")
    # A device may call itself by one word without end.
    name = page.locator('#list td[data-label="Model"]').first
    name.evaluate("""e => e.textContent = '=HYPERLINK("http://192.0.2.77/averylongpath","open")'""")
    assert page.evaluate(over) == 0


def test_place_twenty_devices(page: Page) -> None:
    page.goto(page.url.rstrip("/") + "/sites")
    page.click("main table a")
    page.click("text=Add or replace the picture")
    page.fill("#f-floor", "Ground floor")
    page.set_input_files("#f-file", {"name": "f.png", "mimeType": "image/png", "buffer": png(800, 400)})
    page.click("text=Keep")
    # Tall enough that picture and list are in sight at once, as a drag needs it.
    page.set_viewport_size({"width": 1280, "height": 2600})
    plan = page.locator("svg.floorplan")
    for number in range(20):
        x, y = 40 + 36 * (number % 10), 60 + 120 * (number // 10)
        page.locator("#floors li[draggable]").nth(number).drag_to(plan, target_position={"x": x, "y": y})
        expect(page.locator("svg.floorplan a.unit")).to_have_count(number + 1)
    expect(page.locator("#floors h2 small").last).to_contain_text("20 of 24")
    page.set_viewport_size({"width": 390, "height": 844})
    assert page.evaluate("document.documentElement.scrollWidth") <= 390


def test_plan_again_after_a_cut(page: Page) -> None:
    page.click('header a:text("Plan")')
    page.click("text=Take the plan of the latest run")
    board = page.locator("#board > p").first
    expect(board).to_contain_text("Version 1")
    cards = page.locator(".phase").locator(".card")
    everything = cards.count()
    full = page.locator(".phase", has=page.locator("p", has_text=" of 8,000 EUR")).first
    number, before = full.get_attribute("data-phase"), full.locator(".card").count()
    assert before
    # A third of what was planned for is left: first it is said what that breaks, then the plan gives way.
    page.click("summary:text('The budget was cut')")
    page.fill(f"#b-{number}", "2500")
    page.click("text=Only check")
    expect(board).to_contain_text(f"Phase {number} costs more than its budget")
    page.click("summary:text('The budget was cut')")
    last = page.locator("[id^=b-]").last
    last.fill("40000")
    last.press("Tab")
    page.keyboard.press("Enter")
    expect(board).to_contain_text("moved to where there is money")
    expect(board).not_to_contain_text("costs more")
    phase = page.locator(f".phase[data-phase='{number}']")
    assert phase.locator(".card").count() < before
    assert cards.count() == everything
    # By hand: a card is dragged to the phase beside it, and goes back by the keyboard.
    kept, beside = phase.locator(".card").count(), page.locator(f".phase[data-phase='{int(number or 0) + 1}']")
    page.set_viewport_size({"width": 1366, "height": 1400})
    phase.locator(".card").first.drag_to(beside.locator("h2"), source_position={"x": 5, "y": 5})
    expect(board).to_contain_text("Version 4")
    expect(phase.locator(".card")).to_have_count(kept - 1)
    card = beside.locator(".card.moved")
    card.locator("select").focus()
    page.keyboard.press("ArrowUp")
    card.locator("button").focus()
    page.keyboard.press("Enter")
    expect(board).to_contain_text("Version 5")
    expect(phase.locator(".card")).to_have_count(kept)
    page.locator("summary:text('Sign off')").first.click()
    page.locator("textarea[name=why]").first.fill("walked through with the caretaker")
    page.locator("button:text('Sign off')").first.click()
    expect(page.locator(".signed")).to_contain_text("walked through")


def test_correct_a_wrong_verdict(page: Page, run: Path) -> None:
    before = json.loads((run / "plan.json").read_text())["timetable"]
    page.click('header a:text("Devices")')
    page.click("#list th a >> nth=3")
    device = page.url
    page.click("summary:text('This is wrong')")
    page.fill("#f-maker", "axis")
    page.fill("#f-how", "type plate read")
    page.click("text=Keep, and judge again")
    expect(page.locator("#job-state")).to_contain_text("done", timeout=120_000)
    page.goto(device)
    expect(page.locator(".lead")).to_contain_text("Made by Axis")
    expect(page.locator("dl.facts").first).to_contain_text("typed by")
    expect(page.locator("h2:text('Clues that disagree')")).to_be_visible()
    # The planning file lies elsewhere: the run knows it.
    after = json.loads((run / "plan.json").read_text())["timetable"]
    assert (after["currency"], after["periods"][0]["budget"]) == (before["currency"], before["periods"][0]["budget"])


def test_hand_the_auditor_a_pack(page: Page, tmp_path: Path) -> None:
    page.click('header a:text("Runs")')
    page.click("main table a")
    with page.expect_download() as waiting:
        page.click("text=Evidence pack")
    waiting.value.save_as(tmp_path / "pack.zip")
    verified = subprocess.run(
        [sys.executable, "-m", "netaudit", "verify", str(tmp_path / "pack.zip")], check=False, capture_output=True
    )
    assert verified.returncode == 0, verified.stdout + verified.stderr
