"""Which links are listened to, and the socket of each."""

from collections.abc import Callable, Iterator, Sequence
from contextlib import ExitStack, suppress
from dataclasses import dataclass
from typing import Final

from netaudit.errors import UsageError
from netaudit.evidence.frames import heard, link, readers
from netaudit.evidence.frames.fragments import Fragments
from netaudit.evidence.frames.heard import Finding
from netaudit.net.ear import Ear
from netaudit.net.filter import announcements
from netaudit.net.interfaces import Interface, interfaces_in_scope, link_index, link_local, vlan_of
from netaudit.net.sockets import Door, Egress, UdpPort
from netaudit.net.udp import reading, reading_frames
from netaudit.scope.model import Scope

GROUPS_V4: Final = ("239.255.255.250", "239.255.255.251", "224.0.0.251", "234.55.55.55", "234.55.55.56", "233.89.188.1")
GROUPS_V6: Final = ("ff02::c", "ff02::fb")
PORTS: Final = tuple(sorted(readers.PORTS))
# Below 1024 an unprivileged program may not listen, and a DHCP server must not be disturbed.
_OWN_PORTS: Final = tuple(port for port in PORTS if port >= 1024)

Hear = Callable[[Finding], None]


@dataclass(frozen=True, slots=True)
class Link:
    """One link. `here`: our addresses on it that are in scope, perhaps none where the user named the link."""

    name: str
    index: int
    here: tuple[Interface, ...] = ()
    vlan: int = 0

    @property
    def label(self) -> str:
        """How reports name it: "eth0 192.0.2.2", or the name alone."""
        return self.here[0].label if self.here else self.name


def links_of(scope: Scope, named: Sequence[str]) -> tuple[tuple[Link, ...], tuple[str, ...]]:
    """Return the links to listen to (those named, else all in scope) and sentences about those that cannot be.

    Raises UsageError where there is none, or a named one does not exist.
    """
    found, losses = interfaces_in_scope(scope)
    names = named or tuple(dict.fromkeys(here.name.partition(":")[0] for here in found))
    if not names:
        raise UsageError(
            "no interface of this machine has an address in a network of the scope: name the one to listen on with "
            "--interface (such as eth0), or check the networks of the scope file"
        )
    return tuple(_link(name, found) for name in names), losses


def _link(name: str, found: Sequence[Interface]) -> Link:
    index = link_index(name)
    if not index:
        raise UsageError(f"there is no interface {name!r}: `ip -br link` lists them")
    here = tuple(one for one in found if one.name.partition(":")[0] == name)
    return Link(name, index, (*here, *link_local(here)), vlan_of(name))


def open_ear(door: Door, where: Link, sockets: ExitStack, hear: Hear, *, everything: bool) -> Ear:
    """Hear whole frames of a link. Raises PermissionError without the right to, OSError where the link is gone."""
    ear = door.ear(where.name, announcements(PORTS), everything=everything)
    fragments = Fragments()

    def take(frame: link.Frame) -> None:
        for finding in heard.read(frame, fragments):
            hear(finding)

    sockets.enter_context(reading_frames(ear, take))
    return ear


def open_ports(door: Door, where: Link, sockets: ExitStack, hear: Hear, *, join: bool) -> Iterator[str]:
    """Hear by ordinary sockets, one a port; yield a sentence for each that could not be opened."""
    for here in where.here:
        egress = Egress(here.name, here.index, here.address, here.vouched)
        for number in _OWN_PORTS:
            try:
                port = _member(door, egress, number) if join else door.udp_on(egress, number)
            except OSError as error:
                yield f"UDP port {number} on {here.label} is taken ({error.strerror}): what is said there was missed"
                continue
            sockets.enter_context(reading(port, _taker(number, hear)))


def join_groups(door: Door, where: Link, sockets: ExitStack) -> Iterator[str]:
    """Become a member of the discovery groups, for the switch to hand them on; what arrives is heard elsewhere."""
    for here in where.here:
        egress = Egress(here.name, here.index, here.address)
        try:
            sockets.callback(_member(door, egress, 0).close)
        except OSError as error:
            yield f"the groups could not be joined on {here.label} ({error.strerror})"


def _member(door: Door, egress: Egress, number: int) -> UdpPort:
    return door.udp_on(egress, number, GROUPS_V6 if ":" in egress.address else GROUPS_V4)


def _taker(number: int, hear: Hear) -> Callable[[bytes, str, int], None]:
    def take(payload: bytes, source: str, source_port: int) -> None:
        for kind in readers.findings(source_port, number, payload):
            with suppress(ValueError):
                hear(Finding(kind, payload, ip=source, port=source_port))

    return take
