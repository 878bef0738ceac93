"""One run at a time for a scope: a lock that the kernel lets go of when its process ends, however it ends."""

import fcntl
import hashlib
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from netaudit.schedule.file import Job


@contextmanager
def alone(folder: Path, job: Job, told: str) -> Iterator[str | None]:
    """Give None while this is the only run of its kind over its scope; else what the run that is there told."""
    what = f"{job.do}\0{job.scope.resolve()}"
    path = folder / "locks" / f"{hashlib.sha256(what.encode()).hexdigest()[:16]}.lock"
    path.parent.mkdir(parents=True, exist_ok=True)
    with path.open("a+", encoding="utf-8") as lock:
        try:
            fcntl.flock(lock, fcntl.LOCK_EX | fcntl.LOCK_NB)
        except BlockingIOError:
            lock.seek(0)
            yield lock.read(400) or "another run"
            return
        lock.truncate(0)
        lock.write(told)
        lock.flush()
        yield None
        lock.truncate(0)
