"""One TCP connection, plain or TLS: send a message, receive a piece. Knows no framing and no deadline."""

import asyncio
import errno
import os
import socket
from collections.abc import Callable
from contextlib import suppress
from typing import Final

from netaudit.net.sockets import Door
from netaudit.net.tls import TlsSession
from netaudit.net.turns import Turns

_PIECE: Final = 16 * 1024


async def connect(door: Door, turns: Turns, address: str, port: int) -> socket.socket:
    """Open a TCP connection in its turn. Raises OSError (ConnectionRefusedError and others) or ScopeError."""
    sock, code = door.start_connect(address, port, turns.window)
    try:
        if code == errno.EINPROGRESS:
            await _writable(sock)
            code = sock.getsockopt(socket.SOL_SOCKET, socket.SO_ERROR)
        if code:
            # OSError picks the fitting subclass by the number.
            raise OSError(code, os.strerror(code))
    except BaseException:
        sock.close()
        raise
    turns.opened(sock)
    return sock


class Stream:
    """Bytes over a connected socket, through TLS where asked for, each in its turn.

    `check` raises ScopeError for what may not go.
    """

    def __init__(self, sock: socket.socket, check: Callable[[bytes], None], turns: Turns) -> None:
        self._sock = sock
        self.turns = turns
        self._check = check
        self._loop = asyncio.get_running_loop()
        self._tls: TlsSession | None = None
        self.sent = 0
        self.received = 0

    async def start_tls(self) -> TlsSession:
        """Do the handshake. Raises ssl.SSLError or OSError."""
        session = TlsSession()
        while not session.handshake():
            await self._flush(session)
            session.feed(await self._from_wire())
        await self._flush(session)
        self._tls = session
        return session

    async def send(self, message: bytes) -> None:
        """Send one message. Raises ScopeError, OSError or ssl.SSLError."""
        self._check(message)
        if self._tls is None:
            await self._to_wire(message)
        else:
            self._tls.encrypt(message)
            await self._flush(self._tls)

    async def receive(self) -> bytes:
        """Return the next piece, b"" at the end of the stream. Raises OSError or ssl.SSLError."""
        if self._tls is None:
            return await self._from_wire()
        while (piece := self._tls.decrypt(_PIECE)) is None:
            await self._flush(self._tls)
            self._tls.feed(await self._from_wire())
        return piece

    def close(self) -> None:
        """Close the connection."""
        self._sock.close()

    async def _flush(self, session: TlsSession) -> None:
        if pending := session.pending():
            await self._to_wire(pending)

    async def _to_wire(self, data: bytes) -> None:
        await self.turns.send()
        self.sent += len(data)
        try:
            await self._loop.sock_sendall(self._sock, data)
        finally:
            self.turns.sent()

    async def _from_wire(self) -> bytes:
        await self.turns.read_on()
        data = await self._loop.sock_recv(self._sock, _PIECE)
        self.received += len(data)
        return data


async def _writable(sock: socket.socket) -> None:
    loop = asyncio.get_running_loop()
    ready: asyncio.Future[None] = loop.create_future()

    def now_ready() -> None:
        if not ready.done():
            ready.set_result(None)

    loop.add_writer(sock, now_ready)
    try:
        await ready
    finally:
        with suppress(OSError, ValueError):
            loop.remove_writer(sock)
