"""Lists of devices as last seen: filter, search, sort, page; counts for an overview."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any, Final, cast

from sqlalchemy import ColumnElement, Select, func, select
from sqlalchemy.orm import InstrumentedAttribute, Session

from netaudit.policy.finding import STATUS_ORDER
from netaudit.policy.lead import rank
from netaudit.store.schema import StateRow, UnitRow

SORTS: Final[Mapping[str, InstrumentedAttribute[str] | InstrumentedAttribute[int]]] = {
    "verdict": UnitRow.rank,
    "address": UnitRow.address_key,
    "site": UnitRow.site,
    "maker": UnitRow.maker_name,
    "brand": UnitRow.brand_name,
    "model": UnitRow.model,
    "type": UnitRow.type,
    "first_seen": UnitRow.first_seen,
    "last_seen": UnitRow.last_seen,
}
FILTERS: Final[Mapping[str, InstrumentedAttribute[str] | InstrumentedAttribute[str | None]]] = {
    "site": UnitRow.site,
    "verdict": UnitRow.verdict,
    "type": UnitRow.type,
    "maker": UnitRow.maker,
    "brand": UnitRow.brand,
    "grade": UnitRow.grade,
}


MANY: Final = 1_000
_SEVERAL: Final = 500


@dataclass(frozen=True, slots=True)
class Query:
    """What to list. `filters`: a column of FILTERS to the values that are wanted; `search`: words, all must occur.

    `gone`: None for all, True for units that the latest complete run of their site did not see, False for the rest.
    `surveillance`: cameras, recorders and the like (True), or the bystanders. `seen_first`: known only since then
    (start of a run). `sort`: a name of SORTS, "-" before it turns it round.
    """

    filters: Mapping[str, Sequence[str]] = field(default_factory=dict)
    search: str = ""
    gone: bool | None = None
    relabelled: bool | None = None
    surveillance: bool | None = None
    seen_first: str = ""
    sort: str = "verdict"
    offset: int = 0
    limit: int = 100


def units(session: Session, query: Query) -> list[UnitRow]:
    """Return one page of devices."""
    name = query.sort.lstrip("-")
    order = (SORTS.get(name, UnitRow.rank), UnitRow.address_key, UnitRow.id)
    # All of it is turned round, so that an index can be read backwards.
    keys = [key.desc() for key in order] if query.sort.startswith("-") else order
    statement = _where(select(UnitRow), query).order_by(*keys)
    return list(session.scalars(statement.offset(query.offset).limit(query.limit)))


def named(session: Session, devices: Sequence[str]) -> dict[str, UnitRow]:
    """Return the devices of these ids that are known, by id."""
    found: dict[str, UnitRow] = {}
    for start in range(0, len(devices), _SEVERAL):
        few = devices[start : start + _SEVERAL]
        found |= {row.device: row for row in session.scalars(select(UnitRow).where(UnitRow.device.in_(few)))}
    return found


def count(session: Session, query: Query) -> int:
    """Return how many devices a query finds, over all pages."""
    return session.scalar(_where(select(func.count()).select_from(UnitRow), query)) or 0


def page_of(session: Session, query: Query) -> tuple[list[UnitRow], int]:
    """Return one page of devices, and how many there are over all pages."""
    rows = units(session, query)
    # A page that is not full is the last one: there is no need to look through everything again to count.
    known = len(rows) < query.limit and (rows or not query.offset)
    return rows, query.offset + len(rows) if known else count(session, query)


def counts(session: Session, column: str, query: Query | None = None) -> dict[str, int]:
    """Return how many devices there are for each value of a column of FILTERS, the most frequent first."""
    attribute = FILTERS[column]
    grouped = cast("Select[Any]", select(attribute, func.count()).select_from(UnitRow))
    statement = _where(grouped, query or Query())
    rows = session.execute(statement.group_by(attribute).order_by(func.count().desc(), attribute))
    return {value or "": number for value, number in rows}


def by_site(session: Session) -> dict[str, dict[str, int]]:
    """Return for every site how many units (cameras, recorders and the like) it has of each verdict."""
    out: dict[str, dict[str, int]] = {}
    statement = select(UnitRow.site, UnitRow.verdict, func.count()).where(UnitRow.surveillance.is_(True))
    statement = statement.group_by(UnitRow.site, UnitRow.verdict)
    for site, verdict, number in session.execute(statement.order_by(UnitRow.site)):
        out.setdefault(site, {})[verdict] = number
    return out


def altered(session: Session, since: str) -> int:
    """Return how many units (cameras, recorders and the like) were known before a run and are another since it.

    Counted to MANY and one: beyond that the number says nothing more. `since`: start of the run. Another: address,
    model, firmware, maker or verdict, all that a state holds.
    """
    mine = (StateRow.first_seen == since) & (UnitRow.first_seen < since) & UnitRow.surveillance.is_(True)
    first = select(StateRow.unit).join(UnitRow, UnitRow.id == StateRow.unit).where(mine).limit(MANY + 1).subquery()
    return session.scalar(select(func.count()).select_from(first)) or 0


def history(session: Session, device: str) -> list[StateRow]:
    """Return what a device was over time, the latest first."""
    query = select(StateRow).join(UnitRow, UnitRow.id == StateRow.unit).where(UnitRow.device == device)
    return list(session.scalars(query.order_by(StateRow.last_seen.desc(), StateRow.number.desc())))


def _where(statement: Select[Any], query: Query) -> Select[Any]:
    for name, values in query.filters.items():
        if values:
            statement = statement.where(_among(name, values))
    for word in query.search.lower().split():
        statement = statement.where(UnitRow.text.contains(word, autoescape=True))
    if query.relabelled is not None:
        statement = statement.where(UnitRow.relabelled.is_(query.relabelled))
    if query.surveillance is not None:
        statement = statement.where(UnitRow.surveillance.is_(query.surveillance))
    if query.seen_first:
        statement = statement.where(UnitRow.first_seen >= query.seen_first)
    if query.gone is not None:
        statement = statement.where(UnitRow.gone.is_(query.gone))
    return statement


def _among(name: str, values: Sequence[str]) -> ColumnElement[bool]:
    """A verdict is asked for by its rank, which the lists are sorted by: found in order, nothing is looked through."""
    if name == "verdict":
        return UnitRow.rank.in_(sorted({rank(value) for value in values if value in STATUS_ORDER}))
    return FILTERS[name].in_(list(values))
