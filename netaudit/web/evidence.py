"""From a device to the bytes that it sent: the observations behind it, found in the log of the run that heard them."""

import mmap
from collections.abc import Iterable
from pathlib import Path

from netaudit.errors import DataError
from netaudit.evidence.line import from_line
from netaudit.evidence.log import OBSERVATIONS
from netaudit.evidence.observation import Observation


def find_observations(folder: Path, ids: Iterable[str]) -> dict[str, Observation]:
    """Return the observations of these ids in a run's log; what is not there is left out.

    The log is searched, not parsed: a look at a device must not cost the reading of a million lines.
    """
    path = folder / OBSERVATIONS
    found: dict[str, Observation] = {}
    try:
        with path.open("rb") as file, mmap.mmap(file.fileno(), 0, access=mmap.ACCESS_READ) as log:
            for name in ids:
                line = _line(log, name)
                if line is not None:
                    found[name] = from_line(line)
    except (OSError, ValueError, DataError):
        return found
    return found


def _line(log: mmap.mmap, name: str) -> bytes | None:
    if len(name) != 64 or not name.isalnum():
        return None
    at = log.find(f'"id":"{name}"'.encode())
    if at < 0:
        return None
    end = log.find(b"\n", at)
    return log[log.rfind(b"\n", 0, at) + 1 : end if end >= 0 else len(log)]
