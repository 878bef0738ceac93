"""Rendering: a template with what every page knows."""

from pathlib import Path
from typing import Any, Final
from urllib.parse import urlencode

from starlette.requests import Request
from starlette.responses import HTMLResponse, RedirectResponse

from netaudit import __version__
from netaudit.clock import now, rfc3339
from netaudit.policy.finding import STATUS_WORDS
from netaudit.report.environment import environment
from netaudit.store.store import Store
from netaudit.web.roles import AUDIT, EDIT, MANAGE, NOTICES, Person

_TEMPLATES: Final = Path(__file__).resolve().parent / "templates"
NAVIGATION: Final = (
    ("/", "Overview"), ("/devices", "Devices"), ("/sites", "Sites"), ("/plan", "Plan"), ("/policies", "Policies"),
    ("/runs", "Runs"),
)  # fmt: skip


def page(request: Request, template: str, status: int = 200, **values: Any) -> HTMLResponse:
    """Return a page. Templates get `person`, `csrf` and the rights `may_...` beside the values given."""
    person: Person | None = request.state.person
    common = {
        "person": person,
        "csrf": person.csrf if person else "",
        "may_edit": bool(person and person.may(EDIT)),
        "may_manage": bool(person and person.may(MANAGE)),
        "may_audit": bool(person and person.may(AUDIT)),
        "may_notices": bool(person and person.may(NOTICES)),
        "accounts": request.app.state.settings.accounts,
        "sign_in": (oidc.label or oidc.issuer) if (oidc := request.app.state.settings.oidc) else "",
        "navigation": NAVIGATION,
        "here": request.url.path,
        "words": STATUS_WORDS,
        "version": __version__,
        "query": query,
        "due": due,
    }
    return HTMLResponse(environment(_TEMPLATES).get_template(template).render({**common, **values}), status)


def due(deadline: str, today: str = "") -> str:
    """Return a deadline (YYYY-MM-DD) as people say it: "by" a day, or "overdue since" one that is over."""
    return f"{'overdue since' if deadline < (today or rfc3339(now())[:10]) else 'by'} {deadline}"


def fragment(request: Request) -> bool:
    """True when only a part of the page is wanted: htmx asks so, but not when it restores history."""
    return "hx-request" in request.headers and "hx-history-restore-request" not in request.headers


def to(path: str, said: str = "") -> RedirectResponse:
    """Lead the browser on after a form; `said` is shown there once, as text."""
    return RedirectResponse(f"{path}?{urlencode({'said': said})}" if said else path, 303)


def query(values: dict[str, Any], **changes: Any) -> str:
    """Return a query string of these values with some changed; what is empty is left out."""
    kept = {name: value for name, value in {**values, **changes}.items() if value not in ("", None, [], ())}
    return urlencode(kept, doseq=True)


def store_of(request: Request) -> Store:
    """Return the store that this page stands over."""
    store: Store = request.app.state.store
    return store
