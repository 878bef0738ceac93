"""What the filters of the inventory offer, with how many devices each finds: counted over all, so kept for a moment."""

import time
from threading import Lock
from typing import Final

from sqlalchemy import func, select
from sqlalchemy.orm import Session

from netaudit.store.schema import RunRow
from netaudit.store.units import counts

OFFERED: Final = ("site", "verdict", "type", "maker")
_KEPT: Final = 30.0
"""Seconds. Numbers change when a run is recorded, which is seen at once; one judged again may show so much later."""


class Choices:
    """The counts of one store, shared by everybody who looks at the list."""

    def __init__(self) -> None:
        self._lock = Lock()
        self._known: tuple[float, object, dict[str, dict[str, int]]] = (0.0, None, {})

    def of(self, session: Session) -> dict[str, dict[str, int]]:
        """Return for each filter the values with their numbers of devices."""
        total = select(func.count(), func.max(RunRow.seq), func.sum(RunRow.units), func.sum(RunRow.covered))
        runs = tuple(session.execute(total).one())
        with self._lock:
            at, known, found = self._known
        if known != runs or time.monotonic() - at > _KEPT:
            found = {name: counts(session, name) for name in OFFERED}
            with self._lock:
                self._known = (time.monotonic(), runs, found)
        return found
