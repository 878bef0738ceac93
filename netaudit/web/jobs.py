"""Scans that were started from the page: the same command that people type, as a process of its own.

The page's own process never opens a socket to a device, and a scan that fails or is stopped leaves the page alone.
"""

import os
import signal
import subprocess
import sys
import threading
from collections import deque
from collections.abc import Sequence
from dataclasses import dataclass, field
from pathlib import Path
from typing import Final

from netaudit.errors import UsageError

_LINES: Final = 400
_SHOWN: Final = 300


@dataclass(slots=True)
class Job:
    """One scan. `lines`: what it said, the latest last; `said`: how many lines ever; `status`: None while it runs."""

    number: int
    scope: str
    folder: Path
    by: str
    at: str
    lines: deque[str] = field(default_factory=lambda: deque(maxlen=_LINES))
    said: int = 0
    status: int | None = None
    process: subprocess.Popen[str] | None = None

    @property
    def text(self) -> str:
        """What became of it."""
        if self.status is None:
            return "running"
        return {0: "done", 1: "done, something needs attention", 130: "stopped"}.get(self.status, "failed")


class Jobs:
    """All scans of this page since its start, one at a time for a scope file."""

    def __init__(self) -> None:
        self._jobs: list[Job] = []
        self._lock = threading.Lock()

    def all(self) -> Sequence[Job]:
        """Return the scans, the latest first."""
        return self._jobs[::-1]

    def get(self, number: int) -> Job | None:
        """Return one scan."""
        return self._jobs[number - 1] if 0 < number <= len(self._jobs) else None

    def start(self, scope: Path, runs: Path, store: str, by: str, at: str) -> Job:
        """Start a scan of a scope file. Raises UsageError while one of the same file runs."""
        with self._lock:
            if any(job.status is None and job.scope == scope.name for job in self._jobs):
                raise UsageError(f"a scan of {scope.name} is running already")
            stamp = "".join(character for character in at[:19] if character.isdigit())
            folder = runs / f"{stamp}-{scope.stem}"
            job = Job(len(self._jobs) + 1, scope.name, folder, by, at)
            self._jobs.append(job)
        command = [sys.executable, "-m", "netaudit", "scan", "--scope", str(scope), "--out", str(folder)]
        job.process = subprocess.Popen(
            [*command, "--store", store], stdin=subprocess.DEVNULL, stdout=subprocess.DEVNULL, stderr=subprocess.PIPE,
            text=True, encoding="utf-8", errors="replace", start_new_session=True, env={**os.environ, "NO_COLOR": "1"},
        )  # fmt: skip
        threading.Thread(target=_follow, args=(job,), daemon=True).start()
        return job

    def stop(self, job: Job) -> None:
        """Stop a scan as Ctrl-C does: it keeps what it heard and can be resumed."""
        if job.process is not None and job.status is None:
            job.process.send_signal(signal.SIGINT)

    def stop_all(self) -> None:
        """Stop every scan that runs, and wait for each to end cleanly."""
        for job in self._jobs:
            self.stop(job)
        for job in self._jobs:
            if job.process is not None:
                job.process.wait()


def _follow(job: Job) -> None:
    """Read what a scan says until it ends."""
    process = job.process
    assert process is not None
    assert process.stderr is not None
    with process.stderr as lines:
        for line in lines:
            job.lines.append(line.rstrip()[:_SHOWN])
            job.said += 1
    job.status = process.wait()


def scope_files(folder: Path | None) -> list[Path]:
    """Return the scope files that the administrator put into the folder."""
    return sorted(folder.glob("*.toml")) if folder and folder.is_dir() else []
