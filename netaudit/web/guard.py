"""The one check before every endpoint: who asks, may they, and does a form come from our own page."""

import secrets
from collections.abc import Awaitable, Callable
from typing import Final

from limits import RateLimitItemPerMinute
from limits.storage import MemoryStorage
from limits.strategies import MovingWindowRateLimiter
from starlette.requests import Request

from netaudit.store.store import Store
from netaudit.web.roles import Person, Role
from netaudit.web.sessions import needs_touch, person_of_cookie, person_of_token, touch
from netaudit.web.settings import Settings

_SAFE: Final = frozenset({"GET", "HEAD", "OPTIONS"})
CSRF_FIELD: Final = "csrf"
CSRF_HEADER: Final = "x-csrf"


class RefusedError(Exception):
    """A request that is not served. `status` is the HTTP status; 401 leads a browser to the login page."""

    def __init__(self, status: int, text: str) -> None:
        self.status = status
        self.text = text
        super().__init__(text)


class Limiter:
    """So many requests a minute from one address or for one name: guessing passwords must not pay."""

    def __init__(self) -> None:
        self._strategy = MovingWindowRateLimiter(MemoryStorage())

    def take(self, what: str, whom: str, a_minute: int) -> None:
        """Count one. Raises RefusedError (429) when there were too many."""
        if not self._strategy.hit(RateLimitItemPerMinute(a_minute), what, whom):
            raise RefusedError(429, "Too many requests: wait a minute, then try again.")


def cookie_name(settings: Settings) -> str:
    """The session cookie: with TLS a browser is held to keep it to this host and this way."""
    return "__Host-netaudit" if settings.secure else "netaudit"


def guard(allow: frozenset[Role] | None) -> Callable[[Request], Awaitable[None]]:
    """Return the check for one route; it leaves the person in `request.state.person` (None on open routes)."""

    async def check(request: Request) -> None:
        from starlette.concurrency import run_in_threadpool

        person = await run_in_threadpool(who, request)
        request.state.person = person
        # Many people may sit behind one address: each has a measure of their own, strangers share that of the address.
        whom = f"person {person.name}" if person else f"from {request.client.host if request.client else ''}"
        limiter: Limiter = request.app.state.limiter
        limiter.take("any", whom, request.app.state.a_minute)
        if allow is None:
            return
        if person is None:
            raise RefusedError(401, "Please log in.")
        if not person.may(allow):
            raise RefusedError(403, f"A {person.role} may not do this.")
        if request.method not in _SAFE and person.csrf:
            await _own_form(request, person)

    return check


def who(request: Request) -> Person | None:
    """Return who asks: by token for programs, by cookie for browsers."""
    store: Store = request.app.state.store
    header = request.headers.get("authorization", "")
    if header.lower().startswith("bearer "):
        with store.reading() as session:
            return person_of_token(session, header[7:].strip())
    cookie = request.cookies.get(cookie_name(request.app.state.settings), "")
    if not cookie:
        return None
    with store.reading() as session:
        person = person_of_cookie(session, cookie, request.app.state.local)
        stale = person is not None and needs_touch(session, cookie)
    if stale:
        with store.writing() as session:
            touch(session, cookie)
    return person


async def _own_form(request: Request, person: Person) -> None:
    """A form that changes something carries what only our own pages know."""
    given = request.headers.get(CSRF_HEADER, "")
    form = await request.form() if not given and "form" in request.headers.get("content-type", "") else None
    if form is not None:
        given = str(form.get(CSRF_FIELD, ""))
    if secrets.compare_digest(given.encode(), person.csrf.encode()):
        return
    if form is not None:
        await form.close()
    raise RefusedError(403, "This form is too old or not ours: load the page again, then send it once more.")
