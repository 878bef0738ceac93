"""The tables of the store. Observations stay in the run's log; the store keeps where it lies and its chain head.

A device that stays as it is costs one row, however many runs see it: `unit` holds the present, `state` each distinct
past with the first and last time it was seen, and a run's `members` say exactly which units it saw.
`first_seen` and `last_seen` are starts of runs (RFC 3339, UTC): old logs may be recorded after newer ones.
"""

from typing import Any, Final

from sqlalchemy import JSON, ForeignKey, Index, LargeBinary, MetaData, String, Text, UniqueConstraint, false
from sqlalchemy.orm import DeclarativeBase, Mapped, mapped_column

Document = dict[str, Any]
# The same names on every database, so that a later migration can name what it drops.
_NAMES: Final = {
    "ix": "ix_%(table_name)s_%(column_0_N_name)s",
    "uq": "uq_%(table_name)s_%(column_0_N_name)s",
    "fk": "fk_%(table_name)s_%(column_0_N_name)s",
    "pk": "pk_%(table_name)s",
}


class Base(DeclarativeBase):
    """Common base of all tables."""

    metadata = MetaData(naming_convention=_NAMES)
    type_annotation_map = {Document: JSON, list[str]: JSON, list[int]: JSON}  # noqa: RUF012 - SQLAlchemy's own idiom


class RunRow(Base):
    """One run: what `run.json` says, the folder of its log, and which units it saw (`members.py`)."""

    __tablename__ = "run"

    seq: Mapped[int] = mapped_column(primary_key=True, autoincrement=True)
    run: Mapped[str] = mapped_column(String(64), unique=True)
    folder: Mapped[str]
    organisation: Mapped[str]
    started: Mapped[str] = mapped_column(String(32), index=True)
    ended: Mapped[str] = mapped_column(String(32))
    status: Mapped[str] = mapped_column(String(16))
    scope_digest: Mapped[str] = mapped_column(String(64))
    chain_head: Mapped[str] = mapped_column(String(64))
    units: Mapped[int]
    covered: Mapped[int]
    info: Mapped[Document]
    members: Mapped[bytes] = mapped_column(LargeBinary, deferred=True)


class SiteRow(Base):
    """A building of the owner. `last_seen`: start of the last complete run whose scope held the site, else ""."""

    __tablename__ = "site"

    id: Mapped[int] = mapped_column(primary_key=True)
    name: Mapped[str] = mapped_column(String(200), unique=True)
    last_seen: Mapped[str] = mapped_column(String(32), default="")


class NetworkRow(Base):
    """A network of a site, as scopes wrote it."""

    __tablename__ = "network"

    id: Mapped[int] = mapped_column(primary_key=True)
    site: Mapped[int] = mapped_column(ForeignKey("site.id", ondelete="CASCADE"))
    cidr: Mapped[str] = mapped_column(String(64))
    name: Mapped[str]
    last_seen: Mapped[str] = mapped_column(String(32))

    __table_args__ = (UniqueConstraint("site", "cidr"),)


class UnitRow(Base):
    """A device as last seen, narrow enough that lists and searches over 100,000 of them stay quick.

    `verdict`: the finding that leads (a status of policy.finding, of rules that bind), `rank`: its place among the
    statuses, `gone`: not seen by the latest complete run of its site, `surveillance`: belongs into the
    camera schedule, `address_key`: the first address as sortable
    text, `text`: what a search looks in, lower case. `version` counts people's edits.
    """

    __tablename__ = "unit"

    id: Mapped[int] = mapped_column(primary_key=True)
    device: Mapped[str] = mapped_column(String(80), unique=True)
    version: Mapped[int] = mapped_column(default=1)
    state: Mapped[int]
    site: Mapped[str] = mapped_column(String(200), index=True)
    verdict: Mapped[str] = mapped_column(String(16), index=True)
    rank: Mapped[int]
    deadline: Mapped[str] = mapped_column(String(10))
    gone: Mapped[bool] = mapped_column(default=False)
    surveillance: Mapped[bool] = mapped_column(default=False, server_default=false())
    type: Mapped[str] = mapped_column(String(32), index=True)
    maker: Mapped[str | None] = mapped_column(String(80), index=True)
    maker_name: Mapped[str]
    brand: Mapped[str | None] = mapped_column(String(80))
    brand_name: Mapped[str]
    model: Mapped[str] = mapped_column(String(200), index=True)
    firmware: Mapped[str]
    serial: Mapped[str]
    grade: Mapped[str] = mapped_column(String(16))
    confidence: Mapped[float]
    relabelled: Mapped[bool | None]
    address: Mapped[str] = mapped_column(String(64))
    address_key: Mapped[str] = mapped_column(String(64), index=True)
    mac: Mapped[str] = mapped_column(String(32))
    name: Mapped[str]
    contradictions: Mapped[int]
    first_seen: Mapped[str] = mapped_column(String(32))
    last_seen: Mapped[str] = mapped_column(String(32), index=True)
    text: Mapped[str] = mapped_column(Text)

    # What people look at first: the worst verdicts, of all or of a site, by address; and what is gone.
    __table_args__ = (
        Index("ix_unit_rank", "rank", "address_key", "id"),
        Index("ix_unit_site_verdict", "site", "verdict"),
        Index("ix_unit_gone", "gone", "rank"),
        Index("ix_unit_surveillance", "surveillance", "rank", "address_key", "id"),
        Index("ix_unit_surveillance_site", "surveillance", "site", "verdict"),
        Index("ix_unit_surveillance_first_seen", "surveillance", "first_seen", "address_key", "id"),
    )


class UnitDocumentRow(Base):
    """The whole of a unit as last seen: its line of devices.jsonl and its findings, packed (`packing.py`)."""

    __tablename__ = "unit_document"

    unit: Mapped[int] = mapped_column(ForeignKey("unit.id", ondelete="CASCADE"), primary_key=True)
    device: Mapped[bytes] = mapped_column(LargeBinary)
    findings: Mapped[bytes] = mapped_column(LargeBinary)


class StateRow(Base):
    """What a unit was over a stretch of runs: `summary` holds what netaudit concluded, never the time it was heard.

    `number` counts the states of a unit as they were recorded; `unit.state` names the present one.
    """

    __tablename__ = "state"

    unit: Mapped[int] = mapped_column(ForeignKey("unit.id", ondelete="CASCADE"), primary_key=True)
    number: Mapped[int] = mapped_column(primary_key=True, autoincrement=False)
    digest: Mapped[str] = mapped_column(String(64))
    first_seen: Mapped[str] = mapped_column(String(32), index=True)
    last_seen: Mapped[str] = mapped_column(String(32), index=True)
    summary: Mapped[Document]


class AnnotationRow(Base):
    """What people typed about a device (place, note, purchase date ...): one row a key, with who and when.

    Keyed by the device's id and not by its row: what people typed outlives a device that no run knows any more.
    """

    __tablename__ = "annotation"

    id: Mapped[int] = mapped_column(primary_key=True)
    device: Mapped[str] = mapped_column(String(80))
    key: Mapped[str] = mapped_column(String(64))
    value: Mapped[str] = mapped_column(Text)
    who: Mapped[str]
    at: Mapped[str] = mapped_column(String(32))

    __table_args__ = (UniqueConstraint("device", "key"),)


class DecisionRow(Base):
    """What somebody decided, when and why: an exclusion with its expiry, a sign-off, an acceptance. Never changed."""

    __tablename__ = "decision"

    id: Mapped[int] = mapped_column(primary_key=True)
    kind: Mapped[str] = mapped_column(String(32), index=True)
    device: Mapped[str | None] = mapped_column(String(80), index=True)
    site: Mapped[str | None] = mapped_column(String(200))
    who: Mapped[str]
    at: Mapped[str] = mapped_column(String(32))
    why: Mapped[str] = mapped_column(Text)
    expires: Mapped[str] = mapped_column(String(10))
    withdrawn: Mapped[str] = mapped_column(default="")
    details: Mapped[Document]


class PlanRow(Base):
    """One version of a plan; a version is never changed, a new one is written."""

    __tablename__ = "plan"

    id: Mapped[int] = mapped_column(primary_key=True)
    name: Mapped[str] = mapped_column(String(80))
    version: Mapped[int]
    run: Mapped[str] = mapped_column(String(64))
    who: Mapped[str]
    at: Mapped[str] = mapped_column(String(32))
    why: Mapped[str] = mapped_column(Text)
    document: Mapped[bytes] = mapped_column(LargeBinary, deferred=True)

    __table_args__ = (UniqueConstraint("name", "version"),)


class AttachmentRow(Base):
    """A photo, an invoice, a letter. The bytes lie beside the store, named by their SHA-256."""

    __tablename__ = "attachment"

    id: Mapped[int] = mapped_column(primary_key=True)
    device: Mapped[str | None] = mapped_column(String(80), index=True)
    site: Mapped[str | None] = mapped_column(String(200))
    name: Mapped[str]
    media_type: Mapped[str] = mapped_column(String(64))
    size: Mapped[int]
    sha256: Mapped[str] = mapped_column(String(64))
    who: Mapped[str]
    at: Mapped[str] = mapped_column(String(32))
    note: Mapped[str] = mapped_column(Text)


class ReferenceRow(Base):
    """Something outside that leans on a run (an evidence pack, a report that was handed out): the run is kept."""

    __tablename__ = "reference"

    id: Mapped[int] = mapped_column(primary_key=True)
    run: Mapped[str] = mapped_column(String(64), index=True)
    kind: Mapped[str] = mapped_column(String(32))
    name: Mapped[str]
    sha256: Mapped[str] = mapped_column(String(64))
    at: Mapped[str] = mapped_column(String(32))


class JournalRow(Base):
    """The audit trail: every change that a person made, with what was there before. Rows are only added."""

    __tablename__ = "journal"

    id: Mapped[int] = mapped_column(primary_key=True)
    at: Mapped[str] = mapped_column(String(32), index=True)
    who: Mapped[str]
    what: Mapped[str] = mapped_column(String(64))
    about: Mapped[str] = mapped_column(String(200), index=True)
    details: Mapped[Document]


class AccountRow(Base):
    """Somebody who may use the page. `password`: an argon2 hash, never the password."""

    __tablename__ = "account"

    id: Mapped[int] = mapped_column(primary_key=True)
    name: Mapped[str] = mapped_column(String(64), unique=True)
    role: Mapped[str] = mapped_column(String(16))
    password: Mapped[str]
    made: Mapped[str] = mapped_column(String(32))
    disabled: Mapped[bool] = mapped_column(default=False)


class LoginRow(Base):
    """One browser that is logged in. `id`: SHA-256 of the cookie; `account` is None for the local key."""

    __tablename__ = "login"

    id: Mapped[str] = mapped_column(String(64), primary_key=True)
    account: Mapped[int | None] = mapped_column(ForeignKey("account.id", ondelete="CASCADE"))
    csrf: Mapped[str] = mapped_column(String(64))
    made: Mapped[str] = mapped_column(String(32))
    used: Mapped[str] = mapped_column(String(32), index=True)


class TokenRow(Base):
    """A key for programs. `id`: SHA-256 of the token, which is shown once."""

    __tablename__ = "token"

    id: Mapped[str] = mapped_column(String(64), primary_key=True)
    name: Mapped[str] = mapped_column(String(64))
    who: Mapped[str] = mapped_column(String(64))
    role: Mapped[str] = mapped_column(String(16))
    made: Mapped[str] = mapped_column(String(32))
    ends: Mapped[str] = mapped_column(String(10))
    withdrawn: Mapped[bool] = mapped_column(default=False)


class ViewRow(Base):
    """A saved view of the inventory: a name for a query string."""

    __tablename__ = "view"

    id: Mapped[int] = mapped_column(primary_key=True)
    who: Mapped[str] = mapped_column(String(64))
    name: Mapped[str] = mapped_column(String(80))
    query: Mapped[str] = mapped_column(Text)

    __table_args__ = (UniqueConstraint("who", "name"),)
