"""HTTP digest as cameras use it (RFC 2617, MD5, qop=auth): the challenge, and whether an answer proves the password."""

import hashlib
import hmac
import re
from typing import Final

from netaudit.demo.message import Message

_FIELD: Final = re.compile(r'(\w+)=(?:"([^"]*)"|([^\s,]+))')


def challenge(realm: str, nonce: str) -> str:
    """Return the WWW-Authenticate line."""
    return f'WWW-Authenticate: Digest qop="auth", realm="{realm}", nonce="{nonce}", stale="FALSE"'


def proves(request: Message, realm: str, nonce: str, username: str, password: str) -> bool:
    """True when the Authorization header holds the right digest for this request."""
    kind, _, rest = request.header("authorization").partition(" ")
    given = {name: quoted or bare for name, quoted, bare in _FIELD.findall(rest)}
    if kind.lower() != "digest" or given.get("username") != username or given.get("nonce") != nonce:
        return False
    secret = _md5(f"{username}:{realm}:{password}")
    asked = _md5(f"{request.method}:{given.get('uri', '')}")
    middle = f"{nonce}:{given.get('nc', '')}:{given.get('cnonce', '')}:auth" if "qop" in given else nonce
    return hmac.compare_digest(given.get("response", ""), _md5(f"{secret}:{middle}:{asked}"))


def _md5(text: str) -> str:
    # The protocol prescribes MD5.
    return hashlib.md5(text.encode(), usedforsecurity=False).hexdigest()
