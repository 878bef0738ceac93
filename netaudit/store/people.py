"""What people add: annotations, decisions, plan versions, attachments. Each change is written into the journal."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from typing import Any, Final

from sqlalchemy import func, select, update
from sqlalchemy.engine import CursorResult
from sqlalchemy.orm import Session

from netaudit.errors import NetauditError, UsageError
from netaudit.store.packing import pack, unpack
from netaudit.store.schema import AnnotationRow, DecisionRow, JournalRow, PlanRow, ReferenceRow, UnitRow

LONGEST: Final = 4_000
EXCLUDE: Final = "exclude"


class EditConflictError(NetauditError):
    """Somebody else changed the same thing meanwhile. `current`: what is there now; nothing was overwritten."""

    def __init__(self, about: str, current: Mapping[str, Any]) -> None:
        self.about = about
        self.current = current
        super().__init__(f"{about} was changed by somebody else meanwhile: look at it again, then save")


@dataclass(frozen=True, slots=True)
class Author:
    """Who changes something, and when (RFC 3339, UTC)."""

    who: str
    at: str


def annotate(session: Session, device: str, values: Mapping[str, str], version: int, by: Author) -> int:
    """Set (or with "" remove) annotations of a device; return its new version.

    `version`: the version of the unit that the editor saw. Raises EditConflictError when it is another by now, and
    UsageError for an unknown device or a value that is too long.
    """
    for key, value in values.items():
        if len(value) > LONGEST or not key or len(key) > 64:
            raise UsageError(f"{key}: at most {LONGEST} characters")
    before = annotations(session, device)
    _take_version(session, device, version, before)
    rows = {row.key: row for row in session.scalars(select(AnnotationRow).where(AnnotationRow.device == device))}
    changed = {key: value for key, value in values.items() if before.get(key, "") != value}
    for key, value in changed.items():
        if not value:
            session.delete(rows[key])
        elif key in rows:
            rows[key].value, rows[key].who, rows[key].at = value, by.who, by.at
        else:
            session.add(AnnotationRow(device=device, key=key, value=value, who=by.who, at=by.at))
    if changed:
        was = {key: before.get(key, "") for key in changed}
        note(session, by, "annotate", device, {"before": was, "after": changed})
    return version + 1


def _take_version(session: Session, device: str, version: int, current: Mapping[str, str]) -> None:
    """Count the edit up, in one statement: of two people with the same version one succeeds."""
    statement = update(UnitRow).where(UnitRow.device == device, UnitRow.version == version)
    result = session.execute(statement.values(version=version + 1))
    assert isinstance(result, CursorResult)
    if result.rowcount == 1:
        return
    now = session.scalar(select(UnitRow.version).where(UnitRow.device == device))
    if now is None:
        raise UsageError(f"there is no device {device!r} in the store")
    raise EditConflictError(device, {**current, "version": now})


def annotations(session: Session, device: str) -> dict[str, str]:
    """Return what people typed about a device."""
    query = select(AnnotationRow.key, AnnotationRow.value).where(AnnotationRow.device == device)
    return {row[0]: row[1] for row in session.execute(query)}


@dataclass(frozen=True, slots=True)
class Decision:
    """`kind`: exclude, sign_off, accept ... `expires`: ISO date, "" where it does not end."""

    kind: str
    why: str
    device: str | None = None
    site: str | None = None
    expires: str = ""
    details: Mapping[str, Any] | None = None


def decide(session: Session, decision: Decision, by: Author) -> DecisionRow:
    """Keep a decision. Raises UsageError where the reason, the name or (for an exclusion) the expiry is missing."""
    if not decision.why.strip() or not by.who.strip():
        raise UsageError("a decision needs a reason and the name of who decides")
    if decision.kind == EXCLUDE and not _is_day(decision.expires):
        raise UsageError("an exclusion needs the day on which it ends (YYYY-MM-DD)")
    row = DecisionRow(
        kind=decision.kind, device=decision.device, site=decision.site, who=by.who, at=by.at, why=decision.why,
        expires=decision.expires, withdrawn="", details=dict(decision.details or {}),
    )  # fmt: skip
    session.add(row)
    session.flush()
    about = decision.device or decision.site or ""
    note(session, by, f"decide {decision.kind}", about, {"decision": row.id, "why": decision.why})
    return row


def withdraw(session: Session, decision: int, why: str, by: Author) -> None:
    """Take a decision back; it stays readable. Raises UsageError where there is none, or it is withdrawn already."""
    row = session.get(DecisionRow, decision)
    if row is None or row.withdrawn:
        raise UsageError(f"there is no decision {decision} to withdraw")
    row.withdrawn = by.at
    note(session, by, f"withdraw {row.kind}", row.device or row.site or "", {"decision": decision, "why": why})


def standing(session: Session, kind: str, on: str) -> Sequence[DecisionRow]:
    """Return the decisions of a kind that hold on a day (ISO date): not withdrawn, not expired."""
    query = select(DecisionRow).where(DecisionRow.kind == kind, DecisionRow.withdrawn == "").order_by(DecisionRow.id)
    return [row for row in session.scalars(query) if not row.expires or row.expires >= on]


def save_plan(session: Session, name: str, after: int, run: str, document: Any, why: str, by: Author) -> int:
    """Keep a new version of a plan and return its number. `after`: the version the editor saw (0: none).

    Raises EditConflictError when a newer one is there.
    """
    latest = latest_plan(session, name)
    number = latest.version if latest else 0
    if number != after:
        raise EditConflictError(f"plan {name}", {"version": number, "who": latest.who if latest else ""})
    packed = pack(document)
    session.add(PlanRow(name=name, version=number + 1, run=run, who=by.who, at=by.at, why=why, document=packed))
    note(session, by, "plan", name, {"version": number + 1, "why": why})
    return number + 1


def latest_plan(session: Session, name: str) -> PlanRow | None:
    """Return the newest version of a plan, None where there is none."""
    newest = select(func.max(PlanRow.version)).where(PlanRow.name == name).scalar_subquery()
    return session.scalar(select(PlanRow).where(PlanRow.name == name, PlanRow.version == newest))


def plan_document(session: Session, name: str, version: int) -> Any:
    """Return the document of one version of a plan. Raises UsageError where there is none."""
    packed = session.scalar(select(PlanRow.document).where(PlanRow.name == name, PlanRow.version == version))
    if packed is None:
        raise UsageError(f"there is no version {version} of the plan {name!r}")
    return unpack(packed)


def refer(session: Session, run: str, kind: str, name: str, sha256: str, at: str) -> None:
    """Keep that something handed out leans on a run; `prune` leaves such runs alone."""
    there = select(ReferenceRow.id).where(ReferenceRow.run == run, ReferenceRow.sha256 == sha256)
    if session.scalar(there) is None:
        session.add(ReferenceRow(run=run, kind=kind, name=name, sha256=sha256, at=at))


def note(session: Session, by: Author, what: str, about: str, details: Mapping[str, Any]) -> None:
    """Write one line of the audit trail."""
    session.add(JournalRow(at=by.at, who=by.who, what=what, about=about[:200], details=dict(details)))


def _is_day(text: str) -> bool:
    try:
        return date.fromisoformat(text).isoformat() == text
    except ValueError:
        return False
