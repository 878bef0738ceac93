"""The file of `netaudit serve --oidc`: which service signs people in, and which of its groups has which role."""

import os
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any, Final, cast
from urllib.parse import urlsplit

from netaudit.errors import DataError
from netaudit.toml_file import TomlFile, read_toml
from netaudit.web.roles import ROLES, Role

SECRET_VARIABLE: Final = "NETAUDIT_OIDC_SECRET"  # noqa: S105 - the name of a variable
# Who is in groups of several roles gets the first of these.
_ORDER: Final[tuple[Role, ...]] = ("administrator", "facilities", "auditor", "viewer")
_KEYS: Final = {"issuer", "client_id", "secret_file", "address", "label", "scope", "claim", "roles"}
_LOOPBACK: Final = {"localhost", "127.0.0.1", "::1"}


@dataclass(frozen=True, slots=True)
class OidcSettings:
    """`issuer`: the service. `address`: where people open the page. `secret`: "" for a public client.

    `claim`: what of the ID token holds the groups. `roles`: role to the groups (or values) that have it.
    """

    issuer: str
    client_id: str
    address: str
    roles: Mapping[Role, frozenset[str]]
    secret: str = ""
    label: str = ""
    scope: str = "openid profile email"
    claim: str = "groups"

    @property
    def back(self) -> str:
        """The address to which the service sends people back; it must be known to the service."""
        return f"{self.address}/login/oidc/back"

    @property
    def host(self) -> str:
        """The host name under which people open the page."""
        return urlsplit(self.address).hostname or ""

    def role_of(self, claims: Mapping[str, Any]) -> Role | None:
        """Return the role that these claims give, None where they give none."""
        value: Any = claims
        for part in self.claim.split("."):
            value = value.get(part) if isinstance(value, Mapping) else None
        given = {item for item in (value if isinstance(value, list) else [value]) if isinstance(item, str)}
        return next((role for role in _ORDER if given & self.roles.get(role, frozenset())), None)


def is_safe(url: str) -> bool:
    """True for https, and for http on this machine."""
    parts = urlsplit(url)
    return bool(parts.hostname) and (
        parts.scheme == "https" or (parts.scheme == "http" and parts.hostname in _LOOPBACK)
    )


def read_oidc(path: Path) -> OidcSettings:
    """Read the file. The secret comes from `secret_file` or $NETAUDIT_OIDC_SECRET. Raises DataError (file:line)."""
    file = read_toml(path)
    if unknown := sorted(set(file.data) - _KEYS):
        raise file.error(f"has an unknown key {unknown[0]!r}", f"one of {', '.join(sorted(_KEYS))}", key=unknown[0])
    issuer, address = _url(file, "issuer"), _url(file, "address").rstrip("/")
    more = {name: _text(file, name) for name in ("label", "scope", "claim") if name in file.data}
    if "openid" not in more.get("scope", "openid").split():
        raise file.error("has a scope without openid", '"openid profile email"', key="scope")
    return OidcSettings(issuer, _text(file, "client_id"), address, _roles(file), _secret(file), **more)


def _text(file: TomlFile, key: str) -> str:
    value = file.data.get(key)
    if not isinstance(value, str) or not value.strip():
        raise file.error(f"has no {key}" if value is None else f"{key} is no text", f'{key} = "..."', key=key)
    return value.strip()


def _url(file: TomlFile, key: str) -> str:
    value = _text(file, key)
    if not is_safe(value):
        raise file.error(f"{key} is not safe", "an https address (http only on this machine)", key=key)
    return value


def _roles(file: TomlFile) -> dict[Role, frozenset[str]]:
    table = file.data.get("roles")
    if not isinstance(table, dict) or not table:
        raise file.error("says of no group which role it has", '[roles] with e.g. viewer = ["staff"]', key="roles")
    roles: dict[Role, frozenset[str]] = {}
    for role, groups in table.items():
        if role not in ROLES or not isinstance(groups, list) or not all(isinstance(item, str) for item in groups):
            raise file.error(
                f"roles.{role} is no role with its groups", f"{', '.join(ROLES)}: lists", "roles", key=role
            )
        roles[cast("Role", role)] = frozenset(groups)
    return roles


def _secret(file: TomlFile) -> str:
    if "secret_file" not in file.data:
        return os.environ.get(SECRET_VARIABLE, "")
    path = file.path.parent / _text(file, "secret_file")
    try:
        return path.read_text(encoding="utf-8").strip()
    except (OSError, UnicodeDecodeError) as error:
        raise DataError(str(path), f"cannot be read: {error}", "the secret that the service gave") from error
