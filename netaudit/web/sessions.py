"""Logins, tokens and passwords. The store holds digests only; what opens the door is shown once."""

import hashlib
import secrets
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from typing import Final, cast

from sqlalchemy import delete, select, update
from sqlalchemy.orm import Session

from netaudit.clock import now, rfc3339
from netaudit.errors import UsageError
from netaudit.store.people import Author, note
from netaudit.store.schema import AccountRow, LoginRow, TokenRow
from netaudit.web.roles import ROLES, Person, Role

IDLE: Final = timedelta(hours=8)
LONGEST: Final = timedelta(days=7)
SHORTEST_PASSWORD: Final = 12
TOKEN_START: Final = "netaudit_"  # noqa: S105 - what a token begins with, so that scanners of leaks can find one


@dataclass(frozen=True, slots=True)
class Opened:
    """A login that was just made: the cookie's value."""

    cookie: str


def add_account(session: Session, name: str, role: str, password: str, by: Author) -> None:
    """Make an account. Raises UsageError for a name that is taken, an unknown role, a short password."""
    if not name.strip() or len(name) > 64 or not name.isprintable():
        raise UsageError("a name has 1 to 64 characters")
    if role not in ROLES:
        raise UsageError(f"a role is one of {', '.join(ROLES)}")
    if len(password) < SHORTEST_PASSWORD:
        raise UsageError(f"a password has at least {SHORTEST_PASSWORD} characters")
    if session.scalar(select(AccountRow.id).where(AccountRow.name == name)) is not None:
        raise UsageError(f"there is an account {name!r} already")
    session.add(AccountRow(name=name, role=role, password=hash_password(password), made=by.at, disabled=False))
    note(session, by, "account", name, {"role": role})


def hash_password(password: str) -> str:
    """Return the argon2id hash of a password."""
    from argon2 import PasswordHasher

    return PasswordHasher().hash(password)


def log_in(session: Session, name: str, password: str) -> Opened | None:
    """Return a login, None where name and password do not fit; both cases take the same time."""
    from argon2 import PasswordHasher
    from argon2.exceptions import Argon2Error, InvalidHashError

    row = session.scalar(select(AccountRow).where(AccountRow.name == name))
    # Who signs in elsewhere has no password here: that takes as long to refuse as an unknown name.
    known = row.password if row and row.password.startswith("$") else _nobody()
    try:
        PasswordHasher().verify(known, password)
    except (Argon2Error, InvalidHashError):
        return None
    return None if row is None or row.disabled else open_login(session, row.id)


def open_login(session: Session, account: int | None) -> Opened:
    """Keep a new login and return it; None as the account is the person with the local key."""
    cookie, moment = secrets.token_urlsafe(32), rfc3339(now())
    session.execute(delete(LoginRow).where(LoginRow.used < rfc3339(now() - LONGEST)))
    session.add(LoginRow(id=digest(cookie), account=account, csrf=secrets.token_urlsafe(24), made=moment, used=moment))
    return Opened(cookie)


def log_out(session: Session, cookie: str) -> None:
    """Forget a login."""
    session.execute(delete(LoginRow).where(LoginRow.id == digest(cookie)))


def person_of_cookie(session: Session, cookie: str, local: str) -> Person | None:
    """Return who a cookie belongs to, None where it is unknown, too old, or its account is disabled.

    `local`: name of the person who started the page, for logins by the local key.
    """
    row = session.get(LoginRow, digest(cookie))
    if row is None or _older(row.used, IDLE) or _older(row.made, LONGEST):
        return None
    if row.account is None:
        return Person(local, "administrator", row.csrf)
    account = session.get(AccountRow, row.account)
    if account is None or account.disabled:
        return None
    return Person(account.name, cast("Role", account.role), row.csrf)


def touch(session: Session, cookie: str) -> None:
    """Note that a login was used: it ends after a time without use."""
    session.execute(update(LoginRow).where(LoginRow.id == digest(cookie)).values(used=rfc3339(now())))


def needs_touch(session: Session, cookie: str) -> bool:
    """True once in ten minutes: reading must not write at each page."""
    used = session.scalar(select(LoginRow.used).where(LoginRow.id == digest(cookie)))
    return used is not None and _older(used, timedelta(minutes=10))


def add_token(session: Session, name: str, role: str, ends: str, by: Author) -> str:
    """Make a token for a program and return it, once. `ends`: ISO date. Raises UsageError."""
    if role not in ROLES:
        raise UsageError(f"a role is one of {', '.join(ROLES)}")
    if not name.strip() or len(name) > 64:
        raise UsageError("a token needs a name of up to 64 characters")
    try:
        datetime.strptime(ends, "%Y-%m-%d")  # noqa: DTZ007 - a day, not a moment
    except ValueError as error:
        raise UsageError("a token needs the day on which it ends (YYYY-MM-DD)") from error
    token = TOKEN_START + secrets.token_urlsafe(32)
    session.add(TokenRow(id=digest(token), name=name, who=by.who, role=role, made=by.at, ends=ends, withdrawn=False))
    note(session, by, "token", name, {"role": role, "ends": ends})
    return token


def person_of_token(session: Session, token: str) -> Person | None:
    """Return whom a token speaks for, None where it is unknown, withdrawn or over."""
    row = session.get(TokenRow, digest(token))
    if row is None or row.withdrawn or row.ends < now().date().isoformat():
        return None
    return Person(f"{row.who} (token {row.name})", cast("Role", row.role))


def digest(secret: str) -> str:
    """Return what the store keeps of a secret. Secrets here are 256 random bits: no salt is needed."""
    return hashlib.sha256(secret.encode()).hexdigest()


def _older(moment: str, than: timedelta) -> bool:
    return now() - datetime.fromisoformat(moment).astimezone(UTC) > than


def _nobody() -> str:
    """A hash that no password fits: an unknown name costs the time of a known one."""
    global _NOBODY
    if not _NOBODY:
        _NOBODY = hash_password(secrets.token_urlsafe(16))
    return _NOBODY


_NOBODY = ""
