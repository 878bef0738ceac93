"""Signing in by OpenID Connect: code flow with state, nonce and PKCE. Protocol and checks are Authlib's."""

import hashlib
import secrets
import time
from collections.abc import Mapping
from dataclasses import dataclass
from threading import Lock
from typing import Any, Final
from urllib.parse import urlencode

from netaudit.errors import NetauditError, UsageError
from netaudit.web.oidc_ask import ask
from netaudit.web.oidc_settings import OidcSettings, is_safe

# The signer's key is public: with a shared secret anybody who knows the client could sign.
ALGORITHMS: Final = ("RS256", "RS384", "RS512", "PS256", "ES256", "ES384", "EdDSA")
LONGEST: Final = 600.0
"""Seconds that somebody may take to sign in over there."""
_MOST: Final = 1_000
_KEPT: Final = 3_600.0
_AGAIN: Final = 30.0
"""Seconds after which the keys may be asked for again, where one does not fit."""
_LEEWAY: Final = 60


class SignInError(NetauditError):
    """Somebody was not let in; the text says why, for them."""


@dataclass(frozen=True, slots=True)
class _Begun:
    """One sign-in that was begun: bound to a browser, valid once."""

    browser: str
    nonce: str
    verifier: str
    at: float


class SignIn:
    """The sign-in service as this page knows it. What was begun is held in memory: a restart ends it."""

    def __init__(self, settings: OidcSettings) -> None:
        try:
            import authlib  # noqa: F401
        except ImportError as error:
            raise UsageError("--oidc needs Authlib: install netaudit[oidc]") from error
        self.settings = settings
        self._begun: dict[str, _Begun] = {}
        self._lock = Lock()
        self._known: tuple[float, dict[str, Any]] = (0.0, {})
        self._keys: tuple[float, dict[str, Any]] = (0.0, {})

    def begin(self) -> tuple[str, str]:
        """Return the address to send a browser to, and what its cookie has to hold. Raises NetauditError."""
        browser, state = secrets.token_urlsafe(32), secrets.token_urlsafe(32)
        begun = _Begun(browser, secrets.token_urlsafe(32), secrets.token_urlsafe(64), time.monotonic())
        url, _ = self._client().create_authorization_url(
            self._endpoint("authorization_endpoint"), state=state, code_verifier=begun.verifier, nonce=begun.nonce
        )
        with self._lock:
            fresh = {key: item for key, item in self._begun.items() if begun.at - item.at < LONGEST}
            if len(fresh) >= _MOST:
                raise SignInError("Too many people sign in at this moment: try again in some minutes.")
            self._begun = {**fresh, state: begun}
        return str(url), browser

    def finish(self, query: Mapping[str, str], browser: str) -> dict[str, Any]:
        """Return the checked claims of who came back. Raises SignInError, NetauditError."""
        with self._lock:
            begun = self._begun.pop(query.get("state", ""), None)
        late = begun is None or time.monotonic() - begun.at > LONGEST
        if begun is None or late or not secrets.compare_digest(begun.browser.encode(), browser.encode()):
            raise SignInError("This sign-in was not begun in this browser, or too long ago: begin again.")
        if query.get("iss", self.settings.issuer) != self.settings.issuer:
            raise SignInError("The answer came from another service than the one that was asked.")
        if "code" not in query:
            raise SignInError(f"The sign-in service did not let you in: {query.get('error', 'no reason given')[:80]}.")
        return self._claims(self._token(query, begun), begun)

    def _client(self) -> Any:
        from authlib.oauth2.client import OAuth2Client

        given = self.settings
        methods = self._provider().get("token_endpoint_auth_methods_supported", ["client_secret_basic"])
        method = "client_secret_basic" if "client_secret_basic" in methods else "client_secret_post"
        return OAuth2Client(
            _Asking(), client_id=given.client_id, client_secret=given.secret or None, scope=given.scope,
            redirect_uri=given.back, code_challenge_method="S256",
            token_endpoint_auth_method=method if given.secret else "none",
        )  # fmt: skip

    def _token(self, query: Mapping[str, str], begun: _Begun) -> Mapping[str, Any]:
        from authlib.common.errors import AuthlibBaseError

        try:
            token: Mapping[str, Any] = self._client().fetch_token(
                self._endpoint("token_endpoint"), grant_type="authorization_code", code=query["code"],
                code_verifier=begun.verifier, redirect_uri=self.settings.back,
            )  # fmt: skip
        except (AuthlibBaseError, ValueError) as error:
            raise SignInError("The sign-in service did not accept the answer: begin again.") from error
        return token

    def _claims(self, token: Mapping[str, Any], begun: _Begun) -> dict[str, Any]:
        from authlib.oidc.core import CodeIDToken
        from joserfc.errors import JoseError

        wanted = {
            "iss": {"essential": True, "value": self.settings.issuer},
            "aud": {"essential": True, "value": self.settings.client_id},
        }
        params = {
            "nonce": begun.nonce, "client_id": self.settings.client_id, "access_token": token.get("access_token"),
        }  # fmt: skip
        try:
            decoded = self._decode(str(token.get("id_token", "")))
            claims = CodeIDToken(decoded.claims, decoded.header, wanted, params)
            claims.validate(leeway=_LEEWAY)
        except (JoseError, ValueError, KeyError, TypeError) as error:
            raise SignInError("The sign-in service's token does not hold: you were not let in.") from error
        return dict(claims)

    def _decode(self, token: str) -> Any:
        """Decode a signed token; a key that is not known may be a new one: the keys are asked for once more."""
        from joserfc import jwt
        from joserfc.errors import JoseError
        from joserfc.jwk import KeySet

        for again in (False, True):
            keys: Any = KeySet.import_key_set(self._signers(again))
            try:
                return jwt.decode(token, keys, algorithms=list(ALGORITHMS))
            except (JoseError, ValueError):
                if again:
                    raise
        raise ValueError("unreachable")

    def _provider(self) -> dict[str, Any]:
        """What the service says of itself, asked for once an hour."""
        asked, known = self._known
        if not known or time.monotonic() - asked > _KEPT:
            _, known = ask(f"{self.settings.issuer.rstrip('/')}/.well-known/openid-configuration")
            if known.get("issuer") != self.settings.issuer:
                raise NetauditError("the sign-in service calls itself otherwise than it was named")
            self._known = (time.monotonic(), known)
        return known

    def _endpoint(self, name: str) -> str:
        url = self._provider().get(name)
        if not isinstance(url, str) or not is_safe(url):
            raise NetauditError(f"the sign-in service names no safe {name}")
        return url

    def _signers(self, again: bool) -> Any:
        asked, keys = self._keys
        if not keys or time.monotonic() - asked > (_AGAIN if again else _KEPT):
            _, keys = ask(self._endpoint("jwks_uri"))
            self._keys = (time.monotonic(), keys)
        return keys


def mark(issuer: str, subject: str) -> str:
    """Return what an account keeps in place of a password: who it is over there. No password fits it."""
    return f"oidc:{hashlib.sha256(f'{issuer} {subject}'.encode()).hexdigest()}"


class _Asking:
    """The way from Authlib's client to our one way out."""

    def post(self, url: str, data: Mapping[str, str], headers: Mapping[str, str], auth: Any) -> "_Answer":
        """Send a form."""
        url, sent, body = auth.prepare("POST", url, dict(headers), urlencode(data))
        return _Answer(*ask(url, body.encode(), sent))


@dataclass(frozen=True, slots=True)
class _Answer:
    status_code: int
    document: dict[str, Any]

    def json(self) -> dict[str, Any]:
        """Return the document."""
        return self.document

    def raise_for_status(self) -> None:
        """Only answers that hold a document get here."""
        raise ValueError(f"status {self.status_code}")
