"""Sites and floor plans: which units a building has, and where on its floors they hang."""

from typing import Annotated, Any, Final

from fastapi import Depends
from sqlalchemy import func, select
from sqlalchemy.orm import Session
from starlette.exceptions import HTTPException
from starlette.requests import Request
from starlette.responses import Response

from netaudit.clock import now, rfc3339
from netaudit.errors import UsageError
from netaudit.store.attachments import attach, attachment_path
from netaudit.store.people import Author, annotate
from netaudit.store.pictures import picture_size
from netaudit.store.schema import AnnotationRow, AttachmentRow, NetworkRow, SiteRow, UnitRow
from netaudit.store.units import Query, by_site, page_of
from netaudit.web.forms import Form, read_form
from netaudit.web.page import fragment, page, store_of, to
from netaudit.web.roles import EDIT, READ, Route

FLOOR: Final = "floor plan: "
"""What the note of an attachment begins with that is the picture of a floor; its name follows."""
_LISTED: Final = 100
"""Units that wait for a place are listed up to so many at once: the next move up."""


def listing(request: Request) -> Response:
    """All sites with their verdicts."""
    with store_of(request).reading() as session:
        rows = list(session.scalars(select(SiteRow).order_by(SiteRow.name)))
        networks = dict.fromkeys((row.id for row in rows), 0)
        counted = session.execute(select(NetworkRow.site, func.count()).group_by(NetworkRow.site))
        networks |= {row[0]: row[1] for row in counted}
        return page(request, "sites.html.j2", sites=rows, counted=by_site(session), networks=networks)


def one(request: Request, site: int) -> Response:
    """One site: its floors with the units on them, and the units that are not placed yet."""
    return _site(request, site)


def add_floor(request: Request, site: int, form: Annotated[Form, Depends(read_form)]) -> Response:
    """The picture of a floor, PNG or JPEG; the same name replaces the older picture, placed units stay."""
    name, (file, data) = form.text("floor", needed="Which floor?", longest=60), form.files.get("file", ("", b""))
    if data and picture_size(data) is None:
        form.errors["file"] = "A PNG or JPEG picture of at most 20,000 pixels a side."
    elif not data:
        form.errors["file"] = "Choose a picture."
    if form.errors:
        return _site(request, site, form, 422)
    with store_of(request).writing() as session:
        row = _row(session, site)
        attach(session, store_of(request).place, data, file, _author(request), site=row.name, text=FLOOR + name)
    return to(f"/sites/{site}", "The floor is kept.")


def put(request: Request, site: int, form: Annotated[Form, Depends(read_form)]) -> Response:
    """Put a unit on a floor: x and y in percent of the picture, from its upper left corner."""
    device, floor = form.text("device", longest=80), form.text("floor", needed="Which floor?", longest=60)
    x, y = form.number("x", 0, 100), form.number("y", 0, 100)
    if x is None or y is None:
        form.errors.setdefault("x", "x and y in percent of the picture.")
    if form.errors:
        return _site(request, site, form, 422)
    with store_of(request).writing() as session:
        row = _row(session, site)
        unit = session.scalar(select(UnitRow).where(UnitRow.device == device, UnitRow.site == row.name))
        if unit is None:
            raise UsageError("this site has no such unit")
        # A unit that is dragged was seen by whoever drags it; forms carry the version that they were made with.
        version = form.version() or unit.version
        values = {"floor": floor, "x": f"{x:.2f}", "y": f"{y:.2f}"}
        annotate(session, device, values, version, _author(request))
    return _site(request, site, moved=device) if fragment(request) else to(f"/sites/{site}", "Placed.")


def _site(request: Request, site: int, form: Form | None = None, status: int = 200, moved: str = "") -> Response:
    store = store_of(request)
    with store.reading() as session:
        row = _row(session, site)
        places = _places(session, row.name)
        here = {device for device, place in places.items() if "x" in place}
        wanted = Query({"site": [row.name]}, surveillance=True, sort="address", limit=_LISTED + len(here))
        first, total = page_of(session, wanted)
        waiting = [unit for unit in first if unit.device not in here][:_LISTED]
        found = [*_units(session, sorted(here)), *waiting]
        floors = [_floor(store, picture) for picture in _pictures(session, row.name)]
        networks = list(session.scalars(select(NetworkRow).where(NetworkRow.site == site).order_by(NetworkRow.cidr)))
    placed = {unit.device for unit in found} & here
    values: dict[str, Any] = {
        "site": row, "units": found, "places": places, "floors": [floor for floor in floors if floor],
        "placed": placed, "networks": networks, "moved": moved, "total": total, "errors": form.errors if form else {},
        "values": dict(form.values) if form else {},
    }  # fmt: skip
    return page(request, "_floors.html.j2" if fragment(request) else "site.html.j2", status, **values)


def _places(session: Session, site: str) -> dict[str, dict[str, str]]:
    """What was typed about where the units of a site hang, by device."""
    found: dict[str, dict[str, str]] = {}
    query = select(AnnotationRow).join(UnitRow, UnitRow.device == AnnotationRow.device)
    query = query.where(UnitRow.site == site, UnitRow.surveillance, AnnotationRow.key.in_(("floor", "x", "y", "room")))
    for row in session.scalars(query):
        found.setdefault(row.device, {})[row.key] = row.value
    return found


def _units(session: Session, devices: list[str]) -> list[UnitRow]:
    found: list[UnitRow] = []
    for start in range(0, len(devices), 500):
        found += session.scalars(select(UnitRow).where(UnitRow.device.in_(devices[start : start + 500])))
    return sorted(found, key=lambda unit: (unit.address_key, unit.id))


def _pictures(session: Session, site: str) -> list[AttachmentRow]:
    """The newest picture of each floor."""
    query = select(AttachmentRow).where(AttachmentRow.site == site, AttachmentRow.note.startswith(FLOOR))
    newest = {row.note: row for row in session.scalars(query.order_by(AttachmentRow.id))}
    return [newest[note] for note in sorted(newest)]


def _floor(store: Any, picture: AttachmentRow) -> dict[str, Any] | None:
    try:
        with attachment_path(store.place, picture.sha256).open("rb") as file:
            size = picture_size(file.read(1 << 20))
    except OSError:
        return None
    if size is None:
        return None
    name = picture.note.removeprefix(FLOOR)
    return {"name": name, "picture": picture.id, "width": size[0], "height": size[1], "mark": max(size) / 70}


def _row(session: Session, site: int) -> SiteRow:
    row = session.get(SiteRow, site)
    if row is None:
        raise HTTPException(404, "There is no such site in the store.")
    return row


def _author(request: Request) -> Author:
    return Author(request.state.person.name, rfc3339(now()))


ROUTES = (
    Route("GET", "/sites", READ, listing),
    Route("GET", "/sites/{site}", READ, one),
    Route("POST", "/sites/{site}/floors", EDIT, add_floor),
    Route("POST", "/sites/{site}/put", EDIT, put),
)
