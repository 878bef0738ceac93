"""[[switch]] and [[router]] of scope.toml: the owner's own devices whose tables may be read, and with what."""

from collections.abc import Mapping
from typing import Any, Final

from netaudit.scope.model import Credential, Role, SnmpAgent

AUTHENTICATIONS: Final = ("md5", "sha1", "sha224", "sha256", "sha384", "sha512")
PRIVACIES: Final = ("des", "aes128", "aes192", "aes256", "aes192-cisco", "aes256-cisco")
"""aes192 and aes256 have no standard: the plain names are net-snmp's way of making the key, the others Cisco's."""


KEYS: Final[Mapping[str, str]] = {
    "address": 'address = "10.20.0.2", or a list of them',
    "name": 'name = "sw-hq-1"',
    "community": 'community = "env:NAME" (version 2c)',
    "user": 'user = "auditor" (version 3)',
    "auth": f"auth = one of {', '.join(AUTHENTICATIONS)}",
    "auth_secret": 'auth_secret = "keyring:SERVICE/USER"',
    "privacy": f"privacy = one of {', '.join(PRIVACIES)}",
    "privacy_secret": 'privacy_secret = "file:PATH"',
}
"""Key of a table to what may be written for it."""


def problem(entry: Mapping[str, Any]) -> tuple[str, str] | None:
    """Return (key, what is wrong) of an entry whose values are texts, None where it can be used."""
    for key in entry:
        if key not in KEYS:
            return key, f"unknown key {key!r}"
    if bool(entry.get("community")) == bool(entry.get("user")):
        return "community", "needs either community (version 2c) or user (version 3)"
    if entry.get("user"):
        return _version_3(entry)
    return None


def user_problem(entry: Mapping[str, Any]) -> tuple[str, str] | None:
    """Return (key, what is wrong) of a [[credential]] that is an SNMP version 3 user, None for a fit one or another."""
    if "auth" not in entry and "privacy" not in entry and "privacy_secret" not in entry:
        return None
    if "auth" not in entry:
        return "auth", "auth is missing: what is encrypted must be signed too"
    return _version_3({**entry, "auth_secret": "given"})


def _version_3(entry: Mapping[str, Any]) -> tuple[str, str] | None:
    if entry.get("auth", "sha256") not in AUTHENTICATIONS:
        return "auth", f"auth is {entry['auth']!r}"
    if not entry.get("auth_secret"):
        return "auth_secret", "auth_secret is missing: a user without one could read nothing"
    if bool(entry.get("privacy_secret")) != bool(entry.get("privacy")):
        return "privacy", "privacy and privacy_secret belong together"
    if entry.get("privacy") and entry["privacy"] not in PRIVACIES:
        return "privacy", f"privacy is {entry['privacy']!r}"
    return None


def agent(role: Role, address: str, entry: Mapping[str, Any]) -> SnmpAgent:
    """Make one agent of an entry without a problem."""
    label = f"{role} {address}"
    version_3 = bool(entry.get("user"))
    source = entry["auth_secret"] if version_3 else entry["community"]
    private = entry.get("privacy_secret")

    def credential(name: str, place: str) -> Credential:
        return Credential(name, entry.get("user", ""), place, (address,), ("snmp",))

    return SnmpAgent(
        role, address, entry.get("name", ""), credential(label, source),
        user=entry.get("user", ""), authentication=entry.get("auth", "sha256") if version_3 else "",
        privacy=entry.get("privacy", ""),
        privacy_secret=credential(f"{label} (privacy)", private) if private else None,
    )  # fmt: skip
