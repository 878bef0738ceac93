"""The gate: the one object that says yes or no to every packet of the program."""

from collections import Counter
from dataclasses import dataclass, field
from datetime import date
from functools import lru_cache
from ipaddress import IPv6Address, ip_address

from netaudit.errors import ScopeError
from netaudit.scope.allow_list import BROADCAST, AllowList, shipped_list
from netaudit.scope.model import Address, Scope


@dataclass(slots=True)
class Gate:
    """Holds every request against the written scope and the allow-list. Refusals are counted, never silently dropped.

    A group or broadcast address passes only when it is sent from an interface whose own network is in scope. The
    groups are those of the allow-list: they reach the segment an interface of ours is on, and no further (TTL 1).
    """

    scope: Scope
    today: date
    allowed: AllowList = field(default_factory=shipped_list)
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
        if (group, port) not in self.allowed.groups and not _is_broadcast(group):
            return f"{group}:{port} is not a discovery group"
        if port in self.scope.limits.never_touch:
            return f"port {port} is on the never-touch list"
        if self.scope.segment_of(plain_address(source)) is None:
            return f"the interface address {source} is in no network of the scope"
        return None

    def allows_datagram(self, payload: bytes, port: int, group: str | None = None) -> str | None:
        """Return None when the allow-list has this datagram for `port` of `group` (None: of one host), else why not."""
        reached = BROADCAST if group is not None and _is_broadcast(group) else group
        if self.allowed.datagram(payload, port, reached) is None:
            return f"a datagram of {len(payload)} bytes to {group or 'a host'}, port {port}, is not on the allow-list"
        return None

    def allows_message(self, payload: bytes, port: int) -> str | None:
        """Return None when the allow-list has this message for a TCP connection to `port`, else why not."""
        if self.allowed.message(payload, port) is None:
            return f"a message of {len(payload)} bytes to TCP port {port} is not on the allow-list"
        return None

    def pass_(self, address: str, port: int) -> None:
        """Raise ScopeError, and count it, unless the packet may go."""
        self._raise(self.allows(address, port))

    def pass_group(self, group: str, port: int, source: str) -> None:
        """Raise ScopeError, and count it, unless the group may be asked from `source`."""
        self._raise(self.allows_group(group, port, source))

    def pass_datagram(self, payload: bytes, port: int, group: str | None = None) -> None:
        """Raise ScopeError, and count it, unless the datagram is on the allow-list."""
        self._raise(self.allows_datagram(payload, port, group))

    def pass_message(self, payload: bytes, port: int) -> None:
        """Raise ScopeError, and count it, unless the message is on the allow-list."""
        self._raise(self.allows_message(payload, port))

    def pass_frame(self, payload: bytes) -> None:
        """Raise ScopeError, and count it, unless the Ethernet frame is on the allow-list."""
        unlisted = self.allowed.frame(payload) is None
        self._raise(f"a frame of {len(payload)} bytes is not on the allow-list" if unlisted else None)

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
