"""The one place that makes sockets. Every connect and every send passes the gate here, or does not happen."""

import errno
import fcntl
import socket
import struct
from collections.abc import Iterable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from ipaddress import ip_address
from typing import Final

from netaudit.net.ear import AskingEar, Ear, prepare
from netaudit.net.frame_port import SynPort, hold_port
from netaudit.net.neighbour_port import NeighbourPort, Patch
from netaudit.net.packet_filter import arp_replies, attach, neighbour_adverts, syn_answers
from netaudit.net.parked import Parked
from netaudit.net.syn_frames import Forge, Lane
from netaudit.net.turned_away import TurnedAway
from netaudit.net.usm import Usm
from netaudit.scope.gate import Gate

TCP_WINDOW_CLAMP: Final = 10
_IFF_UP: Final = 0x1
_IFF_BROADCAST: Final = 0x2
_IFF_LOOPBACK: Final = 0x8
_IFF_RUNNING: Final = 0x40
_IFF_MULTICAST: Final = 0x1000
_SIOCGIFFLAGS: Final = 0x8913
_SIOCGIFHWADDR: Final = 0x8927
_SO_BINDTODEVICE: Final = 25
_IP_MULTICAST_ALL: Final = 49
_IP_PKTINFO: Final = 8
_IP_RECVERR: Final = 11
_ETH_P_IP: Final = 0x0800
_ETH_P_IPV6: Final = 0x86DD
_ARPHRD_ETHER: Final = 1
_RECEIVE_BUFFER: Final = 1 << 20

BUSY: Final = frozenset({errno.EAGAIN, errno.ENOBUFS, errno.ENOMEM})
"""Errors that mean "not now": the packet did not go, and must be tried again."""


@dataclass(frozen=True, slots=True)
class LinkFlags:
    """What the kernel says of a link. `running`: a cable is in it; `multicast`: it can carry that."""

    up: bool
    broadcast: bool
    loopback: bool
    running: bool = True
    multicast: bool = True


@dataclass(frozen=True, slots=True)
class Egress:
    """Which link and which address of ours a segment request leaves by.

    `vouched`: where `address` is a link-local one, which no scope names: our address on the same link that is in scope.
    """

    name: str
    index: int
    address: str
    vouched: str = ""

    @property
    def family(self) -> socket.AddressFamily:
        """AF_INET or AF_INET6, by the address."""
        return _family(self.address)


class UdpPort:
    """One UDP socket, not blocking. `error` of a send is raised as OSError; BUSY ones are for the caller to retry."""

    def __init__(self, sock: socket.socket, gate: Gate, egress: Egress | None, parked: Parked) -> None:
        self.sock = sock
        self._gate = gate
        self._egress = egress
        self._parked = parked

    @property
    def number(self) -> int:
        """The local port."""
        return int(self.sock.getsockname()[1])

    def send_to(self, payload: bytes, address: str, port: int, seal: Usm | None = None) -> None:
        """Send one datagram to one host. Raises ScopeError or OSError.

        `seal`: the gate sees the message in clear, as it sees what goes into TLS; what leaves is signed and encrypted.
        """
        self._gate.pass_(address, port)
        self._gate.pass_datagram(payload, port)
        with self._told_of_drops():
            self.sock.sendto(seal.seal(payload) if seal else payload, (address, port))

    @contextmanager
    def _told_of_drops(self) -> Iterator[None]:
        """Else the kernel says that it sent what it dropped for want of room in its neighbour table (IPv4)."""
        if self.sock.family != socket.AF_INET:
            yield
            return
        self.sock.setsockopt(socket.IPPROTO_IP, _IP_RECVERR, 1)
        try:
            yield
        finally:
            self.sock.setsockopt(socket.IPPROTO_IP, _IP_RECVERR, 0)
            # What came of an earlier packet meanwhile must not fail the next one.
            self.sock.getsockopt(socket.SOL_SOCKET, socket.SO_ERROR)

    def send_group(self, payload: bytes, group: str, port: int) -> None:
        """Send one datagram to a multicast group or a broadcast address of our link. Raises ScopeError or OSError."""
        if self._egress is None:
            raise OSError(errno.EINVAL, "this socket belongs to no link")
        self._gate.pass_group(group, port, self._egress.vouched or self._egress.address)
        self._gate.pass_datagram(payload, port, group)
        if self._egress.family == socket.AF_INET6:
            # With our link-local address as source the answers would come from link-local ones, outside the scope.
            from_here = struct.pack(
                "=16sI", socket.inet_pton(socket.AF_INET6, self._egress.address), self._egress.index
            )
            pinned = [(socket.IPPROTO_IPV6, socket.IPV6_PKTINFO, from_here)]
            self.sock.sendmsg([payload], pinned, 0, (group, port, 0, self._egress.index))
        else:
            info = struct.pack("=i4s4s", self._egress.index, socket.inet_aton(self._egress.address), bytes(4))
            self.sock.sendmsg([payload], [(socket.IPPROTO_IP, _IP_PKTINFO, info)], 0, (group, port))

    def receive(self) -> tuple[bytes, str, int] | None:
        """Return one datagram with its source address and port, None when nothing is there."""
        try:
            payload, source = self.sock.recvfrom(65535)
        except OSError:
            # Nothing there, or an ICMP error of an earlier send: neither is an answer.
            return None
        return payload, str(source[0]).partition("%")[0], int(source[1])

    def close(self) -> None:
        """Be done with the socket. It stays bound and deaf, so that our kernel sends nothing to late answerers."""
        self._parked.keep(self.sock)


class Door:
    """Makes sockets that are bound to the gate."""

    def __init__(self, gate: Gate) -> None:
        self._gate = gate
        self._parked = Parked()
        self.turned_away = TurnedAway(source_for, link_mac)

    def start_connect(self, address: str, port: int, window: int = 0) -> tuple[socket.socket, int]:
        """Begin a TCP connection; return the socket (not blocking) and the error number so far.

        The number is 0 (connected), EINPROGRESS, or why it failed at once. Raises ScopeError, or OSError when no
        socket is left. `window`: bytes that the host may send before we read on, 0 for the kernel's own choice.
        """
        self._gate.pass_(address, port)
        sock = socket.socket(_family(address), socket.SOCK_STREAM | socket.SOCK_NONBLOCK)
        if window:
            # A fixed buffer: else the kernel enlarges it, and the window with it.
            sock.setsockopt(socket.SOL_SOCKET, socket.SO_RCVBUF, window)
            sock.setsockopt(socket.IPPROTO_TCP, TCP_WINDOW_CLAMP, window)
        return sock, sock.connect_ex((address, port))

    def check_message(self, payload: bytes, port: int) -> None:
        """Pass one message for a TCP connection to `port` before it is written (and encrypted). Raises ScopeError."""
        self._gate.pass_message(payload, port)

    def udp(self, family: socket.AddressFamily = socket.AF_INET, port: int = 0, address: str = "") -> UdpPort:
        """Open a UDP socket for requests to single hosts. Raises OSError when the port is taken.

        `address`: one of ours. Answers to it then come here even when another program holds the same port without one.
        """
        self._parked.release(port)
        return UdpPort(_bound_udp(family, port, address=address), self._gate, None, self._parked)

    def udp_on(self, egress: Egress, port: int = 0, groups: Iterable[str] = ()) -> UdpPort:
        """Open a UDP socket on one link, a member of `groups` there. Raises OSError when the port is taken."""
        self._parked.release(port)
        sock = _bound_udp(egress.family, port, egress)
        try:
            _leave_by(sock, egress)
            for group in groups:
                _join(sock, egress, group)
        except OSError:
            sock.close()
            raise
        return UdpPort(sock, self._gate, egress, self._parked)

    def syn(self, lane: Lane, key: bytes) -> SynPort:
        """Open the sockets of a stateless TCP sweep on one lane. Raises PermissionError without CAP_NET_RAW."""
        sock = socket.socket(socket.AF_PACKET, socket.SOCK_RAW | socket.SOCK_NONBLOCK, 0)
        held = socket.socket(socket.AF_INET, socket.SOCK_STREAM)
        try:
            port = hold_port(held, lane.source)
            attach(sock, syn_answers(lane.source, port))
            sock.bind((lane.interface, _ETH_P_IP))
            return SynPort(sock, held, self._gate, Forge(lane, port, key))
        except BaseException:
            sock.close()
            held.close()
            raise

    def source_for(self, address: str) -> str:
        """Return the address of ours that packets to this one leave from; "" where there is no way. Sends nothing."""
        return source_for(address)

    def asking_ear(self, egress: Egress, program: bytes) -> AskingEar:
        """Open a packet socket that hears a link and may ask it by listed frames. Raises PermissionError, OSError."""
        return AskingEar(self.ear(egress.name.partition(":")[0], program), self._gate, egress.address)

    def ear(self, link: str, program: bytes, *, everything: bool = False) -> Ear:
        """Open a packet socket that hears a link and sends nothing. Raises PermissionError without CAP_NET_RAW.

        `program`: which frames the kernel hands on (see `netaudit.net.filter`). `everything`: also frames that are
        addressed to others (a mirror port); the card's filter for groups is lifted in any case, which nobody is told.
        """
        # No protocol yet: not a frame gets in before the filter stands.
        sock = socket.socket(socket.AF_PACKET, socket.SOCK_RAW | socket.SOCK_NONBLOCK, 0)
        try:
            prepare(sock, link, program, everything=everything)
        except OSError:
            sock.close()
            raise
        return Ear(sock)

    def neighbours(self, interface: str, template: bytes, patch: Patch) -> NeighbourPort:
        """Open a packet socket that asks a link who is there. Raises PermissionError without CAP_NET_RAW."""
        kind = int.from_bytes(template[12:14])
        sock = socket.socket(socket.AF_PACKET, socket.SOCK_RAW | socket.SOCK_NONBLOCK, 0)
        try:
            attach(sock, neighbour_adverts() if kind == _ETH_P_IPV6 else arp_replies())
            sock.bind((interface, kind))
            return NeighbourPort(sock, self._gate, template, patch)
        except BaseException:
            sock.close()
            raise


def source_for(address: str) -> str:
    """Return the address of ours that packets to this one leave from; "" where there is no way. Sends nothing."""
    with socket.socket(_family(address), socket.SOCK_DGRAM) as sock:
        try:
            sock.connect((address, 9))
        except OSError:
            return ""
        return str(sock.getsockname()[0])


def link_flags(name: str) -> LinkFlags:
    """Ask the kernel about a link; one that is gone is down."""
    answer = _ask_link(name, _SIOCGIFFLAGS)
    flags = struct.unpack_from("=H", answer, 16)[0] if answer else 0
    bits = (_IFF_UP, _IFF_BROADCAST, _IFF_LOOPBACK, _IFF_RUNNING, _IFF_MULTICAST)
    return LinkFlags(*(bool(flags & bit) for bit in bits))


def link_mac(name: str) -> str:
    """Return a link's own Ethernet address ("44:19:b6:00:00:01"), "" where it has none."""
    answer = _ask_link(name, _SIOCGIFHWADDR)
    if not answer or struct.unpack_from("=H", answer, 16)[0] != _ARPHRD_ETHER:
        return ""
    return answer[18:24].hex(":")


def _ask_link(name: str, request: int) -> bytes | None:
    with socket.socket(socket.AF_INET, socket.SOCK_DGRAM) as sock:
        try:
            # An address label ("eth0:1") is the same link.
            return fcntl.ioctl(sock, request, struct.pack("256s", name.partition(":")[0].encode()[:15]))
        except OSError:
            return None


def _family(address: str) -> socket.AddressFamily:
    return socket.AF_INET6 if ip_address(address.partition("%")[0]).version == 6 else socket.AF_INET


def _bound_udp(
    family: socket.AddressFamily, port: int, egress: Egress | None = None, address: str = ""
) -> socket.socket:
    sock = socket.socket(family, socket.SOCK_DGRAM | socket.SOCK_NONBLOCK)
    try:
        sock.setsockopt(socket.SOL_SOCKET, socket.SO_BROADCAST, 1)
        sock.setsockopt(socket.SOL_SOCKET, socket.SO_RCVBUF, _RECEIVE_BUFFER)
        if family == socket.AF_INET6:
            sock.setsockopt(socket.IPPROTO_IPV6, socket.IPV6_V6ONLY, 1)
        if port:
            sock.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
        on_link = egress is not None and _bind_to_link(sock, egress.name)
        # Without the link binding a broadcast answer would not reach a socket bound to one address, but with the
        # wildcard answers of other links would: the own address is the safer half.
        host = address if egress is None or on_link or port else egress.address
        sock.bind((host, port) if family == socket.AF_INET else (host or "::", port, 0, egress.index if egress else 0))
    except OSError:
        sock.close()
        raise
    return sock


def _bind_to_link(sock: socket.socket, name: str) -> bool:
    try:
        sock.setsockopt(socket.SOL_SOCKET, _SO_BINDTODEVICE, name.partition(":")[0].encode() + b"\0")
    except OSError:
        return False
    return True


def _leave_by(sock: socket.socket, egress: Egress) -> None:
    if egress.family == socket.AF_INET6:
        sock.setsockopt(socket.IPPROTO_IPV6, socket.IPV6_MULTICAST_IF, egress.index)
        sock.setsockopt(socket.IPPROTO_IPV6, socket.IPV6_MULTICAST_HOPS, 1)
        return
    membership = struct.pack("=4s4si", bytes(4), socket.inet_aton(egress.address), egress.index)
    sock.setsockopt(socket.IPPROTO_IP, socket.IP_MULTICAST_IF, membership)
    sock.setsockopt(socket.IPPROTO_IP, socket.IP_MULTICAST_TTL, 1)
    sock.setsockopt(socket.IPPROTO_IP, _IP_MULTICAST_ALL, 0)


def _join(sock: socket.socket, egress: Egress, group: str) -> None:
    if egress.family == socket.AF_INET6:
        member = socket.inet_pton(socket.AF_INET6, group) + struct.pack("=i", egress.index)
        sock.setsockopt(socket.IPPROTO_IPV6, socket.IPV6_JOIN_GROUP, member)
    else:
        member = struct.pack("=4s4si", socket.inet_aton(group), socket.inet_aton(egress.address), egress.index)
        sock.setsockopt(socket.IPPROTO_IP, socket.IP_ADD_MEMBERSHIP, member)
