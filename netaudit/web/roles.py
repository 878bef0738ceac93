"""Who may do what: four roles, and the decision that every route carries."""

from collections.abc import Callable
from dataclasses import dataclass
from typing import Any, Final, Literal, TypeAlias

Role: TypeAlias = Literal["viewer", "facilities", "administrator", "auditor"]

ROLES: Final[tuple[Role, ...]] = ("viewer", "facilities", "administrator", "auditor")
ROLE_TEXTS: Final = {
    "viewer": "sees everything but the audit trail and the notices, changes nothing",
    "facilities": "also says where units hang, adds photos, plans, decides and signs off",
    "administrator": "also starts scans, sends notices again, and manages accounts and tokens",
    "auditor": "sees everything with the audit trail, changes nothing",
}
READ: Final[frozenset[Role]] = frozenset(ROLES)
EDIT: Final[frozenset[Role]] = frozenset({"facilities", "administrator"})
MANAGE: Final[frozenset[Role]] = frozenset({"administrator"})
AUDIT: Final[frozenset[Role]] = frozenset({"administrator", "auditor"})
NOTICES: Final[frozenset[Role]] = EDIT | AUDIT
"""The list of messages names the addresses of people: not for every viewer."""
OPEN: Final[frozenset[Role] | None] = None
"""No login needed: the login page itself, style and script."""

Method: TypeAlias = Literal["GET", "POST", "PUT", "PATCH", "DELETE"]


@dataclass(frozen=True, slots=True)
class Route:
    """One address of the page: what answers it, and the decision who may ask (None: anybody)."""

    method: Method
    path: str
    allow: frozenset[Role] | None
    endpoint: Callable[..., Any]
    options: tuple[tuple[str, Any], ...] = ()


@dataclass(frozen=True, slots=True)
class Person:
    """Who asks. `csrf`: what every form of this browser must carry; "" for a program with a token."""

    name: str
    role: Role
    csrf: str = ""

    def may(self, allow: frozenset[Role] | None) -> bool:
        """True when this person's role is among those allowed."""
        return allow is None or self.role in allow
