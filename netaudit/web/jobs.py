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
    """Commands that run one after another. `about`: the scope file of a scan, the run that others work on.

    `leads`: address and name of the page where what it makes is shown.
    `lines`: what they said, the latest last; `said`: how many lines ever; `status`: of the last, None while it runs.
    """

    number: int
    title: str
    about: str
    by: str
    at: str
    leads: tuple[str, str]
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
    """All jobs of this page since its start; one at a time for a scope file, or for a run."""

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
        """Start a scan of a scope file. UsageError while one of the same file runs."""
        stamp = "".join(character for character in at[:19] if character.isdigit())
        folder = runs / f"{stamp}-{scope.stem}"
        words = ["scan", "--scope", str(scope), "--out", str(folder), "--store", store]
        return self._alone(f"Scan of {scope.name}", scope.name, [words], by, at, ("/runs", "Runs"))

    def run(
        self, title: str, commands: Sequence[Sequence[str]], by: str, at: str, about: str, leads: tuple[str, str]
    ) -> Job:
        """Run commands one after another; the first that fails ends the job. UsageError while one works on the same."""
        return self._alone(title, about, commands, by, at, leads)

    def _alone(
        self, title: str, about: str, commands: Sequence[Sequence[str]], by: str, at: str, leads: tuple[str, str]
    ) -> Job:
        with self._lock:
            busy = next((job for job in self._jobs if job.status is None and job.about == about), None)
            if busy:
                raise UsageError(f"wait for its end, then try again: {busy.title} is at work, started by {busy.by}")
            job = Job(len(self._jobs) + 1, title, about, by, at, leads)
            self._jobs.append(job)
            thread = threading.Thread(target=_work, args=(job, commands), daemon=True)
            self._threads.append(thread)
            thread.start()
            return job

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


def _work(job: Job, commands: Sequence[Sequence[str]]) -> None:
    status = 0
    for words in commands:
        if status > 1 or job.stopping:
            break
        job.process = subprocess.Popen(
            [sys.executable, "-m", "netaudit", *words], stdin=subprocess.DEVNULL, stdout=subprocess.PIPE,
            stderr=subprocess.STDOUT, text=True, encoding="utf-8", errors="replace", start_new_session=True,
            env={**os.environ, "NO_COLOR": "1"},
        )  # fmt: skip
        status = _follow(job, job.process)
    job.status = status


def _follow(job: Job, process: subprocess.Popen[str]) -> int:
    """Read what a command says until it ends; return its exit status."""
    assert process.stdout is not None
    with process.stdout as lines:
        for line in lines:
            job.lines.append(line.rstrip()[:_SHOWN])
            job.said += 1
    status = process.wait()
    # Python ends itself by the signal where it came at an awkward moment: to a shell that is 130 too.
    return 130 if status == -signal.SIGINT else status


def scope_files(folder: Path | None) -> list[Path]:
    """Return the scope files that the administrator put into the folder."""
    return sorted(folder.glob("*.toml")) if folder and folder.is_dir() else []
