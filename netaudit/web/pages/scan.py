"""Starting a scan: only of a scope file that the administrator put on the machine; its progress, live."""

import asyncio
import json
from collections.abc import AsyncIterator
from typing import Annotated

from fastapi import Depends
from starlette.exceptions import HTTPException
from starlette.requests import Request
from starlette.responses import Response, StreamingResponse

from netaudit.clock import now, rfc3339
from netaudit.errors import DataError, ScopeError, UsageError
from netaudit.scope.gate import check_dates
from netaudit.scope.load import parse_scope
from netaudit.store.people import Author, note
from netaudit.web.forms import Form, read_form
from netaudit.web.jobs import Job, Jobs, scope_files
from netaudit.web.page import page, store_of, to
from netaudit.web.roles import MANAGE, READ, Route


def listing(request: Request) -> Response:
    """The scope files, each with what it allows or why it cannot be used, and the scans of this page."""
    files = [(path.name, *_about(path.read_bytes())) for path in scope_files(request.app.state.settings.scopes)]
    return page(request, "scan.html.j2", files=files, jobs=_jobs(request).all(), here="/runs")


def start(request: Request, form: Annotated[Form, Depends(read_form)]) -> Response:
    """Start a scan."""
    settings, name = request.app.state.settings, form.text("scope", longest=120)
    path = next((path for path in scope_files(settings.scopes) if path.name == name), None)
    if path is None:
        raise UsageError("there is no such scope file on this machine")
    text, usable = _about(path.read_bytes())
    if not usable:
        raise UsageError(f"{name} cannot be used: {text}")
    store, person = store_of(request).place.where, request.state.person
    with store_of(request).writing() as session:
        note(session, Author(person.name, rfc3339(now())), "scan", name, {})
    job = _jobs(request).scan(path, settings.runs, store, person.name, rfc3339(now()))
    return to(f"/scan/{job.number}")


def one(request: Request, job: int) -> Response:
    """One scan and what it says."""
    return page(request, "scan_job.html.j2", job=_job(request, job), here="/runs")


def stop(request: Request, job: int) -> Response:
    """Stop a scan; what it heard is kept."""
    found = _job(request, job)
    _jobs(request).stop(found)
    with store_of(request).writing() as session:
        note(session, Author(request.state.person.name, rfc3339(now())), "stop", found.title, {})
    return to(f"/scan/{job}", "It is asked to stop.")


async def events(request: Request, job: int) -> Response:
    """What a scan says, line by line, as server-sent events; the last one tells how it ended."""
    found = _job(request, job)
    return StreamingResponse(
        _events(request, found), media_type="text/event-stream", headers={"x-accel-buffering": "no"}
    )


async def _events(request: Request, job: Job) -> AsyncIterator[str]:
    sent = max(job.said - len(job.lines), 0)
    while not await request.is_disconnected():
        ended, said = job.status is not None, job.said
        fresh = list(job.lines)[max(len(job.lines) - (said - sent), 0) :] if said > sent else []
        sent = said
        for line in fresh:
            yield f"data: {json.dumps(line)}\n\n"
        if ended:
            yield f"event: end\ndata: {json.dumps(job.text)}\n\n"
            return
        await asyncio.sleep(0.3)


def _about(raw: bytes) -> tuple[str, bool]:
    """Return what a scope file allows, in a sentence, and whether a scan may be started of it."""
    try:
        scope = parse_scope(raw)
        check_dates(scope, now().date())
    except (DataError, ScopeError) as error:
        return str(error), False
    networks = ", ".join(str(network.cidr) for network in scope.networks[:6])
    more = f" and {len(scope.networks) - 6} more" if len(scope.networks) > 6 else ""
    allowed = scope.authorisation
    return f"{networks}{more}; allowed by {allowed.authorised_by} until {allowed.valid_until}", True


def _jobs(request: Request) -> Jobs:
    jobs: Jobs = request.app.state.jobs
    return jobs


def _job(request: Request, number: int) -> Job:
    found = _jobs(request).get(number)
    if found is None:
        raise HTTPException(404, "There is no such scan since the page was started.")
    return found


ROUTES = (
    Route("GET", "/scan", READ, listing),
    Route("POST", "/scan/start", MANAGE, start),
    Route("GET", "/scan/{job}", READ, one),
    Route("GET", "/scan/{job}/events", READ, events),
    Route("POST", "/scan/{job}/stop", MANAGE, stop),
)
