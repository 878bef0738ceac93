"""Scans and other long work started from the page: the same commands that people type, as processes of their own.

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
    """Commands that run one after another. `scope`: the scope file of a scan, "" for other jobs.

    `lines`: what they said, the latest last; `said`: how many lines ever; `status`: of the last, None while it runs.
    """

    number: int
    title: str
    scope: str
    by: str
    at: str
    lines: deque[str] = field(default_factory=lambda: deque(maxlen=_LINES))
    said: int = 0
    status: int | None = None
    stopping: bool = False
    process: subprocess.Popen[str] | None = None

    @property
    def text(self) -> str:
        """What became of it."""
        if self.status is None:
            return "running"
        return {0: "done", 1: "done, something needs attention", 130: "stopped"}.get(self.status, "failed")


class Jobs:
    """All jobs of this page since its start; one scan at a time for a scope file."""

    def __init__(self) -> None:
        self._jobs: list[Job] = []
        self._threads: list[threading.Thread] = []
        self._lock = threading.Lock()

    def all(self) -> Sequence[Job]:
        """Return the jobs, the latest first."""
        return self._jobs[::-1]

    def get(self, number: int) -> Job | None:
        """Return one job."""
        return self._jobs[number - 1] if 0 < number <= len(self._jobs) else None

    def scan(self, scope: Path, runs: Path, store: str, by: str, at: str) -> Job:
        """Start a scan of a scope file. Raises UsageError while one of the same file runs."""
        stamp = "".join(character for character in at[:19] if character.isdigit())
        folder = runs / f"{stamp}-{scope.stem}"
        words = ["scan", "--scope", str(scope), "--out", str(folder), "--store", store]
        with self._lock:
            if any(job.status is None and job.scope == scope.name for job in self._jobs):
                raise UsageError(f"a scan of {scope.name} is running already")
            return self._start(f"Scan of {scope.name}", scope.name, [words], by, at)

    def run(self, title: str, commands: Sequence[Sequence[str]], by: str, at: str) -> Job:
        """Run commands one after another; the first that fails ends the job."""
        with self._lock:
            return self._start(title, "", commands, by, at)

    def stop(self, job: Job) -> None:
        """Stop a job as Ctrl-C does: a scan keeps what it heard and can be resumed."""
        job.stopping = True
        if job.process is not None and job.process.poll() is None:
            job.process.send_signal(signal.SIGINT)

    def stop_all(self) -> None:
        """Stop every job that runs, and wait for each to end cleanly."""
        for job in self._jobs:
            self.stop(job)
        for thread in self._threads:
            thread.join()

    def _start(self, title: str, scope: str, commands: Sequence[Sequence[str]], by: str, at: str) -> Job:
        job = Job(len(self._jobs) + 1, title, scope, by, at)
        self._jobs.append(job)
        thread = threading.Thread(target=_work, args=(job, commands), daemon=True)
        self._threads.append(thread)
        thread.start()
        return job


def _work(job: Job, commands: Sequence[Sequence[str]]) -> None:
    status = 0
    for words in commands:
        if status > 1 or job.stopping:
            break
        job.process = subprocess.Popen(
            [sys.executable, "-m", "netaudit", *words], stdin=subprocess.DEVNULL, stdout=subprocess.DEVNULL,
            stderr=subprocess.PIPE, text=True, encoding="utf-8", errors="replace", start_new_session=True,
            env={**os.environ, "NO_COLOR": "1"},
        )  # fmt: skip
        status = _follow(job, job.process)
    job.status = status


def _follow(job: Job, process: subprocess.Popen[str]) -> int:
    """Read what a command says until it ends; return its exit status."""
    assert process.stderr is not None
    with process.stderr as lines:
        for line in lines:
            job.lines.append(line.rstrip()[:_SHOWN])
            job.said += 1
    return process.wait()


def scope_files(folder: Path | None) -> list[Path]:
    """Return the scope files that the administrator put into the folder."""
    return sorted(folder.glob("*.toml")) if folder and folder.is_dir() else []
