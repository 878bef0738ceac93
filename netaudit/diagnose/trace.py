"""Everything that a run's record tells about one address, and about the network around it. Pure but for reading."""

import json
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass, field
from ipaddress import ip_address
from pathlib import Path
from typing import Any, Final

from netaudit.errors import UsageError
from netaudit.evidence.fields import every, first
from netaudit.evidence.line import from_line
from netaudit.evidence.log import ATTEMPTS, OBSERVATIONS, SCOPE, read_attempts
from netaudit.evidence.observation import Observation
from netaudit.evidence.run import RunInfo, read_run
from netaudit.net.routes import Route, parse_route, route_to
from netaudit.scope.load import parse_scope
from netaudit.scope.model import PROFILES, Address, Network, Profile, Scope
from netaudit.sweep.ports import camera_ports

SWEEP: Final = "sweep"
USUAL: Final = frozenset({"ws_discovery", "ssdp", "mdns"})
"""Questions to a whole segment that some device answers nearly everywhere."""

_RECORDER: Final = b'"recorder.channel"'


@dataclass(frozen=True, slots=True)
class Tried:
    """One line of attempts.jsonl. `target`: the address, or the label of the interface of a segment request."""

    probe: str
    target: str
    status: str
    reason: str
    started: str
    ended: str
    sent: int = 0
    received: int = 0


@dataclass(frozen=True, slots=True)
class Around:
    """The network of the scope around the address: how many of its addresses were swept, how many of them live.

    `spoke`: how many answered one of the `USUAL` questions when they were asked by address.
    """

    asked: int = 0
    living: int = 0
    spoke: int = 0


@dataclass(frozen=True, slots=True)
class Trace:
    """One address in one run.

    `network`: the network of the scope that allows it, `range`: the one whose range it lies in, excluded or not.
    `route`: the row that led there when the run began. `tried`: attempts at the address; `segment`: requests to groups
    on the interface that it would have heard; `heard`: observations of it; `channels`: recorder channels that name it.
    `ports`: the camera ports of the run; `opened`, `closed`: what answered on them.
    """

    address: Address
    run: RunInfo
    scope: Scope
    network: Network | None
    range: Network | None
    route: Route | None
    tried: tuple[Tried, ...] = ()
    segment: tuple[Tried, ...] = ()
    heard: tuple[Observation, ...] = ()
    channels: tuple[Observation, ...] = ()
    ports: tuple[int, ...] = ()
    around: Around = field(default_factory=Around)

    @property
    def interface(self) -> str:
        """Where packets to the address left: "eth0 10.20.0.2" on a link of ours, "eth0" behind a router."""
        if self.segment:
            return self.segment[0].target
        return self.route.interface if self.route else ""

    @property
    def on_link(self) -> bool:
        """True where the address was on a link of our own."""
        return self.route is not None and not self.route.gateway

    @property
    def swept(self) -> Tried | None:
        """The sweep's last word about the address."""
        return next((tried for tried in reversed(self.tried) if tried.probe == SWEEP), None)

    @property
    def seen(self) -> bool:
        """True when the host itself gave any sign of life."""
        return bool(self.heard) or any(tried.status in ("answered", "refused") for tried in self.tried)

    @property
    def opened(self) -> tuple[int, ...]:
        """TCP ports that accepted."""
        return self._listed("open")

    @property
    def closed(self) -> tuple[int, ...]:
        """TCP ports that refused."""
        return self._listed("closed")

    @property
    def dropped(self) -> tuple[int, ...]:
        """Camera ports that did neither, where the ports were tried."""
        if not any(tried.probe == "tcp.ports" for tried in self.tried):
            return ()
        return tuple(sorted(set(self.ports) - set(self.opened) - set(self.closed)))

    def status(self, probe: str) -> str:
        """How a probe ended at this address, "" where it was never tried."""
        return next((tried.status for tried in reversed(self.tried) if tried.probe == probe), "")

    def has(self, kind: str) -> bool:
        """True when something of this kind was heard of it."""
        return any(observation.kind == kind for observation in self.heard)

    def _listed(self, name: str) -> tuple[int, ...]:
        found = (every(one.fields, name) for one in self.heard if one.kind == "tcp.ports")
        return tuple(sorted({int(port) for ports in found for port in ports}))


def trace(folder: Path, text: str) -> Trace:
    """Read a run's folder for one address. Raises UsageError for what is no address, DataError for a broken record."""
    address = _address(text)
    run = read_run(folder)
    scope = parse_scope((folder / SCOPE).read_bytes(), _profile(run.profile), folder / SCOPE)
    routes = [route for written in run.routes if (route := parse_route(written)) is not None]
    route = route_to(address, routes)
    span = scope.segment_of(address)
    tried, segment, around = _attempts(read_attempts(folder / ATTEMPTS), str(address), route, span)
    heard, channels = _observations(folder / OBSERVATIONS, str(address))
    ports = camera_ports().without(scope.limits.never_touch).every
    return Trace(
        address, run, scope, scope.network_of(address), span, route, tried, segment, heard, channels, ports, around
    )


def _profile(name: str) -> Profile:
    return name if name in PROFILES else "normal"  # type: ignore[return-value]


def _address(text: str) -> Address:
    try:
        return ip_address(text.strip().partition("%")[0])
    except ValueError as error:
        raise UsageError(f"{text!r} is no IP address: netaudit why takes one, such as 10.20.0.7") from error


def _attempts(
    records: Iterable[Mapping[str, Any]], address: str, route: Route | None, span: Network | None
) -> tuple[tuple[Tried, ...], tuple[Tried, ...], Around]:
    tried: list[Tried] = []
    segment: list[Tried] = []
    swept: dict[str, bool] = {}
    spoke: set[str] = set()
    for record in records:
        probe, target, answered = record.get("probe"), str(record.get("target", "")), record.get("status") == "answered"
        if target == address:
            tried.append(_tried(record))
        elif route is not None and not route.gateway and _is_label(target, route, span):
            segment.append(_tried(record))
        if span is None or not (probe == SWEEP or (answered and probe in USUAL)) or not _inside(target, span):
            continue
        if probe == SWEEP:
            swept[target] = answered
        else:
            spoke.add(target)
    around = Around(len(swept), sum(swept.values()), len(spoke))
    return tuple(tried), tuple(segment), around


def _is_label(target: str, route: Route, span: Network | None) -> bool:
    """True for the label of an interface ("eth0 10.20.0.2") on whose segment the address lies."""
    name, _, own = target.partition(" ")
    if name != route.interface or not own:
        return False
    # On loopback every network of the scope has an address of ours, all on one interface.
    return name != "lo" or (span is not None and _inside(own, span))


def _tried(record: Mapping[str, Any]) -> Tried:
    def text(key: str) -> str:
        return str(record.get(key) or "")

    return Tried(
        text("probe"), text("target"), text("status"), text("reason"), text("started"), text("ended"),
        _count(record.get("sent")), _count(record.get("received")),
    )  # fmt: skip


def _count(value: object) -> int:
    return value if isinstance(value, int) and value > 0 else 0


def _inside(target: str, span: Network) -> bool:
    try:
        found = ip_address(target)
    except ValueError:
        return False
    return found.version == span.cidr.version and found in span.cidr


def _observations(path: Path, address: str) -> tuple[tuple[Observation, ...], tuple[Observation, ...]]:
    """Observations of the address, and recorder channels that name it. Only lines that hold it are parsed."""
    heard: list[Observation] = []
    channels: list[Observation] = []
    quoted = json.dumps(address).encode()
    for number, line in _lines(path):
        if quoted not in line:
            continue
        one = from_line(line, f"{path}:{number}")
        if one.target.get("ip") == address and one.kind != "recorder.channel":
            heard.append(one)
        if _RECORDER in line and first(one.fields, "ip") == address:
            channels.append(one)
    return tuple(heard), tuple(channels)


def _lines(path: Path) -> Iterator[tuple[int, bytes]]:
    if not path.exists():
        return
    with path.open("rb") as file:
        yield from ((number, line) for number, line in enumerate(file, 1) if line.strip())
