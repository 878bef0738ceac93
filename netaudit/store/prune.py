"""Carrying out retention: the run's row and its folder of logs go, what was concluded over time stays."""

import shutil
from pathlib import Path

from sqlalchemy import delete, select, union

from netaudit.evidence.log import OBSERVATIONS
from netaudit.store.people import Author, note
from netaudit.store.retention import Choice, Kept, Policy, choose
from netaudit.store.schema import PlanRow, ReferenceRow, RunRow
from netaudit.store.store import Store


def choices(store: Store, policy: Policy) -> list[Choice]:
    """Return what a retention policy says of every run in the store. Changes nothing."""
    with store.reading() as session:
        referred = set(session.scalars(union(select(ReferenceRow.run), select(PlanRow.run))))
        rows = session.execute(select(RunRow.run, RunRow.started, RunRow.status, RunRow.organisation))
        runs = [Kept(*row) for row in rows]
    return choose(runs, policy, referred)


def prune(store: Store, policy: Policy, by: Author) -> list[Choice]:
    """Drop what may go, and return the choices.

    First the row goes, then the folder: a kill in between leaves a folder that nobody knows, never a run without one.
    """
    chosen = choices(store, policy)
    for choice in chosen:
        if choice.goes:
            _drop(store, choice, by)
    return chosen


def _drop(store: Store, choice: Choice, by: Author) -> None:
    with store.writing() as session:
        folder = Path(session.scalars(select(RunRow.folder).where(RunRow.run == choice.run)).one())
        session.execute(delete(RunRow).where(RunRow.run == choice.run))
        note(session, by, "prune", choice.run, {"folder": str(folder), "why": choice.why})
    # Only what is plainly a run's folder is removed: the row may be old and the path somebody else's by now.
    if (folder / OBSERVATIONS).is_file() and (folder / "run.json").is_file():
        shutil.rmtree(folder)
