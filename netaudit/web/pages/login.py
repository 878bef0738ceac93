"""Logging in and out: by name and password, or by the key that the start printed."""

import secrets
from typing import Annotated, Final

from fastapi import Depends
from starlette.requests import Request
from starlette.responses import Response

from netaudit.clock import now, rfc3339
from netaudit.store.people import Author, note
from netaudit.web.forms import Form, read_form
from netaudit.web.guard import Limiter, cookie_name
from netaudit.web.page import page, store_of, to
from netaudit.web.roles import OPEN, READ, Route
from netaudit.web.sessions import IDLE, Opened, log_in, log_out, open_login

_TRIES: Final = 10
"""Passwords that one address, or one name, may try in a minute."""


def show(request: Request) -> Response:
    """The login page; with `?key=` of the start the browser is let in at once."""
    key = request.query_params.get("key", "")
    if key and not request.app.state.settings.accounts:
        count_try(request, "key")
        if secrets.compare_digest(key.encode(), request.app.state.key.encode()):
            with store_of(request).writing() as session:
                return let_in(request, open_login(session, None))
    return page(
        request, "login.html.j2", error="The key does not fit: it is new at each start." if key else "", name=""
    )


def enter(request: Request, form: Annotated[Form, Depends(read_form)]) -> Response:
    """Name and password."""
    name, password = form.text("name", longest=64), form.values.get("password", "")[:200]
    count_try(request, request.client.host if request.client else "")
    count_try(request, name)
    with store_of(request).writing() as session:
        opened = log_in(session, name, password) if request.app.state.settings.accounts else None
        note(session, Author(name, rfc3339(now())), "login" if opened else "login refused", name, {})
    if opened is None:
        return page(request, "login.html.j2", 401, error="Name and password do not fit.", name=name)
    return let_in(request, opened)


def leave(request: Request) -> Response:
    """Log out."""
    cookie = request.cookies.get(cookie_name(request.app.state.settings), "")
    with store_of(request).writing() as session:
        log_out(session, cookie)
    answer = to("/login")
    answer.delete_cookie(cookie_name(request.app.state.settings))
    return answer


def count_try(request: Request, whom: str, a_minute: int = _TRIES) -> None:
    """Count a try to get in. Raises RefusedError (429) where there were too many."""
    limiter: Limiter = request.app.state.limiter
    limiter.take("login", whom, a_minute)


def let_in(request: Request, opened: Opened, answer: Response | None = None) -> Response:
    """Give the browser its cookie with an answer, by default the way to the overview."""
    settings = request.app.state.settings
    answer = answer or to("/")
    answer.set_cookie(
        cookie_name(settings), opened.cookie, max_age=int(IDLE.total_seconds()), path="/", secure=settings.secure,
        httponly=True, samesite="strict" if settings.accounts else "lax",
    )  # fmt: skip
    return answer


ROUTES = (
    Route("GET", "/login", OPEN, show),
    Route("POST", "/login", OPEN, enter),
    Route("POST", "/logout", READ, leave),
)
