"""How fast is identification from an observations file? Usage: identify_speed.py [DEVICES] (default 10000)."""

import resource
import sys
import tempfile
import time
from pathlib import Path

sys.path.insert(0, str(Path(__file__).resolve().parents[1]))

from benchmarks.fleet import fleet
from netaudit.evidence.log import read_observations
from netaudit.evidence.observation import to_line
from netaudit.identify.engine import identify
from netaudit.identify.knowledge import load_knowledge


def main() -> None:
    """Write a fleet, read it back, identify it; print times and peak memory."""
    count = int(sys.argv[1]) if len(sys.argv) > 1 else 10_000
    with tempfile.TemporaryDirectory() as folder:
        path = Path(folder) / "observations.jsonl"
        with path.open("w", encoding="utf-8") as file:
            file.writelines(to_line(observation) + "\n" for observation in fleet(count))
        size = path.stat().st_size / 1e6
        start = time.perf_counter()
        knowledge = load_knowledge()
        loaded = time.perf_counter()
        observations = list(read_observations(path))
        read = time.perf_counter()
        devices = identify(observations, knowledge)
        done = time.perf_counter()
    right = sum(device.maker.grade == "confirmed" for device in devices)
    print(f"{len(devices)} devices from {len(observations)} observations ({size:.1f} MB); {right} makers confirmed")
    print(f"signatures loaded in {loaded - start:.2f} s")
    rate = len(devices) / (done - loaded)
    print(f"read in {read - loaded:.2f} s, identified in {done - read:.2f} s: {rate:.0f} devices/s")
    print(f"identification alone: {len(devices) / (done - read):.0f} devices/s")
    print(f"peak memory {resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1024:.0f} MB")


if __name__ == "__main__":
    main()
