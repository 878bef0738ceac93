"""How fast is identification from an observations file, on one core?

Usage: identify_speed.py [DEVICES] [--rounds N] [--unlike] [--kind KIND] [--runs N] [--write FILE]

DEVICES (default 10000) are heard in N rounds (default 1). `--unlike`: nothing repeats but the shapes of the answers.
`--kind`: each device is heard by its answer of this kind alone ("http.response", "sadp.reply" ...), one observation a
device; units of the fleet that give no such answer are left out, and do not count.
Each of the runs (default 5) is a process of its own; the median of their processor times counts, since a machine that
others use as well makes wall time say little.
`--write`: only write what the fleet is heard by, for `netaudit identify`.
"""

import argparse
import gc
import json
import os
import resource
import subprocess
import sys
import tempfile
import time
from collections.abc import Iterator
from hashlib import sha256
from itertools import islice
from pathlib import Path
from statistics import median

import msgspec

sys.path.insert(0, str(Path(__file__).resolve().parents[1]))

from benchmarks.fleet import UNITS, fleet
from netaudit.evidence.log import read_observations
from netaudit.evidence.observation import Observation, to_line
from netaudit.identify.engine import identified
from netaudit.identify.knowledge import load_knowledge


def main() -> None:
    """Write a fleet, then read and identify it in fresh processes; print rates and peak memory."""
    options = _options()
    if options.log:
        print(json.dumps(_measure(options.log)))
        return
    if options.write:
        _write(options, options.write)
        return
    with tempfile.TemporaryDirectory() as folder:
        path = Path(folder) / "observations.jsonl"
        _write(options, path)
        command = [sys.executable, __file__, "--log", str(path)]
        runs = [json.loads(subprocess.check_output(command)) for _ in range(options.runs)]
        _print(runs, path.stat().st_size)


def _options() -> argparse.Namespace:
    parser = argparse.ArgumentParser()
    parser.add_argument("devices", nargs="?", type=int, default=10_000)
    parser.add_argument("--rounds", type=int, default=1)
    parser.add_argument("--unlike", action="store_true")
    parser.add_argument("--kind", choices=sorted({item.kind for item in fleet(UNITS)}))
    parser.add_argument("--runs", type=int, default=5)
    parser.add_argument("--write", type=Path, metavar="FILE")
    parser.add_argument("--log", type=Path, help=argparse.SUPPRESS)
    return parser.parse_args()


def _write(options: argparse.Namespace, path: Path) -> None:
    with path.open("w", encoding="utf-8") as file:
        file.writelines(to_line(observation) + "\n" for observation in _lines(options))


def _lines(options: argparse.Namespace) -> Iterator[Observation]:
    """What the fleet is heard by: all of its answers, or those of one kind of as many devices."""
    alike = not options.unlike
    if not options.kind:
        return fleet(options.devices, alike=alike, rounds=options.rounds)
    units = options.devices * UNITS
    answers = (item for item in fleet(units, alike=alike, rounds=options.rounds) if item.kind == options.kind)
    return islice(answers, options.devices)


def _measure(path: Path) -> dict[str, float]:
    """Read and identify once, each device let go when it was counted; then read alone."""
    knowledge = load_knowledge()
    knowledge.oui.lookup("00:00:5e:00:53:01")
    begin, wall = time.process_time(), time.perf_counter()
    devices = confirmed = observations = 0
    for device in identified(read_observations(path), knowledge):
        devices += 1
        confirmed += device.maker.grade == "confirmed"
        observations += len(device.observations)
    whole, wall = time.process_time() - begin, time.perf_counter() - wall
    peak = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1024
    return {
        "devices": devices, "observations": observations, "confirmed": confirmed, "whole": whole, "wall": wall,
        "read": _reading(path), "floor": _floor(path), "peak": peak,
    }  # fmt: skip


def _reading(path: Path) -> float:
    """Processor seconds of reading alone, nothing kept."""
    gc.collect()
    begin = time.process_time()
    _drain(read_observations(path))
    return time.process_time() - begin


def _floor(path: Path) -> float:
    """Processor seconds of what no reader can leave out: parse each line as JSON, hash it once."""
    begin = time.process_time()
    with path.open("rb") as file:
        for line in file:
            msgspec.json.decode(line)
            sha256(line).hexdigest()
    return time.process_time() - begin


def _drain(items: Iterator[object]) -> None:
    for _ in items:
        pass


def _print(runs: list[dict[str, float]], size: int) -> None:
    first = runs[0]
    devices, observations = int(first["devices"]), int(first["observations"])
    print(f"{devices} devices from {observations} observations ({size / 1e6:.1f} MB); "
          f"{int(first['confirmed'])} makers confirmed; median of {len(runs)} runs")  # fmt: skip
    whole, read, wall = (median(run[key] for run in runs) for key in ("whole", "read", "wall"))
    best = min(run["whole"] for run in runs)
    print(
        f"read and identified in {whole:.2f} s of one core: {devices / whole:.0f} devices/s ({wall:.2f} s by the clock)"
    )
    print(f"best run {devices / best:.0f} devices/s; the machine's load was {os.getloadavg()[0]:.1f}")
    floor = median(run["floor"] for run in runs)
    print(f"floor, JSON and SHA-256 alone: {floor:.2f} s ({devices / floor:.0f} devices/s)")
    print(f"reading alone {read:.2f} s ({read / observations * 1e6:.1f} us an observation)")
    print(f"peak memory {max(run['peak'] for run in runs):.0f} MB")


if __name__ == "__main__":
    main()
