"""What a probe is."""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field
from types import MappingProxyType
from typing import Any, ClassVar, Final, Protocol, runtime_checkable

from netaudit.evidence.fields import Fields
from netaudit.evidence.observation import Observation
from netaudit.net.exchange import Datagram, Dialogue, Reply, Request
from netaudit.net.usm import Usm

_NOTHING: Final[Mapping[str, Any]] = MappingProxyType({})


@dataclass(frozen=True, slots=True)
class Heard:
    """One finding of a probe in a reply, before it becomes an observation.

    `raw` or `fields` (only where the source has no bytes). `target`: additions such as port, path or mac.
    """

    kind: str
    raw: bytes | None = None
    fields: Fields | None = None
    target: Mapping[str, Any] = field(default_factory=lambda: _NOTHING)


@dataclass(frozen=True, slots=True)
class HostView:
    """What is known of one live host when a probe decides what to ask it."""

    ip: str
    open_ports: frozenset[int]
    observations: tuple[Observation, ...] = field(default=())

    def has(self, kind: str) -> bool:
        """True when the host was already heard in this way."""
        return any(observation.kind == kind for observation in self.observations)


@runtime_checkable
class SegmentProbe(Protocol):
    """Asks a whole segment (multicast or broadcast), and single addresses where the protocol answers that."""

    name: ClassVar[str]
    version: ClassVar[int]

    def announce(self) -> Sequence[Datagram]:
        """Return the requests for one interface; called once for each interface (fresh message ids)."""

    def directed(self) -> Sequence[Datagram]:
        """Return the requests for one address; empty where the protocol has no unicast form."""

    def read(self, request: Datagram | None, reply: Reply) -> Sequence[Heard]:
        """Read one datagram. `request` is None when the reply cannot be matched to one."""


@runtime_checkable
class AskingByName(Protocol):
    """What a SegmentProbe may have besides: requests that carry our own addresses, another for each interface."""

    def announce_from(self, mac: str, address: str) -> Sequence[Datagram]:
        """Return the requests for the interface with this MAC ("" where it has none) and this address of ours."""


@runtime_checkable
class AskingAgain(Protocol):
    """What a SegmentProbe may have besides: one more directed round, for what an answer left open.

    The engine calls `again` (where a probe has it) once for each datagram that `read` found something in, and sends
    the result, without repeats, to that datagram's source only, through the gate and the limiter. It is never called
    for the answers to such a request, and at most a few times for one source, so that no answer can keep us asking.
    """

    def again(self, reply: Reply) -> Sequence[Datagram]:
        """Return further directed requests to the source of the reply: at most 2, none where nothing is open."""


@runtime_checkable
class LinkProbe(Protocol):
    """Asks everybody on a link by Ethernet frames, without IP. What comes back is read by `evidence.frames`."""

    name: ClassVar[str]
    version: ClassVar[int]
    repeats: ClassVar[int]

    def frames(self, mac: str, address: str) -> Sequence[bytes]:
        """Return the frames for the interface with this MAC ("" where it has none) and this address of ours."""


@runtime_checkable
class HostProbe(Protocol):
    """Asks one live host."""

    name: ClassVar[str]
    version: ClassVar[int]
    packets: ClassVar[int]
    """Packets of ours that a typical host costs, for the estimate."""

    def requests(self, host: HostView) -> Sequence[Request]:
        """Return what to ask this host: nothing where the open ports give no reason."""

    def read(self, request: Request, reply: Reply) -> Sequence[Heard]:
        """Read one reply."""

    def follow(self, request: Request, reply: Reply) -> Sequence[Dialogue]:
        """Return further requests to the same host that the reply makes worth while; may be empty."""


@runtime_checkable
class LoginProbe(Protocol):
    """Asks one host with the credential that the owner bound to it: once a run, never again after a refusal."""

    name: ClassVar[str]
    version: ClassVar[int]

    def ask(self, host: HostView, username: str, password: str, talk: Callable[[Request], Reply]) -> Sequence[Heard]:
        """Hold the whole conversation through `talk`, which passes the gate and the limiter. Runs in a thread.

        Raises LoginRefusedError after the first refusal.
        """


@runtime_checkable
class UserProbe(Protocol):
    """What a LoginProbe may have besides: the same questions as a user of SNMP version 3."""

    def ask_as(self, host: HostView, user: Usm, talk: Callable[[Request], Reply]) -> Sequence[Heard]:
        """Hold the conversation as this user. Raises LoginRefusedError after the first refusal."""


def is_experimental(probe: object) -> bool:
    """True for a probe whose facts come from one source only, or that finds no cameras: asked with --experimental.

    Such a probe has the class attribute `experimental = True`.
    """
    return bool(getattr(probe, "experimental", False))


def announcements(probe: SegmentProbe, mac: str, address: str) -> Sequence[Datagram]:
    """Return the requests of a probe for one interface of ours."""
    return probe.announce_from(mac, address) if isinstance(probe, AskingByName) else probe.announce()


class LoginRefusedError(Exception):
    """The device refused the owner's credential; it is not tried again."""
