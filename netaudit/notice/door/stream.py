"""A TCP connection that ends after a fixed time, however slowly the other side drips; TLS over it."""

import socket
import ssl
import threading
from collections.abc import Iterator
from contextlib import closing, contextmanager, suppress
from dataclasses import dataclass
from pathlib import Path
from typing import Final

CONNECT: Final = 20.0
"""Seconds for a connection, and for each answer."""
WHOLE: Final = 60.0
"""Seconds for a whole conversation."""


@dataclass(frozen=True, slots=True)
class Answer:
    """How it ended. `error`: "" where the message was taken; `final`: trying again would be refused again."""

    error: str = ""
    final: bool = False


@contextmanager
def stream(host: str, port: int) -> Iterator[socket.socket]:
    """Connect, and cut the connection after `WHOLE` seconds. Raises OSError."""
    connected = socket.create_connection((host, port), timeout=CONNECT)
    # A second handle on the same connection: TLS takes the first over, and it must still be cut.
    with closing(connected) as sock, closing(sock.dup()) as handle:
        timer = threading.Timer(WHOLE, _cut, (handle,))
        timer.daemon = True
        timer.start()
        try:
            yield sock
        finally:
            timer.cancel()


def tls(ca: Path | None) -> ssl.SSLContext:
    """Return a context that checks the certificate and the host's name. Raises OSError for an unreadable file."""
    return ssl.create_default_context(cafile=str(ca) if ca else None)


def told(error: Exception) -> Answer:
    """Return a failure of the network as an answer: another day it may work."""
    text = str(error) or type(error).__name__
    return Answer(f"{type(error).__name__}: {text}"[:500] if type(error).__name__ not in text else text[:500])


def _cut(handle: socket.socket) -> None:
    with suppress(OSError):
        handle.shutdown(socket.SHUT_RDWR)
