"""Signing in by the service that `--oidc` names: away, and back with an answer that is checked."""

from typing import Any, Final

from sqlalchemy import select
from sqlalchemy.orm import Session
from starlette.exceptions import HTTPException
from starlette.requests import Request
from starlette.responses import RedirectResponse, Response

from netaudit.clock import now, rfc3339
from netaudit.errors import NetauditError
from netaudit.store.people import Author, note
from netaudit.store.schema import AccountRow
from netaudit.web.guard import cookie_name
from netaudit.web.oidc import LONGEST, SignIn, SignInError, mark
from netaudit.web.page import page, store_of
from netaudit.web.pages.login import count_try, let_in
from netaudit.web.roles import OPEN, Role, Route
from netaudit.web.sessions import open_login

_PATH: Final = "/login/oidc"


def away(request: Request) -> Response:
    """Send the browser to the sign-in service; a cookie binds the answer to this browser."""
    service = _service(request)
    count_try(request, request.client.host if request.client else "", 60)
    try:
        url, browser = service.begin()
    except NetauditError as error:
        return _refused(request, error)
    answer = RedirectResponse(url, 303)
    # Lax: the way back begins on the service's page, and a strict cookie would stay behind.
    answer.set_cookie(
        _cookie(request), browser, max_age=int(LONGEST), path=_PATH if not _secure(request) else "/",
        secure=_secure(request), httponly=True, samesite="lax",
    )  # fmt: skip
    return answer


def back(request: Request) -> Response:
    """Check the answer and let the person in with the role of their groups."""
    service = _service(request)
    count_try(request, request.client.host if request.client else "", 60)
    try:
        claims = service.finish(request.query_params, request.cookies.get(_cookie(request), ""))
        role = service.settings.role_of(claims)
        if role is None:
            raise SignInError("You are known over there, but none of your groups has a role here.")
        with store_of(request).writing() as session:
            account = _account(session, service, claims, role)
            opened = open_login(session, account.id)
            by = Author(account.name, rfc3339(now()))
            note(session, by, "login", account.name, {"by": service.settings.issuer, "role": role})
    except NetauditError as error:
        return _refused(request, error)
    # Not a redirect: its cookie is strict, and a browser sends that only on a way that begins here.
    answer = let_in(request, opened, page(request, "signed_in.html.j2"))
    answer.delete_cookie(_cookie(request), path=_PATH if not _secure(request) else "/")
    return answer


def _account(session: Session, service: SignIn, claims: dict[str, Any], role: Role) -> AccountRow:
    """The account of this person, made at the first time; the role is as the service says today."""
    known = mark(service.settings.issuer, str(claims["sub"]))
    row = session.scalar(select(AccountRow).where(AccountRow.password == known))
    if row is not None and row.disabled:
        raise SignInError("This account was disabled here.")
    if row is None:
        said = next((claims[key] for key in ("preferred_username", "email") if claims.get(key)), claims["sub"])
        name = "".join(letter for letter in str(said) if letter.isprintable())[:48].strip() or "somebody"
        # A name that somebody else has already does not become theirs.
        if session.scalar(select(AccountRow.id).where(AccountRow.name == name)) is not None:
            name = f"{name} ({known[-8:]})"
        row = AccountRow(name=name, role=role, password=known, made=rfc3339(now()), disabled=False)
        session.add(row)
        session.flush()
    row.role = role
    return row


def _service(request: Request) -> SignIn:
    service: SignIn | None = request.app.state.sign_in
    if service is None:
        raise HTTPException(404, "No sign-in service was set up for this page.")
    return service


def _refused(request: Request, error: NetauditError) -> Response:
    text = str(error) if isinstance(error, SignInError) else f"The sign-in service cannot be used now ({error})."
    with store_of(request).writing() as session:
        who = request.client.host if request.client else ""
        note(session, Author(who, rfc3339(now())), "login refused", "sign-in service", {"why": str(error)[:200]})
    return page(request, "login.html.j2", 401 if isinstance(error, SignInError) else 502, error=text, name="")


def _cookie(request: Request) -> str:
    return f"{cookie_name(request.app.state.settings)}-oidc"


def _secure(request: Request) -> bool:
    return bool(request.app.state.settings.secure)


ROUTES = (Route("GET", _PATH, OPEN, away), Route("GET", f"{_PATH}/back", OPEN, back))
