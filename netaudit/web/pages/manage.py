"""For administrators: accounts and tokens. For auditors too: the audit trail."""

from datetime import timedelta
from typing import Annotated, Any, Final

from fastapi import Depends
from sqlalchemy import delete, func, select, update
from starlette.exceptions import HTTPException
from starlette.requests import Request
from starlette.responses import Response

from netaudit.clock import now, rfc3339
from netaudit.errors import UsageError
from netaudit.store.people import Author, note
from netaudit.store.schema import AccountRow, JournalRow, LoginRow, TokenRow
from netaudit.web.forms import Form, read_form
from netaudit.web.page import page, store_of, to
from netaudit.web.roles import AUDIT, MANAGE, ROLE_TEXTS, ROLES, Route
from netaudit.web.sessions import add_account, add_token

_PAGE: Final = 100


def manage(request: Request) -> Response:
    """Accounts and tokens."""
    return _manage(request)


def make_account(request: Request, form: Annotated[Form, Depends(read_form)]) -> Response:
    """A new account."""
    name, role = form.text("name", needed="A name.", longest=64), form.choice("role", ROLES)
    password = form.values.get("password", "")[:200]
    if not form.errors:
        try:
            with store_of(request).writing() as session:
                add_account(session, name, role, password, _author(request))
        except UsageError as error:
            form.errors["password" if "password" in str(error) else "name"] = str(error)
    if form.errors:
        return _manage(request, form, 422)
    return to("/manage", f"{name} may log in.")


def switch_account(request: Request, account: int) -> Response:
    """Disable an account, or let it in again; its browsers are logged out. Nobody locks himself out."""
    with store_of(request).writing() as session:
        row = session.get(AccountRow, account)
        if row is None:
            raise HTTPException(404, "There is no such account.")
        if row.name == request.state.person.name:
            raise UsageError("you cannot disable your own account")
        session.execute(update(AccountRow).where(AccountRow.id == account).values(disabled=not row.disabled))
        session.execute(delete(LoginRow).where(LoginRow.account == account))
        note(session, _author(request), "account", row.name, {"disabled": not row.disabled})
    return to("/manage", "Done.")


def make_token(request: Request, form: Annotated[Form, Depends(read_form)]) -> Response:
    """A token for a program; shown once."""
    name, role = form.text("token_name", needed="A name.", longest=64), form.choice("token_role", ROLES)
    ends = form.day("ends", needed="Until when?")
    latest = (now() + timedelta(days=366)).date().isoformat()
    if ends and not now().date().isoformat() <= ends <= latest:
        form.errors["ends"] = f"From today to {latest}."
    if form.errors:
        return _manage(request, form, 422)
    with store_of(request).writing() as session:
        token = add_token(session, name, role, ends, _author(request))
    return _manage(request, token=token)


def withdraw_token(request: Request, token: str) -> Response:
    """Withdraw a token."""
    with store_of(request).writing() as session:
        row = session.get(TokenRow, token)
        if row is None:
            raise HTTPException(404, "There is no such token.")
        row.withdrawn = True
        note(session, _author(request), "token", row.name, {"withdrawn": True})
    return to("/manage", "The token is withdrawn.")


def trail(request: Request) -> Response:
    """Who changed what, the latest first."""
    number = request.query_params.get("page", "")
    at = int(number) if number.isdigit() and int(number[:7]) > 0 else 1
    with store_of(request).reading() as session:
        total = session.scalar(select(func.count()).select_from(JournalRow)) or 0
        rows = session.scalars(select(JournalRow).order_by(JournalRow.id.desc()).offset((at - 1) * _PAGE).limit(_PAGE))
        return page(request, "audit.html.j2", rows=list(rows), total=total, at=at, pages=-(-total // _PAGE) or 1)


def _manage(request: Request, form: Form | None = None, status: int = 200, token: str = "") -> Response:
    with store_of(request).reading() as session:
        accounts = list(session.scalars(select(AccountRow).order_by(AccountRow.name)))
        tokens = list(session.scalars(select(TokenRow).order_by(TokenRow.made.desc())))
    shown: dict[str, Any] = {"values": dict(form.values) if form else {}, "errors": form.errors if form else {}}
    shown["values"].pop("password", None)
    return page(
        request, "manage.html.j2", status, known=accounts, tokens=tokens, roles=ROLE_TEXTS, token=token, **shown
    )


def _author(request: Request) -> Author:
    return Author(request.state.person.name, rfc3339(now()))


ROUTES = (
    Route("GET", "/manage", MANAGE, manage),
    Route("POST", "/manage/accounts", MANAGE, make_account),
    Route("POST", "/manage/accounts/{account}/switch", MANAGE, switch_account),
    Route("POST", "/manage/tokens", MANAGE, make_token),
    Route("POST", "/manage/tokens/{token}/withdraw", MANAGE, withdraw_token),
    Route("GET", "/audit", AUDIT, trail),
)
