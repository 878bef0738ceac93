"""Version 1 of the interface for programs: the same store, the same roles, by token."""

from typing import Annotated, Any, Final, Literal

from fastapi import Path as InPath
from fastapi import Query as InQuery
from pydantic import BaseModel, ConfigDict, Field
from sqlalchemy import select
from sqlalchemy.orm import Session
from starlette.exceptions import HTTPException
from starlette.requests import Request
from starlette.responses import JSONResponse

from netaudit.clock import now, rfc3339
from netaudit.policy.policies import load_policies
from netaudit.store.packing import unpack
from netaudit.store.people import Author, Decision, annotate, annotations, decide, latest_plan, plan_document
from netaudit.store.schema import RunRow, SiteRow, UnitDocumentRow, UnitRow
from netaudit.store.units import Query, by_site, history, page_of
from netaudit.web.page import store_of
from netaudit.web.pages.plan import MAIN
from netaudit.web.roles import EDIT, READ, Route

Id = Annotated[str, InPath(min_length=1, max_length=80, pattern=r"^[A-Za-z0-9._:-]+$")]
Text = Annotated[str, Field(max_length=4000, pattern=r"^[^\x00]*$")]
Status = Literal["covered", "likely", "depends", "unknown", "not_assessed", "excluded", "not_covered"]
Sort = Literal[
    "verdict", "address", "site", "maker", "brand", "model", "type", "first_seen", "last_seen",
    "-verdict", "-address", "-site", "-maker", "-brand", "-model", "-type", "-first_seen", "-last_seen",
]  # fmt: skip


class Problem(BaseModel):
    """An error (RFC 9457)."""

    type: str
    title: str
    status: int
    detail: str
    errors: dict[str, str] | None = None
    current: dict[str, Any] | None = None


class Unit(BaseModel):
    """A device as last seen, in short."""

    model_config = ConfigDict(from_attributes=True)

    device: str
    version: int
    site: str
    verdict: Status
    deadline: str
    type: str
    maker: str | None
    maker_name: str
    brand: str | None
    brand_name: str
    model: str
    firmware: str
    serial: str
    grade: str
    confidence: float
    relabelled: bool | None
    address: str
    mac: str
    name: str
    gone: bool
    first_seen: str
    last_seen: str


class Units(BaseModel):
    """One page of devices; `total` counts all pages."""

    total: int
    offset: int
    limit: int
    items: list[Unit]


class Run(BaseModel):
    """One run."""

    model_config = ConfigDict(from_attributes=True)

    run: str
    organisation: str
    started: str
    ended: str
    status: str
    units: int
    covered: int
    scope_digest: str
    chain_head: str


class Values(BaseModel):
    """What can be typed about a device. `x`, `y`: percent of the picture of its floor; `purchased`: ISO date."""

    model_config = ConfigDict(extra="forbid")

    building: Text | None = None
    floor: Text | None = None
    room: Text | None = None
    position: Text | None = None
    height: Text | None = None
    purchased: Text | None = None
    note: Text | None = None
    x: Text | None = None
    y: Text | None = None


class Edit(BaseModel):
    """What somebody types about a device. `version`: the version that the editor saw; "" removes a value."""

    model_config = ConfigDict(extra="forbid")

    version: Annotated[int, Field(ge=1, le=2**31 - 1)]
    values: Values


class Exclusion(BaseModel):
    """Set a device aside: why, and until when."""

    model_config = ConfigDict(extra="forbid")

    why: Annotated[str, Field(min_length=1, max_length=4000, pattern=r"^[^\x00]*\S[^\x00]*$")]
    expires: Annotated[str, Field(pattern=r"^2[0-9]{3}-(0[1-9]|1[0-2])-(0[1-9]|1[0-9]|2[0-8])$")]


def devices(
    request: Request,
    site: Annotated[list[str] | None, InQuery(max_length=50)] = None,
    verdict: Annotated[list[Status] | None, InQuery(max_length=7)] = None,
    type: Annotated[list[str] | None, InQuery(max_length=20)] = None,
    maker: Annotated[list[str] | None, InQuery(max_length=50)] = None,
    q: Annotated[str, InQuery(max_length=200)] = "",
    gone: bool | None = None,
    sort: Sort = "verdict",
    offset: Annotated[int, InQuery(ge=0, le=10_000_000)] = 0,
    limit: Annotated[int, InQuery(ge=1, le=500)] = 100,
) -> JSONResponse:
    """Devices as last seen, filtered, searched and sorted, one page."""
    given = {"site": site, "verdict": verdict, "type": type, "maker": maker}
    filters = {name: [_plain(value) for value in values] for name, values in given.items() if values}
    wanted = Query(filters, search=_plain(q), gone=gone, sort=sort, offset=offset, limit=limit)
    with store_of(request).reading() as session:
        rows, total = page_of(session, wanted)
        items = [Unit.model_validate(row) for row in rows]
        found = Units(total=total, offset=offset, limit=limit, items=items)
    return JSONResponse(found.model_dump())


def device(request: Request, device: Id) -> JSONResponse:
    """One device whole: its answers with reasons, findings, what people typed, its history."""
    with store_of(request).reading() as session:
        unit = _unit(session, device)
        packed = session.get(UnitDocumentRow, unit.id)
        return JSONResponse(
            {
                "summary": Unit.model_validate(unit).model_dump(),
                "device": unpack(packed.device) if packed else {},
                "findings": unpack(packed.findings) if packed else {},
                "typed": annotations(session, device),
                "history": [
                    {"first_seen": row.first_seen, "last_seen": row.last_seen, **row.summary}
                    for row in history(session, device)
                ],
            }
        )


def edit(request: Request, device: Id, body: Edit) -> JSONResponse:
    """Type values about a device; 409 where somebody else changed them since `version`."""
    values = body.values.model_dump(exclude_none=True)
    with store_of(request).writing() as session:
        _unit(session, device)
        version = annotate(session, device, values, body.version, _author(request))
        return JSONResponse({"device": device, "version": version, "typed": annotations(session, device)})


def exclude(request: Request, device: Id, body: Exclusion) -> JSONResponse:
    """Set a device aside until a day, with a reason."""
    with store_of(request).writing() as session:
        _unit(session, device)
        row = decide(session, Decision("exclude", body.why, device, expires=body.expires), _author(request))
        return JSONResponse({"decision": row.id, "device": device, "expires": row.expires}, 201)


def runs(
    request: Request,
    offset: Annotated[int, InQuery(ge=0, le=10_000_000)] = 0,
    limit: Annotated[int, InQuery(ge=1, le=500)] = 100,
) -> JSONResponse:
    """Runs, the latest first."""
    with store_of(request).reading() as session:
        query = select(RunRow).order_by(RunRow.started.desc(), RunRow.run).offset(offset).limit(limit)
        return JSONResponse({"items": [Run.model_validate(row).model_dump() for row in session.scalars(query)]})


def run(request: Request, run: Id) -> JSONResponse:
    """One run with its record and the devices it saw."""
    store = store_of(request)
    with store.reading() as session:
        row = session.scalar(select(RunRow).where(RunRow.run == run))
    if row is None:
        raise HTTPException(404, "There is no such run in the store.")
    return JSONResponse(
        {"summary": Run.model_validate(row).model_dump(), "info": row.info, "devices": store.members(run)}
    )


def sites(request: Request) -> JSONResponse:
    """Sites with their units by verdict."""
    with store_of(request).reading() as session:
        counted = by_site(session)
        names = session.scalars(select(SiteRow).order_by(SiteRow.name))
        items = [{"site": s.name, "last_seen": s.last_seen, "verdicts": counted.get(s.name, {})} for s in names]
    return JSONResponse({"items": items})


def policies(request: Request) -> JSONResponse:
    """Laws and policies."""
    items = [
        {"policy": p.id, "title": p.title, "jurisdiction": p.jurisdiction, "duty": p.duty, "citation": p.citation}
        for p in load_policies()
    ]
    return JSONResponse({"items": items})


def plan(request: Request) -> JSONResponse:
    """The newest version of the plan on the board."""
    with store_of(request).reading() as session:
        latest = latest_plan(session, MAIN)
        if latest is None:
            raise HTTPException(404, "There is no plan on the board yet.")
        document = plan_document(session, MAIN, latest.version)
        return JSONResponse({"version": latest.version, "who": latest.who, "at": latest.at, "plan": document})


def schema(request: Request) -> JSONResponse:
    """This interface as an OpenAPI document."""
    document = request.app.openapi()
    document.setdefault("components", {})["securitySchemes"] = {"token": {"type": "http", "scheme": "bearer"}}
    document["security"] = [{"token": []}]
    return JSONResponse(document)


def _unit(session: Session, device: str) -> UnitRow:
    unit = session.scalar(select(UnitRow).where(UnitRow.device == device))
    if unit is None:
        raise HTTPException(404, "There is no such device in the store.")
    return unit


def _plain(text: str) -> str:
    """No database takes NUL or half a surrogate pair."""
    return text.replace("\0", "").encode("utf-8", "ignore").decode("utf-8")


def _author(request: Request) -> Author:
    return Author(request.state.person.name, rfc3339(now()))


_PROBLEM: Final = {"model": Problem, "content": {"application/problem+json": {}}}
_RESPONSES: Final = dict.fromkeys((400, 401, 403, 404, 409, 413, 422, 429), _PROBLEM)


def _options(model: Any = None, status: int = 200) -> tuple[tuple[str, Any], ...]:
    responses: dict[int, Any] = dict(_RESPONSES)
    if model is not None:
        responses[status] = {"model": model}
    return (("responses", responses), ("status_code", status), ("tags", ["netaudit"]))


ROUTES = (
    Route("GET", "/api/v1/devices", READ, devices, _options(Units)),
    Route("GET", "/api/v1/devices/{device}", READ, device, _options()),
    Route("PATCH", "/api/v1/devices/{device}", EDIT, edit, _options()),
    Route("POST", "/api/v1/devices/{device}/exclusion", EDIT, exclude, _options(status=201)),
    Route("GET", "/api/v1/runs", READ, runs, _options()),
    Route("GET", "/api/v1/runs/{run}", READ, run, _options()),
    Route("GET", "/api/v1/sites", READ, sites, _options()),
    Route("GET", "/api/v1/policies", READ, policies, _options()),
    Route("GET", "/api/v1/plan", READ, plan, _options()),
    Route("GET", "/api/v1/openapi.json", READ, schema, _options()),
)
