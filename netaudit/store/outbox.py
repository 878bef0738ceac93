"""Events that people are told once, and the messages that tell them: written together, sent afterwards.

A message is kept before it is sent, so that neither a crash nor a server that is away loses it. A sender takes a
message by moving its `next` on: of two senders one gets it. A sender that dies between sending and saying so is the
one case in which a message goes out twice; both carry the same token.
"""

import hashlib
import json
import uuid
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from typing import Any, Final

from sqlalchemy import func, select, update
from sqlalchemy.engine import CursorResult
from sqlalchemy.exc import IntegrityError
from sqlalchemy.orm import Session

from netaudit.store.schema_told import DeliveryRow, EventRow
from netaudit.store.store import Store

WAITING: Final = "waiting"
SENT: Final = "sent"
DEAD: Final = "dead"


@dataclass(frozen=True, slots=True)
class News:
    """Something to tell. `same`: the parts that make it the same event as one that was told."""

    kind: str
    same: Sequence[str]
    values: Mapping[str, str | int]

    @property
    def key(self) -> str:
        """SHA-256 of the kind and the parts."""
        return hashlib.sha256(json.dumps([self.kind, *self.same]).encode()).hexdigest()


def tell(store: Store, news: Sequence[News], targets: Sequence[tuple[str, str]], run: str, at: str) -> int:
    """Keep what was not told before together with a message to each target; return how many events that are."""
    for last in (False, False, True):
        try:
            with store.writing() as session:
                rows = keep_events(session, news, run, at)
                if rows:
                    post(session, targets, [row.id for row in rows], at)
                return len(rows)
        except IntegrityError:
            # Somebody told the same at the same moment: what they kept is seen now.
            if last:
                raise
    return 0


def keep_events(session: Session, news: Iterable[News], run: str, at: str) -> list[EventRow]:
    """Keep what was not told before, and return it."""
    fresh = {item.key: item for item in news}
    told = set(session.scalars(select(EventRow.key).where(EventRow.key.in_(list(fresh)))))
    rows = [
        EventRow(key=key, kind=item.kind, run=run, at=at, details={name: _plain(v) for name, v in item.values.items()})
        for key, item in fresh.items()
        if key not in told
    ]
    session.add_all(rows)
    session.flush()
    return rows


def post(session: Session, targets: Iterable[tuple[str, str]], events: Sequence[int], at: str) -> list[DeliveryRow]:
    """Keep one message about these events for each (channel, target)."""
    rows = [
        DeliveryRow(
            token=uuid.uuid4().hex, channel=channel, target=target, events=list(events), made=at, state=WAITING,
            attempts=0, next=at, ended="", error="",
        )
        for channel, target in targets
    ]  # fmt: skip
    session.add_all(rows)
    session.flush()
    return rows


def take(session: Session, now: str, until: str) -> DeliveryRow | None:
    """Take the next message that is due; until `until` nobody else gets it. None where nothing is due."""
    ready = (DeliveryRow.state == WAITING) & (DeliveryRow.next <= now)
    for row in session.scalars(select(DeliveryRow).where(ready).order_by(DeliveryRow.next, DeliveryRow.id).limit(8)):
        mine = (DeliveryRow.id == row.id) & (DeliveryRow.state == WAITING) & (DeliveryRow.next == row.next)
        taken = session.execute(
            update(DeliveryRow).where(mine).values(next=until, attempts=DeliveryRow.attempts + 1),
            execution_options={"synchronize_session": False},
        )
        assert isinstance(taken, CursorResult)
        if taken.rowcount == 1:
            session.refresh(row)
            return row
    return None


def settle(session: Session, delivery: int, state: str, next_time: str, at: str, error: str) -> None:
    """Write what became of a message: sent, dead, or waiting until `next_time`."""
    row = session.get_one(DeliveryRow, delivery)
    row.state, row.next, row.error = state, next_time, error[:1000]
    row.ended = "" if state == WAITING else at


def events_of(session: Session, numbers: Sequence[int]) -> list[EventRow]:
    """Return events by number, in the order in which they were found."""
    return list(session.scalars(select(EventRow).where(EventRow.id.in_(list(numbers))).order_by(EventRow.id)))


def deliveries(session: Session, states: Sequence[str] = (WAITING, DEAD, SENT), limit: int = 200) -> list[DeliveryRow]:
    """Return messages, the latest first."""
    query = select(DeliveryRow).where(DeliveryRow.state.in_(list(states))).order_by(DeliveryRow.id.desc())
    return list(session.scalars(query.limit(limit)))


def earliest(session: Session) -> str | None:
    """Return when the next message that waits may be sent, None where none waits."""
    return session.scalar(
        select(DeliveryRow.next).where(DeliveryRow.state == WAITING).order_by(DeliveryRow.next).limit(1)
    )


def revive(session: Session, numbers: Sequence[int], at: str) -> int:
    """Put dead letters back (all where no number is given), due at once with all their tries; return how many."""
    dead = DeliveryRow.state == DEAD
    chosen = dead & DeliveryRow.id.in_(list(numbers)) if numbers else dead
    done = session.execute(update(DeliveryRow).where(chosen).values(state=WAITING, attempts=0, next=at, ended=""))
    assert isinstance(done, CursorResult)
    return done.rowcount


def _plain(value: Any) -> Any:
    """What devices say of themselves may hold what no database keeps and no message should: control characters."""
    if not isinstance(value, str):
        return value
    return "".join(character if character.isprintable() else "\ufffd" for character in value)[:300]


def latest_events(session: Session, limit: int = 200) -> list[EventRow]:
    """Return what was told, the latest first."""
    return list(session.scalars(select(EventRow).order_by(EventRow.id.desc()).limit(limit)))


def dead_letters(session: Session) -> int:
    """Return how many messages were given up."""
    return session.scalar(select(func.count()).select_from(DeliveryRow).where(DeliveryRow.state == DEAD)) or 0
