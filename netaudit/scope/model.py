"""Who allowed what: the written scope as plain data."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import date
from ipaddress import IPv4Address, IPv4Network, IPv6Address, IPv6Network
from typing import Final, Literal, TypeAlias

Address: TypeAlias = IPv4Address | IPv6Address
Net: TypeAlias = IPv4Network | IPv6Network

# Ports where one packet is known to do harm: raw printing, S7, Modbus, DNP3, IEC 104, BACnet, EtherNet/IP, FINS,
# Omron, MELSEC, Red Lion, ProConOS (anchors: runZero help, OT-safety checklists; design 4.4).
NEVER_TOUCH: Final = frozenset(
    {9100, 9101, 9102, 515, 102, 502, 20000, 2404, 47808, 44818, 2222, 9600, 5007, 789, 20547, 1911, 4911}
)


SOURCES: Final = ("env", "keyring", "file", "age")
"""Where a secret may lie: `scheme:place`."""


@dataclass(frozen=True, slots=True)
class Authorisation:
    """Who allowed this run; hashed into every log and pack."""

    organisation: str
    authorised_by: str
    role: str
    reference: str
    valid_from: date
    valid_until: date


@dataclass(frozen=True, slots=True)
class Limits:
    """Politeness: packets/s in all; per host: packets/s, open connections, pause (s) between connections.

    `stop_when_silent`: the run stops itself when a larger share of the hosts that answered before fell silent.
    """

    packets_per_second: int = 500
    packets_per_host: int = 10
    connections_per_host: int = 1
    pause: float = 0.1
    never_touch: frozenset[int] = NEVER_TOUCH
    stop_when_silent: float = 0.05


@dataclass(frozen=True, slots=True)
class Network:
    """One network of the owner: what may be asked, where it is, what is left out."""

    cidr: Net
    site: str = ""
    name: str = ""
    exclude: tuple[Net, ...] = ()
    public: bool = False
    reason: str = ""

    def holds(self, address: Address) -> bool:
        """True when the address lies in this network and is not excluded."""
        return (
            address.version == self.cidr.version
            and address in self.cidr
            and not any(_has(out, address) for out in self.exclude)
        )


@dataclass(frozen=True, slots=True)
class Credential:
    """A name for a secret that the owner bound to devices; never the secret itself.

    `source`: "env:NAME", "keyring:SERVICE/USER", "file:PATH" or "age:PATH#NAME".
    `bound_to`: addresses, networks or MACs, as written. `authentication`: of an SNMP version 3 user, whose secret it
    signs with; `privacy`, `privacy_source`: where messages are encrypted too.
    """

    name: str
    username: str
    source: str
    bound_to: tuple[str, ...]
    protocols: tuple[str, ...] = ("onvif",)
    authentication: str = ""
    privacy: str = ""
    privacy_source: str = ""

    @property
    def private(self) -> "Credential | None":
        """The second secret of an SNMP version 3 user, None where messages are signed but not encrypted."""
        if not self.privacy:
            return None
        return Credential(f"{self.name} (privacy)", self.username, self.privacy_source, self.bound_to, self.protocols)


Role: TypeAlias = Literal["switch", "router"]


@dataclass(frozen=True, slots=True)
class SnmpAgent:
    """One switch or router. Version 3 where `user` is set, else 2c; the secrets are named, never held.

    `secret`: the community, or the authentication secret of the user; `privacy_secret`: None where messages are signed
    but not encrypted.
    """

    role: Role
    address: str
    name: str
    secret: Credential
    user: str = ""
    authentication: str = ""
    privacy: str = ""
    privacy_secret: Credential | None = None

    @property
    def label(self) -> str:
        """How reports name it: the owner's name for it, else its address."""
        return self.name or self.address


@dataclass(frozen=True, slots=True)
class Scope:
    """The whole written scope. `raw` are the file's bytes: their SHA-256 starts the log's hash chain."""

    authorisation: Authorisation
    networks: tuple[Network, ...]
    limits: Limits = field(default_factory=Limits)
    credentials: tuple[Credential, ...] = ()
    raw: bytes = b""
    agents: tuple[SnmpAgent, ...] = ()

    def network_of(self, address: Address) -> Network | None:
        """Return the most specific network that holds the address, None when it is out of scope.

        What one network leaves out is not let in by another that overlaps it, unless that one is at least as specific
        as the exclusion: so a part of a campus can be left out there and be a network of its own.
        """
        holding = [network for network in self.networks if network.holds(address)]
        found = max(holding, key=lambda network: network.cidr.prefixlen, default=None)
        if found is None or len(self.networks) == 1:
            return found
        closest = max((out.prefixlen for net in self.networks for out in net.exclude if _has(out, address)), default=0)
        return None if closest > found.cidr.prefixlen else found

    def stray_exclusions(self) -> tuple[str, ...]:
        """Return exclusions that touch no network of the scope, as text: most likely mistyped.

        Such a line harms nobody by itself, but the address that was meant is asked.
        """
        excluded = [out for network in self.networks for out in network.exclude]
        return tuple(str(out) for out in excluded if not any(_overlap(out, net.cidr) for net in self.networks))

    def segment_of(self, address: Address) -> Network | None:
        """Return the most specific network whose range has the address, excluded or not.

        For our own address: to leave the scanning machine out of the scan is usual, and must not blind it.
        """
        around = [net for net in self.networks if net.cidr.version == address.version and address in net.cidr]
        return max(around, key=lambda network: network.cidr.prefixlen, default=None)


def _overlap(one: Net, two: Net) -> bool:
    return _has(one, two.network_address) or _has(two, one.network_address)


def _has(network: Net, address: Address) -> bool:
    return address.version == network.version and address in network


Profile: TypeAlias = Literal["gentle", "normal", "fast"]

# Five a host, not fewer: opening a connection takes two, and what comes in costs acknowledgements in the same second.
PROFILES: Final[Mapping[str, Limits]] = {
    "gentle": Limits(packets_per_second=50, packets_per_host=5, pause=0.5),
    "normal": Limits(),
    "fast": Limits(packets_per_second=5000, packets_per_host=40, connections_per_host=2, pause=0.02),
}
