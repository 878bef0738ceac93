"""Readers and writers at once: web_load.py [--minutes 10] [--readers 50] [--writers 5] [--on sqlite|postgresql].

Locust (extra `load`) plays the people, each with a login of its own, on loopback. Writers edit the same twenty devices.
At the end every accepted edit must stand in the store, and every refused one must have been told. Exit status 1: an
error, or an edit was lost.
"""

import argparse
import json
import os
import subprocess
import sys
import tempfile
from importlib.util import find_spec
from pathlib import Path
from typing import Any

sys.path.insert(0, str(Path(__file__).resolve().parents[1]))

from sqlalchemy import func, select

from benchmarks.database import KINDS, place
from benchmarks.web_store import ROOT, fill, served
from netaudit.clock import now, rfc3339
from netaudit.store.people import Author, annotations
from netaudit.store.schema import AccountRow, JournalRow
from netaudit.store.store import Store
from netaudit.web.sessions import add_account, open_login

EDITED = 20


def main() -> int:
    """Fill a store, serve it, let people loose on it, and count."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("devices", nargs="?", type=int, default=100_000)
    parser.add_argument("--minutes", type=float, default=10)
    parser.add_argument("--readers", type=int, default=50)
    parser.add_argument("--writers", type=int, default=5)
    parser.add_argument("--runs", type=int, default=2, help="runs of all devices (default: %(default)s)")
    parser.add_argument("--on", choices=KINDS, default="sqlite")
    parser.add_argument("--store", help="a store to keep, filled if it is new (default: one for this run alone)")
    options = parser.parse_args()
    if find_spec("locust") is None:
        parser.error("locust is not installed: pip install -e '.[load]'")
    with place(options.on, options.store) as where, tempfile.TemporaryDirectory() as folder:
        with Store(where) as store:
            fill(store, options.devices, options.runs, 0)
            given = logins(store, options.readers, options.writers)
            before = edits(store)
        (Path(folder) / "kept").mkdir()
        given |= {"devices": options.devices, "edited": min(EDITED, options.devices), "kept": f"{folder}/kept"}
        (Path(folder) / "load.json").write_text(json.dumps(given))
        with served(where, "--accounts") as (address, _):
            failed = show(play(address, Path(folder), options.minutes))
        with Store(where) as store:
            lost = check(store, Path(folder) / "kept", before)
    return 1 if failed or lost else 0


def logins(store: Store, readers: int, writers: int) -> dict[str, object]:
    """Make accounts and their logins in the store: the page allows ten tries a minute from one address."""
    # People and words of an earlier test may be in the store: these are told apart by the second.
    by, stem = Author("load test", rfc3339(now())), f"{int(now().timestamp()):x}"
    with store.writing() as session:
        cookies = {}
        for kind, number in (("reader", readers), ("writer", writers)):
            for count in range(number):
                name = f"{kind}{count} {stem}"
                add_account(session, name, "viewer" if kind == "reader" else "facilities", "correct horse battery", by)
                account = session.scalar(select(AccountRow.id).where(AccountRow.name == name))
                cookies[f"{kind}{count}"] = open_login(session, account).cookie
    return {
        "stem": stem,
        "count": {"readers": readers, "writers": writers},
        "readers": [cookie for name, cookie in cookies.items() if name.startswith("reader")],
        "writers": {name: cookie for name, cookie in cookies.items() if name.startswith("writer")},
    }


def play(address: str, folder: Path, minutes: float) -> list[dict[str, Any]]:
    """Run locust without a window and return what it measured of each kind of request."""
    users = json.loads((folder / "load.json").read_text())["count"]
    command = [
        sys.executable, "-m", "locust", "-f", str(ROOT / "benchmarks" / "web_load_users.py"), "--headless", "--json",
        "--host", address.rstrip("/"), "--users", str(users["readers"] + users["writers"]), "--spawn-rate", "10",
        "--run-time", f"{int(minutes * 60)}s", "--loglevel", "WARNING", "--stop-timeout", "10",
    ]  # fmt: skip
    environment = {**os.environ, "LOAD": str(folder / "load.json")}
    done = subprocess.run(command, check=False, env=environment, capture_output=True, text=True)
    if done.returncode:
        print(done.stderr[-4000:], file=sys.stderr)
    measured: list[dict[str, Any]] = json.loads(done.stdout)
    return measured


def show(measured: list[dict[str, Any]]) -> int:
    """Print requests, failures, and times in milliseconds; return how many requests failed."""
    for row in sorted(measured, key=lambda row: row["name"]):
        times = sorted(float(ms) for ms, number in row["response_times"].items() for _ in range(number))
        half, most = times[len(times) // 2], times[int(len(times) * 0.95)]
        print(
            f"{row['name']:24} {row['num_requests']:>7} requests {row['num_failures']:>3} failed  "
            f"median {half:5.0f} ms  95 % {most:5.0f} ms  longest {times[-1]:6.0f} ms"
        )
    failed = sum(row["num_failures"] for row in measured)
    print(f"requests: {sum(row['num_requests'] for row in measured)}; failed: {failed}")
    return failed


def edits(store: Store) -> int:
    """Return how many edits the audit trail holds."""
    with store.reading() as session:
        return session.scalar(select(func.count()).select_from(JournalRow).where(JournalRow.what == "annotate")) or 0


def check(store: Store, kept: Path, before: int) -> int:
    """Hold what the page accepted against what the store holds; return how many edits are lost."""
    accepted = [line.split() for file in sorted(kept.iterdir()) for line in file.read_text().splitlines()]
    with store.reading() as session:
        notes = {device: annotations(session, device).get("note", "").split() for device in {d for d, _ in accepted}}
    lost = sum(notes[device].count(word) != 1 for device, word in accepted)
    stale, trail = sum("stale" in words for words in notes.values()), edits(store) - before
    print(f"edits accepted: {len(accepted)}; in the audit trail: {trail}; lost: {lost}; stale ones kept: {stale}")
    return lost + stale + abs(len(accepted) - trail)


if __name__ == "__main__":
    sys.exit(main())
