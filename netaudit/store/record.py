"""Writing a run into the store, in one transaction: all of it or nothing."""

from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import asdict, dataclass
from itertools import groupby, islice
from operator import itemgetter
from pathlib import Path
from typing import Any, Final

from sqlalchemy import delete, exists, func, select, update
from sqlalchemy.orm import Session

from netaudit.evidence.run import RunInfo
from netaudit.store.incoming import incoming, take_in, wait
from netaudit.store.packing import pack_members
from netaudit.store.rows import unit_rows
from netaudit.store.schema import NetworkRow, RunRow, SiteRow, StateRow, UnitRow

Line = Mapping[str, Any]

# A device as read, with all its reasons, is large: few at a time.
_BATCH: Final = 500
_COVERED: Final = frozenset({"covered", "likely"})


@dataclass(frozen=True, slots=True)
class Recorded:
    """A run to be kept: `devices` and `findings` as lines of the run's files, `networks` as (site, cidr, name).

    Findings of one device stand together; in the order of the devices they are never all in memory.
    """

    info: RunInfo
    folder: Path
    organisation: str
    devices: Iterable[Line]
    findings: Iterable[Line]
    networks: Sequence[tuple[str, str, str]] = ()


class _Findings:
    """Findings by device, read no further than asked for."""

    def __init__(self, findings: Iterable[Line]) -> None:
        self._rest = groupby(findings, key=itemgetter("device"))
        self._early: dict[str, list[Line]] = {}

    def of(self, device: str) -> list[Line]:
        """Return a device's findings, once; those of other devices on the way there are kept for their turn."""
        while device not in self._early and (group := next(self._rest, None)):
            self._early.setdefault(group[0], []).extend(group[1])
        return self._early.pop(device, [])


def record_run(session: Session, run: Recorded) -> int:
    """Keep a run; one that is there already (resumed, judged again) is replaced whole. Return how many units it has."""
    again = _forget(session, run.info)
    found = _Findings(run.findings)
    with incoming(session):
        covered = _write_down(session, run.devices, found)
        members = take_in(session, run.info.started)
    if again:
        _settle(session)
    session.add(_run_row(run, members, covered))
    _record_places(session, run)
    _mark_gone(session, run)
    return len(members)


def _write_down(session: Session, devices: Iterable[Line], found: _Findings) -> int:
    """Let the units of a run wait for the store; return how many are covered."""
    count = covered = 0
    for batch in _batches(devices):
        rows = [unit_rows(device, found.of(device["device"])) for device in batch]
        covered += sum(row.columns["verdict"] in _COVERED for row in rows)
        wait(session, rows, count)
        count += len(rows)
    return covered


def _batches(devices: Iterable[Line]) -> Iterator[list[Line]]:
    rest = iter(devices)
    while batch := list(islice(rest, _BATCH)):
        yield batch


def _forget(session: Session, info: RunInfo) -> bool:
    """Take out what only an earlier record of this run said; True where there was one.

    Units that it alone saw get state 0 until they are seen again.
    """
    old = session.scalar(select(RunRow.seq).where(RunRow.run == info.run))
    if old is None:
        return False
    session.execute(delete(RunRow).where(RunRow.seq == old))
    before = session.scalar(
        select(RunRow.started).where(RunRow.started < info.started).order_by(RunRow.started.desc()).limit(1)
    )
    only_here = (StateRow.first_seen == info.started) & (StateRow.last_seen == info.started)
    session.execute(delete(StateRow).where(only_here))
    session.execute(
        update(UnitRow).where(UnitRow.first_seen == info.started, UnitRow.last_seen == info.started).values(state=0)
    )
    if before:
        for table in (StateRow, UnitRow):
            shortened = update(table).where(table.last_seen == info.started, table.first_seen < info.started)
            session.execute(shortened.values(last_seen=before))
    return True


def _settle(session: Session) -> None:
    """Drop the units that nobody saw after all; the others stand in the last of their states."""
    session.execute(delete(UnitRow).where(UnitRow.state == 0))
    of_unit = StateRow.unit == UnitRow.id
    last = select(func.max(StateRow.number)).where(of_unit).scalar_subquery()
    lost = ~exists().where(of_unit, StateRow.number == UnitRow.state)
    session.execute(update(UnitRow).where(lost).values(state=last), execution_options={"synchronize_session": False})


def _run_row(run: Recorded, members: Sequence[int], covered: int) -> RunRow:
    info = run.info
    return RunRow(
        run=info.run, folder=str(run.folder.resolve()), organisation=run.organisation, started=info.started,
        ended=info.ended, status=info.status, scope_digest=info.scope_digest, chain_head=info.chain_head,
        units=len(members), covered=covered, info=asdict(info), members=pack_members(members),
    )  # fmt: skip


def _record_places(session: Session, run: Recorded) -> None:
    """Keep the scope's sites and networks. Only a whole run makes a silent unit of a site "not seen"."""
    sites = {row.name: row for row in session.scalars(select(SiteRow))}
    networks = {(row.site, row.cidr): row for row in session.scalars(select(NetworkRow))}
    for site, cidr, name in run.networks:
        if site not in sites:
            sites[site] = SiteRow(name=site, last_seen="")
            session.add(sites[site])
            session.flush()
        place = sites[site]
        if run.info.status == "complete":
            place.last_seen = max(place.last_seen, run.info.started)
        network = networks.get((place.id, cidr))
        if network is None:
            network = networks[place.id, cidr] = NetworkRow(site=place.id, cidr=cidr, name=name, last_seen="")
            session.add(network)
        if run.info.started >= network.last_seen:
            network.name, network.last_seen = name, run.info.started


def _mark_gone(session: Session, run: Recorded) -> None:
    """Say of every unit of the run's sites whether the latest complete run there saw it."""
    session.flush()
    for site in {site for site, _, _ in run.networks}:
        last = session.scalar(select(SiteRow.last_seen).where(SiteRow.name == site)) or ""
        for gone, unseen in ((True, UnitRow.last_seen < last), (False, UnitRow.last_seen >= last)):
            wrong = (UnitRow.site == site) & (UnitRow.gone.is_(not gone)) & unseen
            session.execute(update(UnitRow).where(wrong).values(gone=gone))
