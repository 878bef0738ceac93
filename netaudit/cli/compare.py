"""Reading the runs that are held against each other, as they were judged when they were made."""

from collections.abc import Callable, Sequence
from pathlib import Path
from typing import TYPE_CHECKING, Final

from netaudit.cli.kept_devices import kept

if TYPE_CHECKING:
    from netaudit.report.progress.changes import Changes
    from netaudit.report.progress.snapshot import Snapshot
    from netaudit.report.progress.trend import Point
    from netaudit.report.texts import Texts

    Writer = Callable[[Sequence[Changes], Sequence[Point], Texts], bytes]

FORMATS: Final = ("text", "html", "json", "md")


def read_snapshot(folder: Path) -> "Snapshot":
    """Read one run. Raises UsageError or DataError (file:line)."""
    from netaudit.evidence.log import SCOPE
    from netaudit.evidence.run import read_run
    from netaudit.identify.read_device import read_device
    from netaudit.report.progress.snapshot import snapshot
    from netaudit.scope.load import parse_scope

    rows = enumerate(kept(folder, "devices.jsonl"), 1)
    devices = [read_device(row, f"{folder / 'devices.jsonl'}:{number}") for number, row in rows]
    scope = parse_scope((folder / SCOPE).read_bytes(), path=folder / SCOPE)
    return snapshot(read_run(folder), scope, devices, kept(folder, "findings.jsonl"))


def steps_of(runs: "Sequence[Snapshot]") -> "list[Changes]":
    """Return what happened from each run to the next, oldest first."""
    from netaudit.report.progress.changes import changes

    ordered = sorted(runs, key=lambda run: (run.info.started, run.info.run))
    return [changes(ordered[n - 1], ordered[n], ordered[: n - 1]) for n in range(1, len(ordered))]


def writers() -> "dict[str, Writer]":
    """Return the formats beside text, by name."""
    from netaudit.report.progress.page import render_html, render_json, render_markdown

    return {"html": render_html, "json": render_json, "md": render_markdown}
