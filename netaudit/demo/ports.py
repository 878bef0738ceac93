"""Where the building can stand: a free block of loopback addresses, and ports that may be bound there."""

import errno
import os
import socket
from collections.abc import Iterable
from dataclasses import dataclass, field
from typing import Final

from netaudit.errors import UsageError

FIRST_BLOCK: Final = 77
_BLOCKS: Final = range(FIRST_BLOCK, FIRST_BLOCK + 64)
# Held open while a building stands in a block, so that two buildings never share an address.
_LOCK_PORT: Final = 7777
_MOVED: Final = {80: 8080, 88: 8080, 443: 8443, 554: 8554}


@dataclass(frozen=True, slots=True)
class Ports:
    """Which ports the building speaks on. `closed`: well-known ports that cannot be bound here, with the reason."""

    closed: dict[int, str] = field(default_factory=dict)

    def moved(self, port: int) -> int:
        """Return the port to bind for a well-known one; 0 where there is no second choice."""
        return _MOVED.get(port, 0) if port in self.closed else port

    @property
    def notice(self) -> str:
        """One sentence for the user when ports were moved, else empty."""
        if not self.closed:
            return ""
        reasons = " and ".join(sorted(set(self.closed.values())))
        named = ", ".join(
            f"{port} ({'now ' + str(self.moved(port)) if self.moved(port) else 'left out'})" for port in self.closed
        )
        return f"Some well-known ports cannot be opened here ({reasons}): {named}."


def find_ports(address: str, wanted: Iterable[int]) -> Ports:
    """Try to bind each wanted port below 1024 of a loopback address. Most systems ask for a privilege there."""
    closed: dict[int, str] = {}
    for port in sorted(port for port in set(wanted) if port < 1024):
        with socket.socket(socket.AF_INET, socket.SOCK_STREAM) as probe:
            probe.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
            try:
                probe.bind((address, port))
            except OSError as error:
                closed[port] = os.strerror(error.errno or errno.EINVAL).lower()
    return Ports(closed)


def claim_block() -> tuple[int, socket.socket]:
    """Return the second number of a free block 127.N.0.0/16 and the socket that claims it until it is closed.

    Raises UsageError when loopback addresses other than 127.0.0.1 do not work (they do on Linux) or all are taken.
    """
    for block in _BLOCKS:
        claim = socket.socket(socket.AF_INET, socket.SOCK_STREAM)
        try:
            claim.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
            claim.bind((f"127.{block}.0.1", _LOCK_PORT))
            claim.listen(1)
        except OSError as error:
            claim.close()
            if error.errno == errno.EADDRNOTAVAIL:
                raise UsageError(
                    "the virtual building needs the whole of 127.0.0.0/8 on loopback, as Linux has it: run it there"
                ) from error
        else:
            return block, claim
    raise UsageError("64 virtual buildings already stand on this computer: stop one of them first")
