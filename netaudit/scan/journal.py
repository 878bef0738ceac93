"""What a run writes down, and what it knows from an earlier part of the same run.

Writing never raises: when the disk is full the run is told to stop, with everything before it whole.
"""

from collections import defaultdict
from collections.abc import Callable, Iterable, Mapping
from dataclasses import fields
from typing import Any, Final, TypeAlias

from netaudit.clock import now, rfc3339
from netaudit.evidence.fields import every, first
from netaudit.evidence.observation import Observation, observe
from netaudit.net.exchange import Attempt, Reply, Status
from netaudit.probes.base import Heard, HostProbe, LoginProbe, SegmentProbe, is_experimental
from netaudit.scan.options import Log
from netaudit.scope.gate import plain_address
from netaudit.scope.model import Scope
from netaudit.sweep.live_host import LiveHost

Asker: TypeAlias = SegmentProbe | HostProbe | LoginProbe

SWEEP: Final = "sweep"
PORTS: Final = "tcp.ports"
INTERRUPTED: Final = "interrupted"
"""How the reason begins for what a resumed run must still do."""
UNTRIED: Final = "could not be tried"
"""How the reason begins where some ports of a host were not tried, whatever the others said."""
NOTHING_FITS: Final = "nothing fitting to ask: no such port open"

# dataclasses.asdict copies deeply: too slow for a line an address.
_ATTEMPT: Final = tuple(field.name for field in fields(Attempt))

# What an answer only repeats from the question, or what the hour makes different.
_ECHOED: Final = frozenset({"Uuid", "header.date"})


class Journal:
    """Writes observations and attempts; knows which (probe, target) are finished. `broken`: why nothing is written."""

    def __init__(self, log: Log, scope: Scope, sensor: str, stop: Callable[[str], None]) -> None:
        self._log, self._scope, self._sensor, self._stop = log, scope, sensor, stop
        self._of_host: defaultdict[str, list[Observation]] = defaultdict(list)
        self._finished: set[tuple[str, str]] = set()
        self._answered_sweep: set[str] = set()
        self._refused: defaultdict[str, set[str]] = defaultdict(set)
        self.broken = ""
        for observation in log.observations:
            self._remember(observation)
        for record in log.attempts:
            self._recall(record)
        self._doubt_what_waited_for_ports(log.attempts)

    def finished(self, probe: str, target: str) -> bool:
        """True when this part of the run needs not to do it (again)."""
        return (probe, target) in self._finished

    def of_host(self, ip: str) -> tuple[Observation, ...]:
        """Everything heard of one host in this run so far."""
        return tuple(self._of_host.get(ip, ()))

    def refused(self, reason: str) -> frozenset[str]:
        """Targets that refused for this reason, in an earlier part of the run too."""
        return frozenset(self._refused.get(reason, ()))

    def known_hosts(self) -> dict[str, LiveHost]:
        """Rebuild the living hosts from the log of the interrupted run."""
        hosts = {ip: _rebuilt(ip, heard) for ip, heard in self._of_host.items()}
        for ip in self._answered_sweep - hosts.keys():
            hosts[ip] = LiveHost(ip, "tcp")
        return hosts

    def keep(self, heard: Heard, reply: Reply, probe: Asker, request: str, transport: str = "tcp") -> bool:
        """Write one finding as an observation. True when it is new. `request`: SHA-256 of what was sent, "" unknown."""
        spoke = {"ip": reply.source, "port": reply.source_port, "transport": transport}
        target = spoke | self._place(reply.source) | dict(heard.target)
        via = self._via(interface=reply.interface, source_ip=reply.local, probe=probe.name, request=request)
        via |= {"version": probe.version} | ({"experimental": True} if is_experimental(probe) else {})
        made = observe(heard.kind, reply.at, target, via=via, raw=heard.raw, fields=heard.fields)
        return not self._says_nothing_new(made, transport) and self.write(made)

    def keep_fact(
        self,
        kind: str,
        ip: str,
        fields: Mapping[str, str | tuple[str, ...]],
        probe: str,
        interface: str = "",
        **target: str,
    ) -> bool:
        """Write what a sweep found out about a host."""
        via = self._via(interface=interface, probe=probe)
        return self.write(observe(kind, rfc3339(now()), {"ip": ip} | self._place(ip) | target, via=via, fields=fields))

    def write(self, observation: Observation) -> bool:
        """Append an observation. True when it is new evidence."""
        if self.broken:
            return False
        try:
            new = self._log.observation(observation)
        except OSError as error:
            self._break(error)
            return False
        if new:
            self._remember(observation)
        return new

    def attempt(
        self,
        probe: str,
        target: str,
        status: Status,
        reason: str = "",
        started: str = "",
        sent: int = 0,
        received: int = 0,
    ) -> None:
        """Write how one probe ended at one target."""
        if self.broken:
            return
        ended = rfc3339(now())
        attempt = Attempt(probe, target, status, reason, started or ended, ended, sent, received)
        try:
            self._log.attempt({name: getattr(attempt, name) for name in _ATTEMPT})
        except OSError as error:
            self._break(error)
        if status == "refused":
            self._refused[reason].add(target)
        if not reason.startswith(INTERRUPTED):
            self._finished.add((probe, target))

    def _says_nothing_new(self, made: Observation, transport: str) -> bool:
        """Repeated datagrams differ in message ids and ports only; one of them is evidence enough."""
        if transport != "udp" or not made.fields:
            return False
        heard = self.of_host(made.target["ip"])
        return any(known.kind == made.kind and _content(known) == _content(made) for known in heard)

    def network_label(self, ip: str) -> str:
        """The network of the scope that an address belongs to, as written; "" outside."""
        network = self._scope.network_of(plain_address(ip))
        return str(network.cidr) if network else ""

    def _break(self, error: OSError) -> None:
        self.broken = f"the log could not be written any more ({error.strerror or error}): the run was stopped"
        self._stop(self.broken)

    def _remember(self, observation: Observation) -> None:
        ip = observation.target.get("ip")
        if isinstance(ip, str):
            self._of_host[ip].append(observation)

    def _recall(self, record: Mapping[str, Any]) -> None:
        key = _key(record)
        # What never left is still to be asked, and so is what the kernel, a link or a missing secret kept back.
        if record.get("status") == "not_sent" or str(record.get("reason", "")).startswith((INTERRUPTED, UNTRIED)):
            self._finished.discard(key)
            return
        self._finished.add(key)
        if record.get("status") == "refused":
            self._refused[str(record.get("reason", ""))].add(key[1])
        if key[0] == SWEEP and record.get("status") == "answered":
            self._answered_sweep.add(key[1])

    def _doubt_what_waited_for_ports(self, attempts: Iterable[Mapping[str, Any]]) -> None:
        """Where ports are still to be tried, it is not known yet that nothing fits them."""
        for record in attempts:
            probe, target = _key(record)
            if record.get("reason") == NOTHING_FITS and (PORTS, target) not in self._finished:
                self._finished.discard((probe, target))

    def _place(self, ip: str) -> dict[str, str]:
        network = self._scope.network_of(plain_address(ip))
        return {"site": network.site} if network is not None and network.site else {}

    def _via(self, **known: str) -> dict[str, Any]:
        return {key: value for key, value in {"sensor": self._sensor, **known}.items() if value}


def _key(record: Mapping[str, Any]) -> tuple[str, str]:
    return str(record.get("probe", "")), str(record.get("target", ""))


def _content(observation: Observation) -> dict[str, str | tuple[str, ...]]:
    return {name: value for name, value in observation.fields.items() if name not in _ECHOED}


def _rebuilt(ip: str, heard: list[Observation]) -> LiveHost:
    ports = next((item for item in reversed(heard) if item.kind == PORTS), None)
    link = next((item for item in heard if item.kind == "link.mac"), None)
    return LiveHost(
        ip,
        "arp" if link else "tcp" if ports else "udp",
        first(link.fields, "mac") if link else "",
        str(link.via.get("interface", "")) if link else "",
        frozenset(map(int, every(ports.fields, "open"))) if ports else frozenset(),
        frozenset(map(int, every(ports.fields, "closed"))) if ports else frozenset(),
    )
