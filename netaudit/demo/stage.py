"""The sockets of the building: one place that binds, answers, and closes everything again."""

import asyncio
import contextlib
import errno
import os
import socket
import ssl
from collections import defaultdict
from collections.abc import Awaitable, Callable, Sequence
from dataclasses import dataclass, field
from typing import Final, TypeAlias

from netaudit.demo.journal import Journal
from netaudit.demo.model import DemoDevice
from netaudit.demo.ports import Ports

Peer: TypeAlias = tuple[str, int]
Answer: TypeAlias = Callable[[bytes, Peer], Sequence[tuple[bytes, Peer]]]
"""A datagram and its sender in; datagrams and their destinations out."""
Talk: TypeAlias = Callable[[asyncio.StreamReader, asyncio.StreamWriter], Awaitable[None]]

_LOOPBACK: Final = socket.inet_aton("127.0.0.1")
# Linux: only groups that this very socket joined. Without it another program's membership would let LAN packets in.
_IP_MULTICAST_ALL: Final = 49
_BACKLOG: Final = 64


class _Listener(asyncio.DatagramProtocol):
    def __init__(self, heard: Callable[[bytes, Peer], None]) -> None:
        self._heard = heard

    def datagram_received(self, data: bytes, addr: Peer) -> None:
        if addr[0].startswith("127."):
            self._heard(data, addr)


@dataclass(slots=True)
class _Props:
    """What one device holds open."""

    servers: list[asyncio.Server] = field(default_factory=list)
    transports: list[asyncio.DatagramTransport] = field(default_factory=list)
    tasks: set[asyncio.Task[None]] = field(default_factory=set)
    alive: bool = True


@dataclass(slots=True)
class Stage:
    """Everything that a personality needs. `notices`: what could not be set up, in sentences for the user."""

    ports: Ports
    journal: Journal = field(default_factory=Journal)
    notices: list[str] = field(default_factory=list)
    _props: defaultdict[str, _Props] = field(default_factory=lambda: defaultdict(_Props))
    _groups: dict[Peer, list[tuple[asyncio.DatagramTransport, Answer]]] = field(default_factory=dict)
    _group_transports: list[asyncio.DatagramTransport] = field(default_factory=list)

    async def tcp(self, device: DemoDevice, port: int, talk: Talk, tls: ssl.SSLContext | None = None) -> None:
        """Listen on one port of a device, moved where privilege is missing; a port in use becomes a notice."""
        port, props = self.ports.moved(port), self._props[device.address]
        if not port:
            return

        async def meet(reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
            task = asyncio.current_task()
            assert task is not None
            props.tasks.add(task)
            try:
                with contextlib.suppress(ConnectionError, TimeoutError, ssl.SSLError, asyncio.IncompleteReadError):
                    await talk(reader, writer)
            except asyncio.CancelledError:
                writer.transport.abort()
            finally:
                props.tasks.discard(task)
                await _hang_up(writer)

        try:
            server = await asyncio.start_server(meet, device.address, port, ssl=tls, backlog=_BACKLOG)
        except OSError as error:
            reason = os.strerror(error.errno or errno.EINVAL).lower()
            self.notices.append(f"{device.address}:{port} cannot be opened: {reason}.")
        else:
            props.servers.append(server)

    async def udp(self, device: DemoDevice, port: int, answer: Answer, group: str = "") -> None:
        """Answer datagrams to one port of a device, and to a multicast group on loopback where one is given."""
        sock = _datagram_socket(device.address, port)
        if sock is None:
            self.notices.append(f"{device.address}:{port}/udp cannot be opened.")
            return
        loop = asyncio.get_running_loop()
        sender: list[asyncio.DatagramTransport] = []
        heard = self._answering(sender, answer)
        transport, _ = await loop.create_datagram_endpoint(lambda: _Listener(heard), sock=sock)
        sender.append(transport)
        self._props[device.address].transports.append(transport)
        if group:
            await self._join(group, port, transport, answer)

    def alive(self, address: str) -> bool:
        """True while the device has not been knocked out."""
        return self._props[address].alive

    def knock_out(self, address: str) -> None:
        """Let a device fall silent for good, as a fragile one does after bad input."""
        props = self._props[address]
        props.alive = False
        for server in props.servers:
            server.close()
        for transport in props.transports:
            transport.close()

    async def close(self) -> None:
        """Close every socket and wait until every conversation has ended."""
        for address in tuple(self._props):
            self.knock_out(address)
        for transport in self._group_transports:
            transport.close()
        tasks = [task for props in self._props.values() for task in props.tasks]
        for task in tasks:
            task.cancel()
        await asyncio.gather(*tasks, return_exceptions=True)
        await asyncio.gather(*(server.wait_closed() for props in self._props.values() for server in props.servers))
        # Transports close in the next turn of the loop.
        await asyncio.sleep(0)

    async def _join(self, group: str, port: int, transport: asyncio.DatagramTransport, answer: Answer) -> None:
        members = self._groups.get((group, port))
        if members is None:
            members = self._groups[(group, port)] = []
            await self._open_group(group, port, members)
        members.append((transport, answer))

    async def _open_group(self, group: str, port: int, members: list[tuple[asyncio.DatagramTransport, Answer]]) -> None:
        sock = _datagram_socket(group, port)
        if sock is None or not _join_on_loopback(sock, group):
            self.notices.append(f"multicast {group}:{port} does not work on loopback here: ask the addresses instead.")
            return

        def heard(data: bytes, sender: Peer) -> None:
            for transport, answer in members:
                _send(transport, answer(data, sender))

        loop = asyncio.get_running_loop()
        joined, _ = await loop.create_datagram_endpoint(lambda: _Listener(heard), sock=sock)
        self._group_transports.append(joined)

    @staticmethod
    def _answering(sender: list[asyncio.DatagramTransport], answer: Answer) -> Callable[[bytes, Peer], None]:
        def heard(data: bytes, peer: Peer) -> None:
            _send(sender[0], answer(data, peer))

        return heard


def _send(transport: asyncio.DatagramTransport, replies: Sequence[tuple[bytes, Peer]]) -> None:
    for data, destination in replies:
        if not transport.is_closing():
            transport.sendto(data, destination)


async def _hang_up(writer: asyncio.StreamWriter) -> None:
    writer.close()
    with contextlib.suppress(ConnectionError, TimeoutError, ssl.SSLError, asyncio.CancelledError):
        await writer.wait_closed()


def _datagram_socket(address: str, port: int) -> socket.socket | None:
    sock = socket.socket(socket.AF_INET, socket.SOCK_DGRAM)
    sock.setblocking(False)
    try:
        sock.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
        sock.setsockopt(socket.IPPROTO_IP, socket.IP_MULTICAST_IF, _LOOPBACK)
        sock.bind((address, port))
    except OSError:
        sock.close()
        return None
    return sock


def _join_on_loopback(sock: socket.socket, group: str) -> bool:
    try:
        sock.setsockopt(socket.IPPROTO_IP, _IP_MULTICAST_ALL, 0)
        sock.setsockopt(socket.IPPROTO_IP, socket.IP_ADD_MEMBERSHIP, socket.inet_aton(group) + _LOOPBACK)
    except OSError:
        sock.close()
        return False
    return True
