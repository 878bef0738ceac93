"""The questions to the sign-in service (OpenID Connect) that the administrator named, and to nobody else.

Beside the MAC registries and the time stamp authority this is the only place where netaudit asks a host outside the
written scope; nothing happens without `netaudit serve --oidc FILE`. Redirects are not followed, answers are bounded.
"""

import http.client
import json
import urllib.error
import urllib.request
from collections.abc import Mapping
from typing import IO, Any, Final
from urllib.parse import urlsplit

from netaudit import __version__
from netaudit.errors import NetauditError

_TIMEOUT: Final = 15.0
_LIMIT: Final = 1 << 20


class _Stay(urllib.request.HTTPRedirectHandler):
    def redirect_request(
        self, req: urllib.request.Request, fp: IO[bytes], code: int, msg: str, headers: http.client.HTTPMessage,
        newurl: str,
    ) -> None:  # fmt: skip
        """Follow nothing: secrets go to the address that was named."""
        raise urllib.error.HTTPError(req.full_url, code, f"sends us away to {newurl[:200]}", headers, fp)


def ask(url: str, body: bytes | None = None, headers: Mapping[str, str] | None = None) -> tuple[int, dict[str, Any]]:
    """Return status and JSON object of an answer; POST where there is a body. Raises NetauditError."""
    if urlsplit(url).scheme not in ("http", "https"):
        raise NetauditError(f"{url[:200]} is no http or https address")
    sent = {"User-Agent": f"netaudit/{__version__}", "Accept": "application/json", **(headers or {})}
    request = urllib.request.Request(url, body, sent)  # noqa: S310
    try:
        with urllib.request.build_opener(_Stay()).open(request, timeout=_TIMEOUT) as answer:
            return answer.status, _document(answer.read(_LIMIT + 1))
    except urllib.error.HTTPError as error:
        # A refusal tells why in a document of its own.
        with error:
            if 400 <= error.code < 500:
                return error.code, _document(error.read(_LIMIT + 1))
        raise NetauditError(f"the sign-in service answered {error.code} {error.msg}") from error
    except (OSError, ValueError, http.client.HTTPException) as error:
        raise NetauditError(f"the sign-in service cannot be asked: {error}") from error


def _document(data: bytes) -> dict[str, Any]:
    try:
        found = json.loads(data) if len(data) <= _LIMIT else None
    except (ValueError, RecursionError):
        found = None
    if not isinstance(found, dict):
        raise NetauditError("the sign-in service answered something that is no JSON object")
    return found
