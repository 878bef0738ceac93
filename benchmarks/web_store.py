"""A store of many devices and runs for the benchmarks of the page, and the page over it."""

import contextlib
import socket
import subprocess
import sys
import time
from collections.abc import Iterator
from pathlib import Path

sys.path.insert(0, str(Path(__file__).resolve().parents[1]))

from benchmarks.store import findings, lines
from netaudit.evidence.run import RunInfo
from netaudit.store.record import Recorded
from netaudit.store.store import Store

ROOT = Path(__file__).resolve().parents[1]


def fill(store: Store, devices: int, runs: int, small: int) -> None:
    """Record `runs` runs of all devices and `small` of the first hundred; a store that has runs stays as it is."""
    if store.runs():
        return
    start = time.perf_counter()
    places = [(f"Site {number}", f"10.{number}.0.0/16", "") for number in range(40)]
    for run in range(runs + small):
        # The runs of one site come first: the last look at a fleet is a whole one.
        number, status = (devices, "complete") if run >= small else (min(100, devices), "partial")
        day = f"20{20 + run // 336}-{run // 28 % 12 + 1:02}-{run % 28 + 1:02}T00:00:00.000Z"
        info = RunInfo(f"run{run:04}", "0", day, status=status)
        store.record(Recorded(info, ROOT, "Bench", lines(number, run), findings(number), places))
    taken = time.perf_counter() - start
    print(f"{runs} runs of {devices:,} devices and {small} of 100 recorded in {taken:.0f} s", flush=True)


@contextlib.contextmanager
def served(where: str, *options: str) -> Iterator[tuple[str, int]]:
    """Serve the page over a store in a process of its own; yield the address that it prints, and its process id."""
    with socket.create_server(("127.0.0.1", 0)) as free:
        port = free.getsockname()[1]
    command = [sys.executable, "-m", "netaudit", "serve", "--store", where, "--port", str(port), *options]
    with subprocess.Popen(command, stdout=subprocess.PIPE, text=True, cwd=ROOT) as server:
        try:
            address = server.stdout.readline().strip() if server.stdout else ""
            _wait(port)
            yield address, server.pid
        finally:
            server.terminate()


def _wait(port: int) -> None:
    for _ in range(600):
        with contextlib.suppress(OSError), socket.create_connection(("127.0.0.1", port)):
            return
        time.sleep(0.1)
    raise SystemExit("the page did not start")
