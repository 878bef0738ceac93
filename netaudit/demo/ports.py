"""Ports below 1024 need a privilege on most systems; without it the building moves to the usual second choices."""

import errno
import socket
from dataclasses import dataclass
from typing import Final

_MOVED: Final = {80: 8080, 81: 8081, 88: 8088, 443: 8443, 554: 8554}


@dataclass(frozen=True, slots=True)
class Ports:
    """Which ports the building speaks on. `privileged`: ports below 1024 may be bound."""

    privileged: bool

    def moved(self, port: int) -> int:
        """Return the port to bind for a well-known one; 0 where there is no second choice."""
        if self.privileged or port >= 1024:
            return port
        return _MOVED.get(port, 0)

    @property
    def notice(self) -> str:
        """One sentence for the user when ports were moved, else empty."""
        if self.privileged:
            return ""
        return "Ports below 1024 may not be bound here: the devices speak on 8080, 8443 and 8554 instead."


def find_ports(address: str) -> Ports:
    """Try to bind port 80 of a loopback address and see whether the system permits it."""
    with socket.socket(socket.AF_INET, socket.SOCK_STREAM) as probe:
        probe.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
        try:
            probe.bind((address, 80))
        except OSError as error:
            # In use is no lack of privilege: single ports that are taken are reported one by one.
            return Ports(privileged=error.errno == errno.EADDRINUSE)
    return Ports(privileged=True)
