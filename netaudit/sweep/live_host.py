"""What a sweep finds: one living host."""

from dataclasses import dataclass
from typing import Literal, TypeAlias

How: TypeAlias = Literal["arp", "nd", "tcp", "udp", "nmap", "neighbours"]


@dataclass(frozen=True, slots=True)
class LiveHost:
    """One host that gave a sign of life.

    `mac`: lower case with colons, "" where no frame of it was seen. `interface`: "" behind a router.
    `how`: what told first that it lives.
    """

    ip: str
    how: How
    mac: str = ""
    interface: str = ""
    open_ports: frozenset[int] = frozenset()
    closed_ports: frozenset[int] = frozenset()
