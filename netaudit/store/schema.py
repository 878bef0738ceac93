"""The tables of the store. Observations stay in the run's log; the store keeps where it lies and its chain head."""

from typing import Any

from sqlalchemy import JSON, ForeignKey, Index, String
from sqlalchemy.orm import DeclarativeBase, Mapped, mapped_column, relationship


class Base(DeclarativeBase):
    """Common base of all tables."""

    type_annotation_map = {dict[str, Any]: JSON}  # noqa: RUF012 - SQLAlchemy's own idiom


class RunRow(Base):
    """One run: what `run.json` says, and the folder of its log."""

    __tablename__ = "run"

    run: Mapped[str] = mapped_column(String(64), primary_key=True)
    folder: Mapped[str]
    organisation: Mapped[str]
    started: Mapped[str] = mapped_column(String(32), index=True)
    ended: Mapped[str] = mapped_column(String(32))
    status: Mapped[str] = mapped_column(String(16))
    scope_digest: Mapped[str] = mapped_column(String(64))
    chain_head: Mapped[str] = mapped_column(String(64))
    info: Mapped[dict[str, Any]]
    devices: Mapped[list["DeviceRow"]] = relationship(back_populates="of_run", cascade="all, delete-orphan")
    findings: Mapped[list["FindingRow"]] = relationship(cascade="all, delete-orphan")


class DeviceRow(Base):
    """One device as one run saw it; `document` is its line of devices.jsonl."""

    __tablename__ = "device"

    run: Mapped[str] = mapped_column(ForeignKey("run.run", ondelete="CASCADE"), primary_key=True)
    device: Mapped[str] = mapped_column(String(80), primary_key=True)
    position: Mapped[int]
    site: Mapped[str]
    type: Mapped[str | None]
    maker: Mapped[str | None]
    brand: Mapped[str | None]
    grade: Mapped[str | None]
    document: Mapped[dict[str, Any]]
    of_run: Mapped[RunRow] = relationship(back_populates="devices")

    __table_args__ = (Index("device_by_maker", "run", "maker"),)


class FindingRow(Base):
    """One finding of one run."""

    __tablename__ = "finding"

    run: Mapped[str] = mapped_column(ForeignKey("run.run", ondelete="CASCADE"), primary_key=True)
    device: Mapped[str] = mapped_column(String(80), primary_key=True)
    policy: Mapped[str] = mapped_column(String(64), primary_key=True)
    status: Mapped[str] = mapped_column(String(16), index=True)
    document: Mapped[dict[str, Any]]
