"""Runs and what was concluded from them, over time: SQLite by default."""

import os
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from dataclasses import asdict
from pathlib import Path
from typing import Any

from sqlalchemy import Engine, create_engine, event, select
from sqlalchemy.exc import DatabaseError
from sqlalchemy.orm import Session

from netaudit.errors import DataError, UsageError
from netaudit.evidence.run import RunInfo
from netaudit.identify.device import Device
from netaudit.policy.finding import Finding
from netaudit.store.schema import Base, DeviceRow, FindingRow, RunRow


def default_path() -> Path:
    """Return where the store lies: $NETAUDIT_STORE, else netaudit/netaudit.db in the user's data folder."""
    if chosen := os.environ.get("NETAUDIT_STORE"):
        return Path(chosen)
    base = os.environ.get("XDG_DATA_HOME") or str(Path.home() / ".local" / "share")
    return Path(base) / "netaudit" / "netaudit.db"


class Store:
    """The store in one SQLite file, made when missing. Raises DataError when the file is not a store."""

    def __init__(self, path: Path) -> None:
        path.parent.mkdir(parents=True, exist_ok=True)
        self.path = path
        self._engine = _engine(path)
        try:
            Base.metadata.create_all(self._engine)
        except DatabaseError as error:
            self._engine.dispose()
            raise DataError(
                str(path), f"is not a netaudit store: {error.orig}", "an SQLite file of netaudit"
            ) from error

    def close(self) -> None:
        """Let go of the file."""
        self._engine.dispose()

    def __enter__(self) -> "Store":
        return self

    def __exit__(self, *_: object) -> None:
        self.close()

    def record(
        self, info: RunInfo, folder: Path, organisation: str, devices: Sequence[Device], findings: Sequence[Finding]
    ) -> None:
        """Keep a run with its devices and findings; a run that is there already (resumed) is replaced whole."""
        with Session(self._engine) as session, session.begin():
            if old := session.get(RunRow, info.run):
                session.delete(old)
                session.flush()
            session.add(_run_row(info, folder, organisation))
            session.add_all(_device_row(info.run, position, device) for position, device in enumerate(devices))
            session.add_all(_finding_row(info.run, finding) for finding in findings)

    def runs(self) -> list[RunRow]:
        """Return all runs, the latest first."""
        with self._session() as session:
            return list(session.scalars(select(RunRow).order_by(RunRow.started.desc(), RunRow.run)))

    def run(self, name: str | None) -> RunRow:
        """Return the run of this name (or unique beginning), the latest when None. Raises UsageError."""
        runs = self.runs()
        matching = [row for row in runs if name is None or row.run.startswith(name)]
        if not runs:
            raise UsageError(f"the store {self.path} holds no run yet: `netaudit scan` makes one")
        if not matching or (name is not None and len(matching) > 1 and name not in {row.run for row in matching}):
            raise UsageError(f"{len(matching)} runs begin with {name!r}: `netaudit runs` lists them")
        return next((row for row in matching if row.run == name), matching[0])

    def devices(self, run: str) -> list[dict[str, Any]]:
        """Return the devices of a run as in devices.jsonl, in their order."""
        query = select(DeviceRow.document).where(DeviceRow.run == run).order_by(DeviceRow.position)
        with self._session() as session:
            return list(session.scalars(query))

    def findings(self, run: str) -> list[dict[str, Any]]:
        """Return the findings of a run."""
        query = select(FindingRow.document).where(FindingRow.run == run).order_by(FindingRow.device, FindingRow.policy)
        with self._session() as session:
            return list(session.scalars(query))

    @contextmanager
    def _session(self) -> Iterator[Session]:
        with Session(self._engine, expire_on_commit=False) as session:
            yield session


def _engine(path: Path) -> Engine:
    engine = create_engine(f"sqlite:///{path}")

    @event.listens_for(engine, "connect")
    def _settings(connection: Any, _record: Any) -> None:
        # WAL: a reader (the web page) never waits for a writer, and a kill leaves the last commit whole.
        connection.execute("PRAGMA journal_mode=WAL")
        connection.execute("PRAGMA foreign_keys=ON")
        connection.execute("PRAGMA busy_timeout=10000")

    return engine


def _run_row(info: RunInfo, folder: Path, organisation: str) -> RunRow:
    return RunRow(
        run=info.run, folder=str(folder.resolve()), organisation=organisation, started=info.started,
        ended=info.ended, status=info.status, scope_digest=info.scope_digest, chain_head=info.chain_head,
        info=asdict(info),
    )  # fmt: skip


def _device_row(run: str, position: int, device: Device) -> DeviceRow:
    return DeviceRow(
        run=run, device=device.device, position=position, site=device.site, type=device.type.value,
        maker=device.maker.value, brand=device.brand.value, grade=device.maker.grade, document=device.to_dict(),
    )  # fmt: skip


def _finding_row(run: str, finding: Finding) -> FindingRow:
    return FindingRow(
        run=run, device=finding.device, policy=finding.policy, status=finding.status, document=finding.to_dict()
    )
