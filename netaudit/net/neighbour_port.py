"""A packet socket that asks for the neighbours of one link, many at a time: by ARP or by IPv6 neighbour discovery."""

import socket
from collections.abc import Callable
from typing import Final, TypeAlias

from netaudit.net.frame_batch import FrameBatch
from netaudit.scope.gate import Gate

Patch: TypeAlias = Callable[[bytearray, int, bytes], None]
"""Writes one target (4 or 16 bytes) into the frame that begins at a place of the batch."""

_LONGEST: Final = 2048


class NeighbourPort:
    """One link's socket. What leaves is the template, with nothing changed but what `patch` writes."""

    def __init__(self, sock: socket.socket, gate: Gate, template: bytes, patch: Patch) -> None:
        gate.pass_frame(template)
        self.sock, self._gate, self._patch = sock, gate, patch
        self.batch = FrameBatch(sock, template)
        self._admitted: dict[str, bytes] = {}

    def queue(self, address: str) -> None:
        """Put the question for one address into the batch. Raises ScopeError."""
        packed = self._admitted.get(address)
        if packed is None:
            self._gate.pass_(address, 0)
            packed = socket.inet_pton(socket.AF_INET6 if ":" in address else socket.AF_INET, address)
            self._admitted[address] = packed
        self._patch(self.batch.frames, self.batch.queued * self.batch.stride, packed)
        self.batch.queued += 1

    def receive(self) -> bytes | None:
        """Return one frame, None when nothing is there."""
        try:
            return self.sock.recv(_LONGEST)
        except OSError:
            return None

    def close(self) -> None:
        """Close the socket."""
        self.sock.close()
