"""Runs, and what was concluded from them, over time: SQLite by default, PostgreSQL by URL."""

from collections.abc import Iterator
from contextlib import contextmanager, suppress
from pathlib import Path
from typing import Any

from sqlalchemy import select
from sqlalchemy.exc import OperationalError
from sqlalchemy.orm import Session

from netaudit.errors import NetauditError, UsageError
from netaudit.store.database import open_database
from netaudit.store.earlier import set_aside
from netaudit.store.folder import read_folder
from netaudit.store.packing import unpack, unpack_members
from netaudit.store.place import place_of
from netaudit.store.record import Recorded, record_run
from netaudit.store.schema import RunRow, UnitDocumentRow, UnitRow
from netaudit.store.tidy import tidy


class Store:
    """An open store, made when missing. `where`: a file, a postgresql:// URL, or None for the default.

    Raises DataError where the place is not a store, NetauditError where it cannot be opened.
    """

    def __init__(self, where: str | Path | None = None) -> None:
        self.place = place_of(where)
        earlier = set_aside(self.place)
        self.engine = open_database(self.place)
        # A writer says so at once: two that first read and then write would refuse each other.
        self._writer = self.engine.execution_options(begin="BEGIN IMMEDIATE")
        for folder in earlier:
            with suppress(NetauditError, OSError):
                self.record(read_folder(folder))

    def close(self) -> None:
        """Let go of the database."""
        self.engine.dispose()

    def __enter__(self) -> "Store":
        return self

    def __exit__(self, *_: object) -> None:
        self.close()

    @contextmanager
    def reading(self) -> Iterator[Session]:
        """A session that only reads; rows stay usable after it."""
        with Session(self.engine, expire_on_commit=False) as session:
            yield session

    @contextmanager
    def writing(self) -> Iterator[Session]:
        """A session whose changes are kept together, or not at all. Raises NetauditError when the disk is full."""
        try:
            with Session(self._writer, expire_on_commit=False) as session, session.begin():
                yield session
        except OperationalError as error:
            raise NetauditError(
                f"the store {self.place.shown} cannot be written ({str(error.orig).strip()}): nothing was changed"
            ) from error

    def record(self, run: Recorded) -> None:
        """Keep a run with its devices and findings; one that is there already (resumed) is replaced whole."""
        with self.writing() as session:
            units = record_run(session, run)
        tidy(self.engine, units)

    def runs(self) -> list[RunRow]:
        """Return all runs, the latest first."""
        with self.reading() as session:
            return list(session.scalars(select(RunRow).order_by(RunRow.started.desc(), RunRow.run)))

    def run(self, name: str | None) -> RunRow:
        """Return the run of this name (or unique beginning), the latest when None. Raises UsageError."""
        runs = self.runs()
        matching = [row for row in runs if name is None or row.run.startswith(name)]
        if not runs and name is None:
            raise UsageError(
                f"the store {self.place.shown} holds no run yet: `netaudit scan` makes one, or name the folder of a run"
            )
        if not matching:
            raise UsageError(
                f"{name!r} is neither the folder of a run nor a run in the store: `netaudit runs` lists them"
            )
        if name is not None and len(matching) > 1 and name not in {row.run for row in matching}:
            raise UsageError(f"{len(matching)} runs begin with {name!r}: `netaudit runs` lists them")
        return next((row for row in matching if row.run == name), matching[0])

    def members(self, run: str) -> list[str]:
        """Return the ids of the devices that a run saw, in the order in which they were first known."""
        with self.reading() as session:
            units = session.scalars(select(RunRow.members).where(RunRow.run == run)).one()
            names = {row.id: row.device for row in session.execute(select(UnitRow.id, UnitRow.device))}
        return [names[unit] for unit in unpack_members(units) if unit in names]

    def device(self, device: str) -> dict[str, Any] | None:
        """Return a device as last seen: its line of devices.jsonl; None where it is not known."""
        return self._document(device, "device")

    def findings(self, device: str) -> dict[str, Any] | None:
        """Return what the policies said of a device when it was last seen, as `rows.compact` folds it."""
        return self._document(device, "findings")

    def _document(self, device: str, part: str) -> dict[str, Any] | None:
        query = select(getattr(UnitDocumentRow, part)).join(UnitRow).where(UnitRow.device == device)
        with self.reading() as session:
            packed = session.scalar(query)
        return unpack(packed) if packed is not None else None
