"""The one place where netaudit asks a host outside the written scope: a registry's public list, by https, on request.

Nothing is sent but the request for the list itself. Only `netaudit oui update` comes here, after it has said which
hosts it will ask and somebody has agreed. A redirect to another host or away from https is an error, not followed.
"""

import http.client
import urllib.error
import urllib.request
from typing import IO, Final
from urllib.parse import urlsplit

from netaudit import __version__
from netaudit.errors import NetauditError

_TIMEOUT: Final = 60.0


class _SameHost(urllib.request.HTTPRedirectHandler):
    """Follows redirects inside the host that was agreed to, by https only."""

    def redirect_request(
        self, req: urllib.request.Request, fp: IO[bytes], code: int, msg: str, headers: http.client.HTTPMessage,
        newurl: str,
    ) -> urllib.request.Request | None:  # fmt: skip
        """Return the next request. Raises HTTPError for another host or another scheme."""
        old, new = urlsplit(req.full_url), urlsplit(newurl)
        if new.scheme != "https" or new.netloc != old.netloc:
            raise urllib.error.HTTPError(req.full_url, code, f"sends us away to {newurl[:200]}", headers, fp)
        return super().redirect_request(req, fp, code, msg, headers, newurl)


def fetch(url: str, limit: int) -> bytes:
    """Return the body at an https address, at most `limit` bytes. Raises NetauditError with what to do instead."""
    if urlsplit(url).scheme != "https":
        raise NetauditError(f"{url} is no https address: nothing else is asked")
    request = urllib.request.Request(url, headers={"User-Agent": f"netaudit/{__version__}", "Accept": "text/csv"})  # noqa: S310
    try:
        with urllib.request.build_opener(_SameHost()).open(request, timeout=_TIMEOUT) as answer:
            body: bytes = answer.read(limit + 1)
            promised = int(answer.headers.get("Content-Length") or len(body))
    except (OSError, ValueError, http.client.HTTPException) as error:
        raise NetauditError(f"{url}: {error}. Without internet: `netaudit oui import FILE...`") from error
    if len(body) > limit:
        raise NetauditError(f"{url}: the answer is longer than {limit} bytes: this is no registry list")
    if len(body) < promised:
        raise NetauditError(f"{url}: the answer broke off after {len(body)} of {promised} bytes: try again")
    return body
