"""HTTP Digest (RFC 7616) for the owner's own login, reckoned by requests. HTTP Basic is never answered: it would send
the password.
"""

import re
from collections.abc import Callable, Mapping, Sequence
from typing import Final

_DIGEST: Final = re.compile(r"\bdigest\s+(.+)", re.IGNORECASE)
_STALE: Final = re.compile(r"\bstale\s*=\s*\"?true", re.IGNORECASE)

Authorise = Callable[[str, str], str]
"""Method and path to the Authorization line with its CRLF."""


def challenge_of(headers: Sequence[tuple[str, str]]) -> str:
    """Return the digest challenge among (lower-case name, value) headers, "" where there is none."""
    asked = [value for name, value in headers if name == "www-authenticate"]
    return next((value for value in asked if _DIGEST.search(value)), "")


def is_stale(challenge: str) -> bool:
    """True where a device refuses only because its nonce has aged: the password was right."""
    return bool(_STALE.search(challenge))


def authorise(challenge: str, username: str, password: str) -> Authorise:
    """Return what answers this challenge, for as many requests as follow; empty lines where it is no digest."""
    wanted = _DIGEST.search(challenge)
    if not wanted:
        return lambda _method, _path: ""
    from requests.auth import HTTPDigestAuth
    from requests.utils import parse_dict_header

    auth = HTTPDigestAuth(username, password)
    auth.init_per_thread_state()
    auth._thread_local.chal = {"realm": "", "nonce": "", **_quotable(parse_dict_header(wanted[1]))}
    return lambda method, path: f"Authorization: {auth.build_digest_header(method, path)}\r\n"


def _quotable(challenge: Mapping[str, str | None]) -> dict[str, str]:
    """Drop what a hostile challenge could smuggle into our header."""
    return {
        key: value
        for key, value in challenge.items()
        if value and value.isascii() and value.isprintable() and '"' not in value
    }
