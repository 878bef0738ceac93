"""Reading the runs that are held against each other, as they were judged when they were made."""

from collections.abc import Sequence
from pathlib import Path

from netaudit.evidence.kept_lines import kept
from netaudit.evidence.log import SCOPE
from netaudit.evidence.run import read_run
from netaudit.identify.read_device import read_device
from netaudit.report.progress.changes import Changes, changes
from netaudit.report.progress.snapshot import Snapshot, snapshot
from netaudit.scope.load import parse_scope


def read_snapshot(folder: Path) -> Snapshot:
    """Read one run. Raises UsageError or DataError (file:line)."""
    rows = enumerate(kept(folder, "devices.jsonl"), 1)
    devices = [read_device(row, f"{folder / 'devices.jsonl'}:{number}") for number, row in rows]
    scope = parse_scope((folder / SCOPE).read_bytes(), path=folder / SCOPE)
    return snapshot(read_run(folder), scope, devices, kept(folder, "findings.jsonl"))


def steps_of(runs: Sequence[Snapshot]) -> list[Changes]:
    """Return what happened from each run to the next, oldest first."""
    ordered = sorted(runs, key=lambda run: (run.info.started, run.info.run))
    return [changes(ordered[n - 1], ordered[n], ordered[: n - 1]) for n in range(1, len(ordered))]
