"""Scheduled runs over time: which turn was due, what became of it, how many were missed."""

from sqlalchemy import select
from sqlalchemy.orm import Session

from netaudit.store.schema_told import TurnRow

OPEN = "running"


def begin(session: Session, place: str, job: str, due: str, started: str, missed: int) -> TurnRow:
    """Write that a turn begins."""
    row = TurnRow(
        place=place, job=job, due=due, started=started, ended="", outcome=OPEN, run="", missed=missed, told=""
    )
    session.add(row)
    session.flush()
    return row


def end(session: Session, turn: int, ended: str, outcome: str, run: str, told: str) -> None:
    """Write what became of a turn."""
    row = session.get_one(TurnRow, turn)
    row.ended, row.outcome, row.run, row.told = ended, outcome, run, told


def refuse(session: Session, place: str, job: str, at: str, told: str) -> None:
    """Write that nothing was started, since another run was at work."""
    session.add(
        TurnRow(place=place, job=job, due="", started=at, ended=at, outcome="overlapped", run="", missed=0, told=told)
    )


def latest(session: Session, place: str, job: str) -> TurnRow | None:
    """Return the last turn of a job that was started, None where there is none."""
    mine = (TurnRow.place == place) & (TurnRow.job == job) & (TurnRow.outcome != "overlapped")
    return session.scalar(select(TurnRow).where(mine).order_by(TurnRow.started.desc(), TurnRow.id.desc()).limit(1))


def last_good(session: Session, place: str, job: str) -> str:
    """Return when the last turn of a job began that was done, "" where none was."""
    mine = (TurnRow.place == place) & (TurnRow.job == job) & (TurnRow.outcome == "done")
    return session.scalar(select(TurnRow.started).where(mine).order_by(TurnRow.started.desc()).limit(1)) or ""


def break_off(session: Session, place: str, job: str, at: str) -> list[TurnRow]:
    """Close the turns of a job that ended without a word (power, kill), and return them."""
    mine = (TurnRow.place == place) & (TurnRow.job == job) & (TurnRow.outcome == OPEN)
    rows = list(session.scalars(select(TurnRow).where(mine).order_by(TurnRow.id)))
    for row in rows:
        row.ended, row.outcome, row.told = at, "broken", "ended without a word: killed, or the power failed"
    return rows


def latest_turns(session: Session, limit: int) -> list[TurnRow]:
    """Return the turns of all jobs, the latest first."""
    return list(session.scalars(select(TurnRow).order_by(TurnRow.started.desc(), TurnRow.id.desc()).limit(limit)))
