"""Time and memory of `netaudit --help` and of the scan part of `make audit` on the virtual building."""

import os
import resource
import signal
import statistics
import subprocess
import sys
import tempfile
import time
from pathlib import Path

COMMAND = [sys.executable, "-m", "netaudit"]


def measured(words: list[str], environment: dict[str, str]) -> tuple[float, float, float]:
    """Run a command; return wall seconds, CPU seconds and peak memory (MB) of the process."""
    start = time.perf_counter()
    child = subprocess.Popen([*COMMAND, *words], env=environment, stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL)
    _, _, usage = os.wait4(child.pid, 0)
    return time.perf_counter() - start, usage.ru_utime + usage.ru_stime, usage.ru_maxrss / 1024


def report(name: str, runs: list[tuple[float, float, float]]) -> None:
    """Print medians."""
    wall, cpu, memory = (statistics.median(column) for column in zip(*runs, strict=True))
    print(f"{name}: {wall:.2f} s wall, {cpu:.2f} s CPU, {memory:.0f} MB peak (median of {len(runs)})")


def main() -> None:
    """Measure both."""
    environment = {**os.environ, "NETAUDIT_DEMO_PASSWORD": "virtual-building"}
    report("netaudit --help", [measured(["--help"], environment) for _ in range(7)])
    with tempfile.TemporaryDirectory() as folder:
        scope = Path(folder) / "scope.toml"
        environment["NETAUDIT_STORE"] = str(Path(folder) / "netaudit.db")
        serve = [*COMMAND, "demo", "--serve", "--scope", str(scope)]
        with subprocess.Popen(serve, env=environment, stderr=subprocess.DEVNULL) as building:
            while not scope.exists():
                time.sleep(0.1)
            scans = [
                measured(["scan", "--scope", str(scope), "--out", f"{folder}/run{number}"], environment)
                for number in range(3)
            ]
            building.send_signal(signal.SIGTERM)
    report("scan of the virtual building, report included", scans)
    print(f"(this process: {resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1024:.0f} MB)")


if __name__ == "__main__":
    main()
