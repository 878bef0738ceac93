"""The tables of scheduled turns, of events, and of the messages about them (`schema.py` has the others)."""

from sqlalchemy import Index, String, Text
from sqlalchemy.orm import Mapped, mapped_column

from netaudit.store.schema import Base, Document


class TurnRow(Base):
    """One scheduled run: when it was due, what became of it. `place`: machine and schedule file, `run`: "" for none.

    `outcome`: running, done, partial, failed, overlapped, broken (no word of its end). `missed`: due times before it at
    which nothing was started; `told`: why, in words.
    """

    __tablename__ = "turn"

    id: Mapped[int] = mapped_column(primary_key=True)
    place: Mapped[str]
    job: Mapped[str] = mapped_column(String(40), index=True)
    due: Mapped[str] = mapped_column(String(32))
    started: Mapped[str] = mapped_column(String(32))
    ended: Mapped[str] = mapped_column(String(32))
    outcome: Mapped[str] = mapped_column(String(16))
    run: Mapped[str] = mapped_column(String(64))
    missed: Mapped[int]
    told: Mapped[str] = mapped_column(Text)


class EventRow(Base):
    """Something that people are told once. `key`: SHA-256 of what makes it the same event; `details`: its values."""

    __tablename__ = "event"

    id: Mapped[int] = mapped_column(primary_key=True)
    key: Mapped[str] = mapped_column(String(64), unique=True)
    kind: Mapped[str] = mapped_column(String(16))
    run: Mapped[str] = mapped_column(String(64))
    at: Mapped[str] = mapped_column(String(32))
    details: Mapped[Document]


class DeliveryRow(Base):
    """One message to one target over one channel. `state`: waiting, sent, dead. `next`: not to be sent before then."""

    __tablename__ = "delivery"

    id: Mapped[int] = mapped_column(primary_key=True)
    token: Mapped[str] = mapped_column(String(32), unique=True)
    channel: Mapped[str] = mapped_column(String(40))
    target: Mapped[str]
    events: Mapped[list[int]]
    made: Mapped[str] = mapped_column(String(32))
    state: Mapped[str] = mapped_column(String(16))
    attempts: Mapped[int] = mapped_column(default=0)
    next: Mapped[str] = mapped_column(String(32))
    ended: Mapped[str] = mapped_column(String(32), default="")
    error: Mapped[str] = mapped_column(Text, default="")

    __table_args__ = (Index("ix_delivery_state", "state", "next"),)
