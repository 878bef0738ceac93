"""Sockets that are done with, but stay open and deaf until the run ends.

When a UDP socket is closed, our kernel tells every late answerer that nobody listens (ICMP), whoever that is: also a
forged sender outside the scope. A socket that is still bound swallows those answers without a word.
"""

import os
import socket
import weakref
from collections import deque
from contextlib import suppress
from typing import Final, TypeAlias

_MOST: Final = 256
_LEAST_BUFFER: Final = 1

_Kept: TypeAlias = deque[tuple[int, int]]


class Parked:
    """Keeps descriptors, the oldest closed first; all are closed with this object at the latest."""

    def __init__(self) -> None:
        self._kept: _Kept = deque()
        self.close = weakref.finalize(self, _close_all, self._kept)

    def keep(self, sock: socket.socket) -> None:
        """Take over a socket: what comes in from now on is dropped by the kernel when the least buffer is full."""
        try:
            sock.setsockopt(socket.SOL_SOCKET, socket.SO_RCVBUF, _LEAST_BUFFER)
            number = int(sock.getsockname()[1])
        except OSError:
            sock.close()
            return
        self._kept.append((number, sock.detach()))
        if len(self._kept) > _MOST:
            _close(self._kept.popleft()[1])

    def release(self, number: int) -> None:
        """Close what is kept on this local port: it is wanted again, and its answers must come to the new socket."""
        for entry in [entry for entry in self._kept if entry[0] == number]:
            self._kept.remove(entry)
            _close(entry[1])


def _close_all(kept: _Kept) -> None:
    while kept:
        _close(kept.pop()[1])


def _close(descriptor: int) -> None:
    with suppress(OSError):
        os.close(descriptor)
