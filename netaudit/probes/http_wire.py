"""HTTP/1.1 as bytes, for the probes: honest, short requests; answers taken apart by the reader of the evidence."""

from dataclasses import dataclass
from typing import Final

from netaudit import __version__
from netaudit.evidence import http_message
from netaudit.net.exchange import Dialogue
from netaudit.probes.hints import url_host

MAX_PAGE: Final = http_message.MAX_BODY + 8 * 1024
"""Bytes of one answer that are kept: head and body."""

_COMMON: Final = f"User-Agent: netaudit/{__version__}\r\nAccept: */*\r\nAccept-Encoding: identity\r\n"


@dataclass(frozen=True, slots=True)
class HttpAnswer:
    """An answer taken apart: status code (0 where there is none) and body without its transfer coding.

    `whole`: the body is as long as the head promised, and not longer than is kept.
    """

    status: int
    message: http_message.Message
    body: bytes
    whole: bool


def get(ip: str, port: int, path: str, *, tls: bool = False, extra: str = "") -> bytes:
    """Build a GET. `path` must be one that `hints.plain_path` let through, or a constant; `extra` as for `post`."""
    return f"GET {path} HTTP/1.1\r\nHost: {_host(ip, port, tls)}\r\n{_COMMON}{extra}Connection: close\r\n\r\n".encode()


def post(ip: str, port: int, path: str, body: bytes, content_type: str, *, tls: bool = False, extra: str = "") -> bytes:
    """Build a POST. `extra`: whole header lines, each with its CRLF."""
    head = (
        f"POST {path} HTTP/1.1\r\nHost: {_host(ip, port, tls)}\r\n{_COMMON}Content-Type: {content_type}\r\n"
        f"Content-Length: {len(body)}\r\n{extra}Connection: close\r\n\r\n"
    )
    return head.encode() + body


def path_of(request: bytes) -> str:
    """Return the path of a request that we built ourselves."""
    return request.split(b" ", 2)[1].decode()


def target_of(request: Dialogue) -> dict[str, str | int]:
    """Return what an HTTP request of ours adds to the target: port, transport, path, scheme."""
    path = path_of(request.messages[0])
    return {"port": request.port, "transport": "tcp", "path": path, "scheme": "https" if request.tls else "http"}


def parse(raw: bytes) -> HttpAnswer | None:
    """Take an answer apart; None when it is not HTTP. Wrong lengths and broken chunks are put up with."""
    if not raw.startswith(b"HTTP/"):
        return None
    message = http_message.split(raw)
    body = http_message.content(message)
    length = message.header("content-length")
    promised = int(length) if length.isascii() and length.isdigit() and len(length) < 10 else 0
    whole = promised <= len(message.body) and len(body) < http_message.MAX_BODY
    return HttpAnswer(int(http_message.status(message.start) or 0), message, body, whole)


def _host(ip: str, port: int, tls: bool) -> str:
    return url_host(ip) if port == (443 if tls else 80) else f"{url_host(ip)}:{port}"
