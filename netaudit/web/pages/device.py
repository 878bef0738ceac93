"""The card of one device: verdict, reasons down to bytes, history, photos, contradictions, and what people add."""

from datetime import timedelta
from pathlib import Path
from typing import Annotated, Any, Final

from fastapi import Depends
from sqlalchemy import select
from sqlalchemy.orm import Session
from starlette.exceptions import HTTPException
from starlette.requests import Request
from starlette.responses import Response

from netaudit.clock import now, rfc3339
from netaudit.errors import UsageError
from netaudit.evidence.observation import Observation
from netaudit.identify.device import DEVICE_TYPES
from netaudit.report.excerpt import Excerpt, excerpt
from netaudit.store.attachments import attach, attachment_path, attachments
from netaudit.store.packing import unpack
from netaudit.store.people import Author, Decision, EditConflictError, annotate, annotations, decide, note, withdraw
from netaudit.store.schema import AttachmentRow, DecisionRow, RunRow, UnitDocumentRow, UnitRow
from netaudit.store.units import history
from netaudit.web.evidence import find_observations
from netaudit.web.forms import Form, read_form
from netaudit.web.page import page, store_of, to
from netaudit.web.roles import EDIT, READ, Route

PLACE_FIELDS: Final = (
    ("building", "Building"), ("floor", "Floor"), ("room", "Room or area"), ("position", "Where exactly"),
    ("height", "Mounting height (m)"), ("purchased", "Bought on (YYYY-MM-DD)"), ("note", "Note"),
)  # fmt: skip
_EVIDENCE: Final = 24


def card(request: Request, device: str) -> Response:
    """Everything about one device."""
    with store_of(request).reading() as session:
        return page(request, "device.html.j2", **_known(session, device))


def save_place(request: Request, device: str, form: Annotated[Form, Depends(read_form)]) -> Response:
    """Where a device hangs and what is known of it; a second editor is told."""
    values = {name: form.text(name) for name, _ in PLACE_FIELDS}
    form.number("height", 0, 100)
    form.day("purchased")
    if form.errors:
        return _again(request, device, form)
    try:
        with store_of(request).writing() as session:
            annotate(session, device, values, form.version(), _author(request))
    except EditConflictError as conflict:
        return _again(request, device, form, conflict)
    return to(_path(device), "Saved.")


def add_file(request: Request, device: str, form: Annotated[Form, Depends(read_form)]) -> Response:
    """A photo, an invoice, a letter."""
    name, data = form.files.get("file", ("", b""))
    try:
        with store_of(request).writing() as session:
            _unit(session, device)
            attach(
                session, store_of(request).place, data, name, _author(request), device=device, text=form.text("note")
            )
    except UsageError as error:
        form.errors["file"] = str(error)
        return _again(request, device, form)
    return to(_path(device), "The file is kept.")


def show_file(request: Request, number: int) -> Response:
    """A file that somebody attached. Shown without any right: a script in it does not run."""
    with store_of(request).reading() as session:
        row = session.get(AttachmentRow, number)
    path = attachment_path(store_of(request).place, row.sha256) if row else Path()
    if row is None or not path.is_file():
        raise HTTPException(404, "There is no such file.")
    inline = row.media_type.startswith("image/")
    headers = {
        "content-disposition": f'{"inline" if inline else "attachment"}; filename="{_ascii(row.name)}"',
        "content-security-policy": "default-src 'none'; sandbox",
        "cache-control": "private, max-age=3600",
    }
    return Response(path.read_bytes(), media_type=row.media_type, headers=headers)


def correct(request: Request, device: str, form: Annotated[Form, Depends(read_form)]) -> Response:
    """ "This is wrong": what a person knows becomes typed evidence, and the run is judged again with it."""
    said = {name: form.text(name, longest=120) for name in ("maker", "brand", "type", "model")}
    why = form.text("how", needed="How do you know? For example: type plate read.")
    given = {name: value for name, value in said.items() if value}
    if not given:
        form.errors["maker"] = "Say what it is: at least one of these."
    if any(value.startswith("-") for value in (*given.values(), why)):
        form.errors["how"] = "Nothing here begins with a dash."
    with store_of(request).reading() as session:
        run = _run(session, _unit(session, device))
    if run is None or not Path(run.folder).is_dir():
        form.errors["how"] = "The log of the run is not on this machine: correct it where the run lies."
    if form.errors or run is None:
        return _again(request, device, form)
    by, at, store = request.state.person.name, rfc3339(now()), store_of(request).place.where
    options = [word for name, value in given.items() for word in (f"--{name}", value)]
    place = ["--run", run.folder, "--store", store]
    commands = [
        ["correct", device, *options, "--note", why, "--by", by, *place],
        ["report", *place],
        ["runs", "import", run.folder, "--store", store],
    ]
    title, leads = f"Correction of {device}", (_path(device), "The card of the device")
    try:
        job = request.app.state.jobs.run(title, commands, by, at, run.run, leads)
    except UsageError as busy:
        form.errors["how"] = str(busy)
        return _again(request, device, form)
    with store_of(request).writing() as session:
        note(session, Author(by, at), "correct", device, {**given, "how": why})
    return to(f"/scan/{job.number}")


def exclude(request: Request, device: str, form: Annotated[Form, Depends(read_form)]) -> Response:
    """Set a device aside: reason, name and end are needed."""
    why = form.text("why", needed="Why is it set aside?")
    ends = form.day("expires", needed="Until when?")
    latest = (now() + timedelta(days=731)).date().isoformat()
    if ends and not now().date().isoformat() < ends <= latest:
        form.errors["expires"] = f"A day after today, at the latest {latest}."
    if form.errors:
        return _again(request, device, form)
    with store_of(request).writing() as session:
        _unit(session, device)
        decide(session, Decision("exclude", why, device, expires=ends), _author(request))
    return _judged_again(request, device, "The decision is kept.")


def take_back(request: Request, device: str, decision: int, form: Annotated[Form, Depends(read_form)]) -> Response:
    """Take a decision back, with a reason."""
    why = form.text("why", needed="Why?")
    if form.errors:
        return to(_path(device), "A reason is needed.")
    with store_of(request).writing() as session:
        row = session.get(DecisionRow, decision)
        if row is None or row.device != device:
            raise HTTPException(404, "There is no such decision.")
        withdraw(session, decision, why, _author(request))
    return _judged_again(request, device, "The decision is withdrawn.")


def _judged_again(request: Request, device: str, said: str) -> Response:
    """Judge the run that saw a device last again, so that a decision shows; where that cannot be now, the next does."""
    store, by = store_of(request), _author(request)
    with store.reading() as session:
        run = _run(session, _unit(session, device))
    if run is None or not Path(run.folder).is_dir():
        return to(_path(device), f"{said} It counts from the next run on.")
    place = ["--run", run.folder, "--store", store.place.where]
    commands = [["report", *place], ["runs", "import", run.folder, "--store", store.place.where]]
    leads = (_path(device), "The card of the device")
    try:
        job = request.app.state.jobs.run(
            f"Judging again after a decision about {device}", commands, by.who, by.at, run.run, leads
        )
    except UsageError:
        return to(_path(device), f"{said} It counts when the run is judged again: one that began before is at work.")
    return to(f"/scan/{job.number}", said)


def _known(session: Session, device: str) -> dict[str, Any]:
    unit = _unit(session, device)
    packed = session.get(UnitDocumentRow, unit.id)
    document = unpack(packed.device) if packed else {}
    found = unpack(packed.findings) if packed else {"findings": [], "quiet": {}}
    run = _run(session, unit)
    typed = annotations(session, device)
    decisions = session.scalars(select(DecisionRow).where(DecisionRow.device == device).order_by(DecisionRow.id.desc()))
    return {
        "unit": unit, "document": document, "findings": found["findings"], "quiet": found["quiet"], "run": run,
        "evidence": _evidence(document, Path(run.folder) if run else None), "history": history(session, device),
        "typed": typed, "values": typed, "fields": PLACE_FIELDS, "files": attachments(session, device),
        "decisions": list(decisions), "types": [word for word in DEVICE_TYPES if word != "unknown"],
        "errors": {}, "conflict": None, "today": now().date().isoformat(),
    }  # fmt: skip


def _evidence(document: dict[str, Any], folder: Path | None) -> list[tuple[str, list[dict[str, Any]], Any]]:
    """Return (observation id, its reasons, the excerpt of its bytes or None where the log is gone)."""
    groups: dict[str, list[dict[str, Any]]] = {}
    for reason in document.get("reasons", ()):
        groups.setdefault(reason["observation"], []).append(reason)
    shown = list(groups.items())[:_EVIDENCE]
    heard = find_observations(folder, [name for name, _ in shown]) if folder else {}
    return [(name, reasons, _bytes(heard.get(name), reasons)) for name, reasons in shown]


def _bytes(observation: Observation | None, reasons: list[dict[str, Any]]) -> tuple[Observation, Excerpt] | None:
    return (observation, excerpt(observation, reasons[0]["saw"])) if observation else None


def _again(request: Request, device: str, form: Form, conflict: EditConflictError | None = None) -> Response:
    """The card with what was typed and what is wrong with it."""
    with store_of(request).reading() as session:
        known = _known(session, device)
    known |= {"values": {**known["typed"], **form.values}, "errors": form.errors, "conflict": conflict}
    return page(request, "device.html.j2", 409 if conflict else 422, **known)


def _unit(session: Session, device: str) -> UnitRow:
    unit = session.scalar(select(UnitRow).where(UnitRow.device == device))
    if unit is None:
        raise HTTPException(404, "There is no such device in the store.")
    return unit


def _run(session: Session, unit: UnitRow) -> RunRow | None:
    """The run that saw a unit last."""
    return session.scalar(select(RunRow).where(RunRow.started == unit.last_seen).order_by(RunRow.seq.desc()).limit(1))


def _author(request: Request) -> Author:
    return Author(request.state.person.name, rfc3339(now()))


def _path(device: str) -> str:
    return f"/devices/{device}"


def _ascii(name: str) -> str:
    return "".join(character if character.isascii() and character not in '"\\' else "_" for character in name)


ROUTES = (
    Route("GET", "/devices/{device}", READ, card),
    Route("POST", "/devices/{device}/place", EDIT, save_place),
    Route("POST", "/devices/{device}/attachments", EDIT, add_file),
    Route("POST", "/devices/{device}/correct", EDIT, correct),
    Route("POST", "/devices/{device}/exclude", EDIT, exclude),
    Route("POST", "/devices/{device}/decisions/{decision}/withdraw", EDIT, take_back),
    Route("GET", "/files/{number}", READ, show_file),
)
