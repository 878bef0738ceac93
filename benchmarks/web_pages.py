"""Time the pages over 100,000 devices: web_pages.py [DEVICES] [--runs N] [--on sqlite|postgresql] [--store STORE].

At the server: the median of 21 answers to one asker, from the request to the last byte, over loopback; beside it the
server's processor time for one, which other work on the machine hardly changes (on PostgreSQL: without the database's).
In the browser (Debian's Chromium): when the page can be used, by the browser's own clock, the median of 5 with an empty
cache.
"""

import argparse
import http.client
import os
import statistics
import sys
import time
from collections.abc import Iterator
from pathlib import Path
from urllib.parse import urlsplit

sys.path.insert(0, str(Path(__file__).resolve().parents[1]))

from benchmarks.database import KINDS, place
from benchmarks.web_store import fill, served
from netaudit.store.store import Store

CHROMIUM = "/usr/bin/chromium"
PAGES = {
    "overview": "/",
    "list, first page": "/devices",
    "list, page 500": "/devices?page=500",
    "list, last page": "/devices?page=2000",
    "list, sorted by address": "/devices?sort=address",
    "list, newest first": "/devices?sort=-first_seen",
    "list, sorted by model": "/devices?sort=model",
    "filter: site and verdict": "/devices?site=Site+6&verdict=covered",
    "filter: maker": "/devices?maker=maker7",
    "filter: relabelled": "/devices?show=relabelled",
    "search: a serial number": "/devices?q=s000054321",
    "search: two words": "/devices?q=maker7+m-67",
    "search: nothing fits": "/devices?q=no-such-thing",
    "device card": "/devices/d-00000007",
    "sites": "/sites",
    "one site": "/sites/1",
    "plan": "/plan",
    "runs": "/runs",
    "one run": "/runs/{run}",
}
# What htmx asks while somebody types: the rows alone.
ROWS = {"rows: a serial number": "/devices?q=s000054321", "rows: maker": "/devices?maker=maker7"}


def main() -> None:
    """Fill a store and time its pages."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("devices", nargs="?", type=int, default=100_000)
    parser.add_argument("--runs", type=int, default=5, help="runs of all devices (default: %(default)s)")
    parser.add_argument("--small-runs", type=int, default=195, help="runs of 100 devices (default: %(default)s)")
    parser.add_argument("--on", choices=KINDS, default="sqlite")
    parser.add_argument("--store", help="a store to keep, filled if it is new (default: one for this run alone)")
    options = parser.parse_args()
    with place(options.on, options.store) as where:
        with Store(where) as store:
            fill(store, options.devices, options.runs, options.small_runs)
            run = store.run(None).run
        with served(where) as (address, process):
            print(f"load of the machine: {os.getloadavg()[0]:.1f} on {os.cpu_count()} cores")
            for name, taken, busy, size in at_server(address, run, process):
                print(f"{name:28} {taken:7.1f} ms ({busy:5.1f} ms of processor)  {size / 1024:6.0f} KB", flush=True)
            for name, ready, done in in_browser(address, run):
                print(f"browser, {name:24} usable after {ready:5.0f} ms, loaded after {done:5.0f} ms", flush=True)


def at_server(address: str, run: str, process: int) -> Iterator[tuple[str, float, float, int]]:
    """Yield name, median and mean processor time of the server in milliseconds, and size in bytes of each page."""
    parts = urlsplit(address)
    link = http.client.HTTPConnection(parts.hostname or "", parts.port, timeout=120)
    cookie = _ask(link, f"{parts.path}?{parts.query}", {})[0].split(";")[0]
    for pages, headers in ((PAGES, {}), (ROWS, {"hx-request": "true"})):
        for name, path in pages.items():
            taken, size = [], len(_ask(link, path.replace("{run}", run), {"cookie": cookie, **headers})[1])
            before = _busy(process)
            for _ in range(21):
                start = time.perf_counter()
                _ask(link, path.replace("{run}", run), {"cookie": cookie, **headers})
                taken.append((time.perf_counter() - start) * 1000)
            yield name, statistics.median(taken), (_busy(process) - before) / 21, size


def _busy(process: int) -> float:
    """Return the processor time of a process so far, in milliseconds."""
    fields = Path(f"/proc/{process}/stat").read_text().rpartition(")")[2].split()
    return (int(fields[11]) + int(fields[12])) * 1000 / os.sysconf("SC_CLK_TCK")


def _ask(link: http.client.HTTPConnection, path: str, headers: dict[str, str]) -> tuple[str, bytes]:
    link.request("GET", path, headers=headers)
    answer = link.getresponse()
    body = answer.read()
    if answer.status not in (200, 303):
        raise SystemExit(f"{path}: {answer.status}")
    return answer.headers.get("set-cookie", ""), body


def in_browser(address: str, run: str) -> Iterator[tuple[str, float, float]]:
    """Yield name and medians: until the page can be used (its scripts have run), until all is loaded."""
    from playwright.sync_api import sync_playwright

    if not Path(CHROMIUM).exists():
        print("no Chromium here: the browser's timings are left out")
        return
    shown = ("overview", "list, first page", "search: two words", "filter: maker", "device card", "runs", "plan")
    base = address.partition("/login")[0]
    with sync_playwright() as playwright:
        browser = playwright.chromium.launch(executable_path=CHROMIUM, args=["--no-sandbox", "--disable-gpu"])
        for name in shown:
            times = []
            for _ in range(5):
                context = browser.new_context(viewport={"width": 1366, "height": 768})
                page = context.new_page()
                page.goto(address)
                context.new_cdp_session(page).send("Network.setCacheDisabled", {"cacheDisabled": True})
                page.goto(base + PAGES[name].replace("{run}", run), wait_until="load")
                entry = "performance.getEntriesByType('navigation')[0]"
                times.append(page.evaluate(f"[{entry}.domContentLoadedEventEnd, {entry}.loadEventEnd]"))
                context.close()
            yield name, statistics.median(t[0] for t in times), statistics.median(t[1] for t in times)
        browser.close()


if __name__ == "__main__":
    main()
