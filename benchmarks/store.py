"""Time the store: store.py [DEVICES] [RUNS] [--on sqlite|postgresql]: recording, lists, filters, searches, backup.

Devices are written by number: 60 makers, 40 sites, one in ten changed between two runs. The last run is recorded twice.
"""

import argparse
import resource
import statistics
import sys
import tempfile
import time
from collections.abc import Callable, Iterator
from pathlib import Path

sys.path.insert(0, str(Path(__file__).resolve().parents[1]))

from benchmarks.database import KINDS, place
from netaudit.evidence.run import RunInfo
from netaudit.identify.device import Answer, Device
from netaudit.policy.finding import Finding
from netaudit.store.backup import backup
from netaudit.store.record import Recorded
from netaudit.store.store import Store
from netaudit.store.units import Query, by_site, count, counts, history, units

MAKERS = [f"maker{number}" for number in range(60)]


def device(number: int, run: int) -> Device:
    """One device; its firmware changes with every tenth of the fleet a run."""
    maker, changed = MAKERS[number % 60], run - (number % 10 > run % 10)
    tail = f"{number >> 16:02x}:{number >> 8 & 255:02x}:{number & 255:02x}"
    address = f"10.{number >> 16}.{number >> 8 & 255}.{number & 255}"
    return Device(
        device=f"d-{number:08x}", subject=None, addresses=(address,), macs=(f"02:00:00:{tail}",),
        ports=(80, 554), type=Answer("camera", 0.99), maker=Answer(maker, 0.99, maker.title(), "confirmed"),
        brand=Answer("label", 0.9, "Label"), model=Answer(f"M-{number % 700}", 0.9),
        firmware=Answer(f"1.{changed // 10}", 0.9),
        serial=Answer(f"S{number:09}", 0.9), soc=Answer(), relabelled=True, site=f"Site {number % 40}",
    )  # fmt: skip


def lines(devices: int, run: int) -> Iterator[dict[str, object]]:
    """The lines of one run's devices."""
    return (device(number, run).to_dict() for number in range(devices))


def findings(devices: int) -> Iterator[dict[str, object]]:
    """One finding for each device of the first six makers."""
    for number in range(devices):
        if number % 60 < 6:
            yield Finding(f"d-{number:08x}", "RULE", "A rule", "covered", "named").to_dict()


def median(run: Callable[[], object]) -> float:
    """The median of nine runs in milliseconds."""
    taken = []
    for _ in range(9):
        start = time.perf_counter()
        run()
        taken.append((time.perf_counter() - start) * 1000)
    return statistics.median(taken)


def main() -> None:
    """Fill a store and time what the page and the commands do."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("devices", nargs="?", type=int, default=100_000)
    parser.add_argument("runs", nargs="?", type=int, default=5)
    parser.add_argument("--on", choices=KINDS, default="sqlite")
    parser.add_argument("--store", help="an empty store to keep (default: one for this run alone)")
    options = parser.parse_args()
    with tempfile.TemporaryDirectory() as folder, place(options.on, options.store) as where, Store(where) as store:
        for run in range(options.runs):
            print(f"record run {run + 1}: {record(store, Path(folder), options.devices, run):.1f} s", flush=True)
        again = record(store, Path(folder), options.devices, options.runs - 1)
        print(f"record run {options.runs} again: {again:.1f} s", flush=True)
        show(store)
        start = time.perf_counter()
        backup(store, Path(folder) / "backup.zip")
        size = (Path(folder) / "backup.zip").stat().st_size
        print(f"backup: {time.perf_counter() - start:.1f} s, {size / 2**20:.0f} MB")
        if store.place.file:
            print(f"file: {store.place.file.stat().st_size / 2**20:.0f} MB")
    print(f"peak memory: {resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1024:.0f} MB")


def record(store: Store, folder: Path, devices: int, run: int) -> float:
    """Record one run; return the seconds that it took."""
    start = time.perf_counter()
    info = RunInfo(f"run{run:04}", "0", f"2026-{run // 28 + 1:02}-{run % 28 + 1:02}T00:00:00.000Z", status="complete")
    places = [(f"Site {number}", f"10.{number}.0.0/16", "") for number in range(40)]
    store.record(Recorded(info, folder, "Bench", lines(devices, run), findings(devices), places))
    return time.perf_counter() - start


def show(store: Store) -> None:
    """Time each question, median of nine, in milliseconds."""
    with store.reading() as session:
        questions: dict[str, Callable[[], object]] = {
            "first page, worst first": lambda: units(session, Query()),
            "page 500": lambda: units(session, Query(offset=50_000)),
            "filter site and verdict": lambda: units(session, Query({"site": ["Site 6"], "verdict": ["covered"]})),
            "search a serial": lambda: units(session, Query(search="s000054321")),
            "search two words": lambda: units(session, Query(search="maker7 m-67")),
            "count of a search": lambda: count(session, Query(search="maker7")),
            "sort by address": lambda: units(session, Query(sort="address")),
            "makers": lambda: counts(session, "maker"),
            "sites by verdict": lambda: by_site(session),
            "gone": lambda: count(session, Query(gone=True)),
            "history of one": lambda: history(session, "d-00000007"),
            "one device": lambda: store.device("d-00000007"),
        }
        for name, question in questions.items():
            print(f"{name}: {median(question):.1f} ms")


if __name__ == "__main__":
    main()
