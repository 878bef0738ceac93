"""What every request passes first and every answer last: host name, size, and the headers that hold a browser."""

from typing import Final

from starlette.datastructures import Headers, MutableHeaders
from starlette.responses import PlainTextResponse
from starlette.types import ASGIApp, Message, Receive, Scope, Send

from netaudit.web.settings import Settings

LARGEST_FORM: Final = 2 * 2**20
LARGEST_UPLOAD: Final = 26 * 2**20
_HEADERS: Final = {
    # No script but our own files, nothing from elsewhere, no framing, no form to elsewhere.
    "content-security-policy": "default-src 'none'; script-src 'self'; style-src 'self'; img-src 'self' data:; "
    "connect-src 'self'; form-action 'self'; frame-ancestors 'none'; base-uri 'none'",
    "x-content-type-options": "nosniff",
    "referrer-policy": "no-referrer",
    "x-frame-options": "DENY",
    "cross-origin-opener-policy": "same-origin",
    "cross-origin-resource-policy": "same-origin",
    "permissions-policy": "camera=(self), geolocation=(), microphone=()",
}


class Gate:
    """ASGI middleware: refuses foreign host names and large bodies, sets the safety headers."""

    def __init__(self, app: ASGIApp, settings: Settings) -> None:
        self._app = app
        self._settings = settings

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Serve one request."""
        if scope["type"] != "http":
            await self._app(scope, receive, send)
            return
        headers = Headers(scope=scope)
        if _host(headers.get("host", "")) not in self._settings.hosts:
            answer = PlainTextResponse("This page is not served under that name.", 421)
            await answer(scope, receive, self._dressed(send, scope))
            return
        limit = LARGEST_UPLOAD if scope["path"].endswith(("/attachments", "/floors")) else LARGEST_FORM
        if int(headers.get("content-length") or 0) > limit:
            answer = PlainTextResponse(f"At most {limit // 2**20} MB are accepted here.", 413)
            await answer(scope, receive, self._dressed(send, scope))
            return
        await self._app(scope, _limited(receive, limit), self._dressed(send, scope))

    def _dressed(self, send: Send, scope: Scope) -> Send:
        async def dressed(message: Message) -> None:
            if message["type"] == "http.response.start":
                headers = MutableHeaders(scope=message)
                for name, value in _HEADERS.items():
                    headers.setdefault(name, value)
                if not scope["path"].startswith("/static/"):
                    headers.setdefault("cache-control", "no-store")
                if self._settings.secure:
                    headers.setdefault("strict-transport-security", "max-age=31536000")
            await send(message)

        return dressed


def _limited(receive: Receive, limit: int) -> Receive:
    """A body that grows past the limit ends there: what follows is read as a broken connection."""
    read = 0

    async def limited() -> Message:
        nonlocal read
        message = await receive()
        read += len(message.get("body", b""))
        return {"type": "http.disconnect"} if read > limit else message

    return limited


def _host(value: str) -> str:
    """The name in a Host header, without its port and brackets."""
    if value.startswith("["):
        return value[1:].partition("]")[0]
    return value.partition(":")[0].lower()
