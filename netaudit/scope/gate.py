"""The gate: the one object that says yes or no to every packet of the program."""

from collections import Counter
from dataclasses import dataclass, field
from datetime import date
from functools import lru_cache
from ipaddress import IPv6Address, ip_address
from typing import Final

from netaudit.errors import ScopeError
from netaudit.scope.model import Address, Scope

# Link-local groups and broadcast: they reach the segment an interface of ours is on, and no further (TTL 1).
DISCOVERY_GROUPS: Final = frozenset(
    {
        ("239.255.255.250", 3702),
        ("239.255.255.250", 1900),
        ("239.255.255.250", 37020),
        ("239.255.255.251", 37810),
        ("224.0.0.251", 5353),
        ("ff02::c", 3702),
        ("ff02::fb", 5353),
    }
)


@dataclass(slots=True)
class Gate:
    """Holds every request against the written scope. Refusals are counted, never silently dropped.

    A group or broadcast address passes only when it is sent from an interface whose own network is in scope.
    """

    scope: Scope
    today: date
    refused: Counter[str] = field(default_factory=Counter)

    def __post_init__(self) -> None:
        check_dates(self.scope, self.today)

    def allows(self, address: str, port: int) -> str | None:
        """Return None when a packet may go to this address and port, else the reason why not."""
        if port in self.scope.limits.never_touch:
            return f"port {port} is on the never-touch list"
        try:
            parsed = plain_address(address)
        except ValueError:
            return f"{address!r} is not an IP address"
        if self.scope.network_of(parsed) is None:
            return f"{address} is outside the written scope"
        return None

    def allows_group(self, group: str, port: int, source: str) -> str | None:
        """Return None when `group`:`port` may be asked from the interface address `source`, else the reason."""
        if (group, port) not in DISCOVERY_GROUPS and not _is_broadcast(group):
            return f"{group}:{port} is not a discovery group"
        if port in self.scope.limits.never_touch:
            return f"port {port} is on the never-touch list"
        if self.scope.segment_of(plain_address(source)) is None:
            return f"the interface address {source} is in no network of the scope"
        return None

    def pass_(self, address: str, port: int) -> None:
        """Raise ScopeError, and count it, unless the packet may go."""
        self._raise(self.allows(address, port))

    def pass_group(self, group: str, port: int, source: str) -> None:
        """Raise ScopeError, and count it, unless the group may be asked from `source`."""
        self._raise(self.allows_group(group, port, source))

    def _raise(self, reason: str | None) -> None:
        if reason is not None:
            self.refused[reason] += 1
            raise ScopeError(reason)


def check_dates(scope: Scope, today: date) -> None:
    """Raise ScopeError when the authorisation is not valid today."""
    granted = scope.authorisation
    if today < granted.valid_from:
        raise ScopeError(
            f"the authorisation starts on {granted.valid_from}, today is {today}: "
            "wait, or have valid_from in [authorisation] changed by the person who authorises"
        )
    if today > granted.valid_until:
        raise ScopeError(
            f"the authorisation ended on {granted.valid_until}, today is {today}: "
            f"ask {granted.authorised_by or 'the person who authorises'} to renew it and set valid_until"
        )


@lru_cache(maxsize=8192)
def plain_address(address: str) -> Address:
    """Parse an address without its zone ("fe80::1%eth0") and unmapped from IPv4-in-IPv6. Raises ValueError."""
    parsed = ip_address(address.partition("%")[0])
    if isinstance(parsed, IPv6Address) and parsed.ipv4_mapped is not None:
        return parsed.ipv4_mapped
    return parsed


def _is_broadcast(address: str) -> bool:
    return address.endswith(".255")
