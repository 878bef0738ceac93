"""How long a report takes to write, in each format, and how much memory; and when the page answers in Chromium.

python benchmarks/report.py --units 10000 --format html --format xlsx
python benchmarks/report.py --units 500 --format pdf
"""

import argparse
import json
import resource
import subprocess
import sys
import tempfile
import time
from pathlib import Path

CHROMIUM = "/usr/bin/chromium"
_READY = "() => performance.getEntriesByType('navigation')[0].domInteractive"


def write(name: str, units: int, out: Path) -> dict[str, float]:
    """Build the view model of so many units and write one format; seconds of clock and processor, MB at most."""
    from netaudit.cli.formats import writers
    from tests.report.sample import sample

    given = sample(hostile=False, units=units)
    clock, processor = time.perf_counter(), time.process_time()
    report = given.report()
    built = time.process_time() - processor
    data = writers()[name](report)
    clock, processor = time.perf_counter() - clock, time.process_time() - processor
    out.write_bytes(data)
    peak = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1024
    return {"seconds": clock, "processor": processor, "model": built, "peak_mb": peak, "size_mb": len(data) / 1e6}


def interactive(page: Path) -> dict[str, float]:
    """Seconds until the page can be used, processor time of its thread until it is whole, seconds of a search."""
    from playwright.sync_api import sync_playwright

    with sync_playwright() as driver:
        browser = driver.chromium.launch(executable_path=CHROMIUM, args=["--no-sandbox"])
        shown = browser.new_page()
        session = shown.context.new_cdp_session(shown)
        session.send("Performance.enable", {"timeDomain": "threadTicks"})
        shown.goto(page.as_uri(), wait_until="load")
        figures = {item["name"]: item["value"] for item in session.send("Performance.getMetrics")["metrics"]}
        opened = shown.evaluate(_READY) / 1000
        start = time.perf_counter()
        shown.fill("input[type=search]", "DS-2")
        shown.wait_for_function("() => document.querySelector('.count').textContent.trim() !== ''")
        searched = time.perf_counter() - start
        browser.close()
    return {"interactive": opened, "page_processor": figures["TaskDuration"], "searched": searched}


def main() -> None:
    """Measure each format in a process of its own, one JSON object a line."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--units", type=int, default=10_000)
    parser.add_argument("--format", action="append", choices=("html", "xlsx", "pdf", "csv", "json", "md"))
    parser.add_argument("--alone", type=Path, help=argparse.SUPPRESS)
    options = parser.parse_args()
    if options.alone:
        print(json.dumps(write(options.format[0], options.units, options.alone)))
        return
    with tempfile.TemporaryDirectory() as place:
        for name in options.format or ["html", "xlsx"]:
            out = Path(place) / f"report.{name}"
            alone = [sys.executable, __file__, "--units", str(options.units), "--format", name, "--alone", str(out)]
            figures = json.loads(subprocess.run(alone, check=True, capture_output=True, text=True).stdout)
            if name == "html" and Path(CHROMIUM).exists():
                figures |= interactive(out)
            rounded = {key: round(value, 2) for key, value in figures.items()}
            print(json.dumps({"format": name, "units": options.units, **rounded}), flush=True)


if __name__ == "__main__":
    sys.path.insert(0, str(Path(__file__).resolve().parents[1]))
    main()
