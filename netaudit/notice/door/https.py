"""One POST to the address that the user names. Directly, and never anywhere else than there."""

import http.client
import socket
import ssl
from collections.abc import Mapping
from typing import Final
from urllib.parse import urlsplit

from netaudit.notice.door.stream import Answer, stream, tls, told
from netaudit.notice.settings import Webhook

# Too early, too many, or a time-out: the same message may be taken later. Any other 4xx says that it never will.
_LATER: Final = frozenset({408, 425, 429})


def send_hook(channel: Webhook, data: bytes, headers: Mapping[str, str]) -> Answer:
    """Post one message. What goes wrong is an answer, never an error. The body of the reply is not read."""
    parts = urlsplit(channel.url)
    host = parts.hostname or ""
    secure = parts.scheme == "https"
    port = parts.port or (443 if secure else 80)
    target = (parts.path or "/") + (f"?{parts.query}" if parts.query else "")
    try:
        with stream(host, port) as plain:
            if not secure:
                return _post(plain, host, port, target, data, headers)
            with tls(channel.ca).wrap_socket(plain, server_hostname=host) as sock:
                return _post(sock, host, port, target, data, headers)
    except (OSError, http.client.HTTPException, ValueError) as error:
        return told(error)


def _post(
    sock: socket.socket, host: str, port: int, target: str, data: bytes, headers: Mapping[str, str]
) -> Answer:  # fmt: skip
    # Of the connection's class only the default port matters, for the Host header.
    kind = http.client.HTTPSConnection if isinstance(sock, ssl.SSLSocket) else http.client.HTTPConnection
    connection = kind(host, port)
    connection.sock = sock
    try:
        connection.request("POST", target, data, {**headers, "Connection": "close"})
        reply = connection.getresponse()
        status, reason = reply.status, reply.reason
        away = reply.getheader("Location", "")
        reply.close()
    finally:
        connection.close()
    if 200 <= status < 300:
        return Answer()
    if 300 <= status < 400:
        return Answer(f"{status}: sends us away to {away[:200]}, which is not followed", final=True)
    return Answer(f"{status} {reason}"[:500], final=400 <= status < 500 and status not in _LATER)
