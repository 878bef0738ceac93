"""The one question to a time stamp authority (RFC 3161 over HTTP), only where the user names its address.

Beside the MAC registries this is the only place where netaudit asks a host outside the written scope. What leaves is
the SHA-256 of a manifest. Redirects are not followed.
"""

import http.client
import urllib.error
import urllib.request
from typing import IO, Final
from urllib.parse import urlsplit

from netaudit import __version__
from netaudit.errors import NetauditError

_TIMEOUT: Final = 30.0
_LIMIT: Final = 1 << 20


class _Stay(urllib.request.HTTPRedirectHandler):
    def redirect_request(
        self, req: urllib.request.Request, fp: IO[bytes], code: int, msg: str, headers: http.client.HTTPMessage,
        newurl: str,
    ) -> None:  # fmt: skip
        """Follow nothing: the user named one host."""
        raise urllib.error.HTTPError(req.full_url, code, f"sends us away to {newurl[:200]}", headers, fp)


def ask_time_stamp(url: str, question: bytes) -> bytes:
    """Send the question, return the answer's bytes. Raises NetauditError with what to do instead."""
    if urlsplit(url).scheme not in ("http", "https"):
        raise NetauditError(f"{url} is no http or https address")
    headers = {"User-Agent": f"netaudit/{__version__}", "Content-Type": "application/timestamp-query"}
    request = urllib.request.Request(url, question, headers)  # noqa: S310
    try:
        opener = urllib.request.build_opener(_Stay())
        with opener.open(request, timeout=_TIMEOUT) as answer:
            kind, body = answer.headers.get_content_type(), bytes(answer.read(_LIMIT + 1))
    except (OSError, ValueError, http.client.HTTPException) as error:
        instead = "By hand: `netaudit pack --timestamp-question FILE`, later `--timestamp-answer FILE`"
        raise NetauditError(f"{url}: {error}. {instead}") from error
    if kind != "application/timestamp-reply" or len(body) > _LIMIT:
        raise NetauditError(f"{url}: answered {kind}, {len(body)} bytes: this is no time stamp authority")
    return body
