"""The units of one run, written into a table of the session's own first, then into the store by whole statements.

Row by row each unit of a large fleet would cost the server a plan, a look-up and a reply of its own; and a look-up that
PostgreSQL planned while the store was empty reads the whole table for each five hundred.
"""

from collections.abc import Iterable, Iterator
from contextlib import contextmanager
from typing import Any, Final

from sqlalchemy import (
    JSON,
    Column,
    Integer,
    LargeBinary,
    MetaData,
    String,
    Table,
    case,
    exists,
    func,
    insert,
    literal,
    or_,
    select,
    update,
)
from sqlalchemy.orm import Session

from netaudit.store.rows import UnitRows
from netaudit.store.schema import StateRow, UnitDocumentRow, UnitRow

_UNIT: Final = UnitRow.metadata.tables["unit"]
_STATE: Final = StateRow.metadata.tables["state"]
_DOCUMENT: Final = UnitDocumentRow.metadata.tables["unit_document"]
_OF_STORE: Final = frozenset({"id", "device", "version", "state", "gone", "first_seen", "last_seen"})
_TOLD: Final = tuple(column.name for column in _UNIT.columns if column.name not in _OF_STORE)
"""What a run says of a unit; the store says the rest."""

_CAME: Final = Table(
    "incoming",
    MetaData(),
    Column("seq", Integer, primary_key=True, autoincrement=False),
    Column("device", String(80), unique=True),
    Column("digest", String(64)),
    Column("summary", JSON),
    Column("document", LargeBinary),
    Column("findings", LargeBinary),
    *(Column(name, _UNIT.c[name].type) for name in _TOLD),
    prefixes=["TEMPORARY"],
)
_SAME_DEVICE: Final = _UNIT.c.device == _CAME.c.device


@contextmanager
def incoming(session: Session) -> Iterator[None]:
    """The waiting table is there meanwhile, empty at first; a transaction that fails takes it along."""
    _CAME.create(session.connection(), checkfirst=False)
    yield
    _CAME.drop(session.connection(), checkfirst=False)


def wait(session: Session, rows: Iterable[UnitRows], first: int) -> None:
    """Write units into the waiting table, numbered from `first`. One device twice is an error of the database."""
    lines = [
        {
            "seq": number, "device": row.device, "digest": row.digest, "summary": dict(row.summary),
            "document": row.document, "findings": row.findings, **row.columns,
        }
        for number, row in enumerate(rows, first)
    ]  # fmt: skip
    session.execute(insert(_CAME), lines)


def take_in(session: Session, seen: str) -> list[int]:
    """Put what waits into the store, as seen by a run that started then; return the units' row numbers in its order.

    What was there: the present moves on, an older log only lengthens the past.
    """
    for statement in (*_known(seen), *_fresh(seen)):
        session.execute(statement)
    members = select(_UNIT.c.id).join(_CAME, _SAME_DEVICE).order_by(_CAME.c.seq)
    return list(session.scalars(members))


def _known(seen: str) -> Iterator[Any]:
    """Units that were there: their states first, while the unit still says which of them is the present one."""
    newer = _SAME_DEVICE & (_UNIT.c.last_seen <= seen)
    present = (_STATE.c.unit == _UNIT.c.id) & (_STATE.c.number == _UNIT.c.state)
    same = present & (_STATE.c.digest == _CAME.c.digest)
    yield update(_STATE).where(newer, same).values(last_seen=seen)
    before = _STATE.alias("before")
    last = select(func.coalesce(func.max(before.c.number), 0)).where(before.c.unit == _UNIT.c.id).scalar_subquery()
    other = or_(_UNIT.c.last_seen > seen, ~exists().where(same).correlate(_UNIT, _CAME))
    yield _states(select(_UNIT.c.id, last + 1, *_of_state(seen)).join(_CAME, _SAME_DEVICE).where(other))
    documents = {"device": _CAME.c.document, "findings": _CAME.c.findings}
    yield update(_DOCUMENT).where(_DOCUMENT.c.unit == _UNIT.c.id, newer).values(documents)
    stays = exists().where(same).correlate(_UNIT, _CAME)
    shown = {name: _CAME.c[name] for name in _TOLD}
    yield update(_UNIT).where(newer).values(state=case((stays, _UNIT.c.state), else_=last), last_seen=seen, **shown)
    yield update(_UNIT).where(_SAME_DEVICE, _UNIT.c.first_seen > seen).values(first_seen=seen)


def _fresh(seen: str) -> Iterator[Any]:
    """Units that nobody saw before."""
    there = exists().where(_SAME_DEVICE).correlate(_CAME)
    start = {"device": _CAME.c.device, "version": literal(1), "state": literal(1), "gone": literal(False)}
    columns = {**start, "first_seen": literal(seen), "last_seen": literal(seen), **{n: _CAME.c[n] for n in _TOLD}}
    yield insert(_UNIT).from_select(list(columns), select(*columns.values()).where(~there).order_by(_CAME.c.seq))
    stateless = ~exists().where(_STATE.c.unit == _UNIT.c.id).correlate(_UNIT)
    yield _states(select(_UNIT.c.id, literal(1), *_of_state(seen)).join(_CAME, _SAME_DEVICE).where(stateless))
    bare = ~exists().where(_DOCUMENT.c.unit == _UNIT.c.id).correlate(_UNIT)
    documents = select(_UNIT.c.id, _CAME.c.document, _CAME.c.findings).join(_CAME, _SAME_DEVICE).where(bare)
    yield insert(_DOCUMENT).from_select(["unit", "device", "findings"], documents)


def _of_state(seen: str) -> tuple[Any, ...]:
    return (_CAME.c.digest, literal(seen), literal(seen), _CAME.c.summary)


def _states(rows: Any) -> Any:
    return insert(_STATE).from_select(["unit", "number", "digest", "first_seen", "last_seen", "summary"], rows)
