"""What a run would send, to whom, and how long it would take: arithmetic before the first packet (perf.md 5). Pure."""

from collections.abc import Sequence
from dataclasses import dataclass
from math import ceil
from typing import Final

from netaudit.net.exchange import Datagram
from netaudit.net.interfaces import Interface
from netaudit.net.neighbours import STAYS, neighbour_room
from netaudit.net.segment import LIMITED_BROADCAST
from netaudit.probes.base import SegmentProbe, announcements, is_experimental
from netaudit.scan.catalogue import Catalogue
from netaudit.scan.discover import CHEAP
from netaudit.scan.ground import Ground, grounds
from netaudit.scan.options import ScanOptions
from netaudit.scan.time_left import Pace
from netaudit.scope.model import Limits, Scope
from netaudit.sweep.ports import CameraPorts, camera_ports

LIVE_SHARE: Final = 0.2
CAMERA_SHARE: Final = 0.1
"""Assumed where nothing is known yet: a fifth of the addresses live, a tenth are cameras."""

_EVERYBODY: Final = "ff:ff:ff:ff:ff:ff"
_CONNECT: Final = 3
_ARP_WAITS: Final = 1.6
_MEAN_CONVERSATION: Final = 0.5


@dataclass(frozen=True, slots=True)
class NetworkEstimate:
    """One network of the scope, reached in one way. `seconds`: for this network alone."""

    label: str
    site: str
    reach: str
    addresses: int
    live: int
    cameras: int
    packets: int
    seconds: float


@dataclass(frozen=True, slots=True)
class Announcement:
    """One segment request: what leaves by which interface, how many packets in all.

    `experimental`: asked only because the owner switched such probes on.
    """

    probe: str
    interface: str
    group: str
    port: int
    packets: int
    experimental: bool = False


@dataclass(frozen=True, slots=True)
class Estimate:
    """A whole run. `tcp_ports`: tried on every living host. `questions`: host probes; `directed`: UDP probes to hosts.

    `seconds` assumes the shares above; `seconds_if_empty` that nobody answers. `losses`: what cannot be asked at all.
    """

    networks: tuple[NetworkEstimate, ...]
    announcements: tuple[Announcement, ...]
    tcp_ports: tuple[int, ...]
    discovery_ports: tuple[int, ...]
    directed: tuple[str, ...]
    questions: tuple[str, ...]
    packets: int
    seconds: float
    seconds_if_empty: float
    losses: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class _Costs:
    """Packets of ours: an address of each reach that lives, one that is silent, one camera's questions."""

    ports: CameraPorts
    directed: int
    cheap: int
    questions: int

    def silent(self, reach: str) -> int:
        if reach == "link":
            return 2
        return len(self.ports.every) if reach == "loopback" else 2 * len(self.ports.discovery) + self.cheap

    def live(self, reach: str) -> int:
        found = 1 if reach == "link" else 0
        return found + len(self.ports.every) + self.directed * (2 if reach == "routed" else 1)

    @property
    def camera(self) -> int:
        return self.questions + 2 * _CONNECT


def estimate(
    scope: Scope,
    interfaces: Sequence[Interface],
    catalogue: Catalogue,
    options: ScanOptions | None = None,
    near: Sequence[Interface] = (),
) -> Estimate:
    """Reckon a native run. `interfaces`, `near`: as `interfaces_in_scope` and `other_links` give them."""
    options = options or ScanOptions()
    ports = camera_ports().without(scope.limits.never_touch)
    costs = _costs(catalogue, ports)
    ground, losses = grounds(scope, (*interfaces, *near))
    announcements = tuple(_announcements(catalogue, interfaces))
    networks = tuple(_network(part, costs, scope.limits, options) for part in ground)
    spoken = sum(announcement.packets for announcement in announcements)
    packets = spoken + sum(network.packets for network in networks)
    silence = spoken + sum(costs.silent(part.reach) * len(part.addresses) for part in ground)
    return Estimate(
        networks=networks,
        announcements=announcements,
        tcp_ports=ports.every,
        discovery_ports=ports.discovery,
        directed=tuple(probe.name for probe in catalogue.segment if probe.directed()),
        questions=tuple(probe.name for probe in catalogue.host),
        packets=packets,
        seconds=max(
            _seconds(packets, max((network.live for network in networks), default=0), costs, scope.limits, options),
            max((network.seconds for network in networks), default=0.0),
        ),
        seconds_if_empty=_seconds(silence, 0, costs, scope.limits, options),
        losses=losses,
    )


def pace_of(limits: Limits, catalogue: Catalogue, ports: CameraPorts, options: ScanOptions) -> Pace:
    """Return what bounds a run, for the time that it has left."""
    costs = _costs(catalogue, ports)
    return Pace(
        overall=limits.packets_per_second,
        a_host=limits.packets_per_host,
        ports=len(ports.every),
        directed=costs.directed,
        cheap=costs.cheap,
        questions=costs.questions,
        window=options.window,
        wait=options.directed_wait,
    )


def _costs(catalogue: Catalogue, ports: CameraPorts) -> _Costs:
    directed = {probe.name: len(probe.directed()) for probe in catalogue.segment}
    return _Costs(
        ports,
        sum(directed.values()),
        sum(1 for name in CHEAP if directed.get(name)),
        sum(probe.packets for probe in catalogue.host),
    )


def _network(ground: Ground, costs: _Costs, limits: Limits, options: ScanOptions) -> NetworkEstimate:
    addresses = len(ground.addresses)
    live = ceil(addresses * LIVE_SHARE)
    cameras = ceil(addresses * CAMERA_SHARE)
    packets = (addresses - live) * costs.silent(ground.reach) + live * costs.live(ground.reach) + cameras * costs.camera
    seconds = _seconds(packets, live, costs, limits, options)
    if ground.reach == "link":
        seconds = max(seconds, round(live // neighbour_room() * STAYS, 1))
    return NetworkEstimate(ground.label, ground.network.site, ground.reach, addresses, live, cameras, packets, seconds)


def _seconds(packets: int, live: int, costs: _Costs, limits: Limits, options: ScanOptions) -> float:
    """The listening window overlaps the sweep; waits for late answers and the pace of a single host do not."""
    sending = packets / limits.packets_per_second
    waits = _ARP_WAITS + options.connect_patience
    if live:
        one_host = max(0, costs.camera - limits.packets_per_host) / limits.packets_per_host
        talks = live * _MEAN_CONVERSATION / options.hosts_at_once
        waits += 1.25 * options.directed_wait + max(one_host, talks)
    return round(max(options.window, sending + waits), 1)


def _announcements(catalogue: Catalogue, interfaces: Sequence[Interface]) -> list[Announcement]:
    frames = [
        Announcement(probe.name, interface.label, _EVERYBODY, 0, probe.repeats, is_experimental(probe))
        for interface in interfaces
        for probe in catalogue.link
        for _ in probe.frames(interface.mac, interface.address)
    ]
    return [
        *frames,
        *_datagrams(catalogue, interfaces),
    ]


def _datagrams(catalogue: Catalogue, interfaces: Sequence[Interface]) -> list[Announcement]:
    return [
        Announcement(
            probe.name,
            interface.label,
            datagram.group,
            datagram.port,
            _sent(datagram, interface),
            is_experimental(probe),
        )
        for interface in interfaces
        for probe in catalogue.segment
        for datagram in _for(probe, interface)
        if datagram.group
    ]


def _for(probe: SegmentProbe, interface: Interface) -> list[Datagram]:
    fitting = interface.version == 6
    asked = announcements(probe, interface.mac, interface.address)
    return [datagram for datagram in asked if datagram.group and (":" in datagram.group) == fitting]


def _sent(datagram: Datagram, interface: Interface) -> int:
    both = 2 if datagram.group == LIMITED_BROADCAST and interface.broadcast.endswith(".255") else 1
    return datagram.repeats * both * (2 if datagram.bind and datagram.from_both else 1)
