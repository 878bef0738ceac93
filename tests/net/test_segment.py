"""Segment windows on the loopback link, with real multicast and broadcast."""

import asyncio
import os
import socket
import struct
from collections.abc import Callable
from ipaddress import ip_network

import pytest

from netaudit.net.exchange import Datagram
from netaudit.net.interfaces import Interface, interfaces_in_scope
from netaudit.net.udp import Arrival, Ask, Sent
from tests.net.support import gate_for, wire_for

# Tests may run side by side on this one link: each process has addresses of its own.
NET = f"127.{100 + os.getpid() % 100}.4"
SCOPE = f"{NET}.0/24"
GROUP = "239.255.255.250"
HERE = Interface("lo", 1, f"{NET}.1", ip_network(SCOPE), "127.255.255.255", loopback=True)
ROUND = 0.35


class Device:
    """A responder on loopback: hears a group or broadcasts on a port, answers as told."""

    def __init__(
        self, answer: Callable[[bytes, tuple[str, int]], list[tuple[bytes, tuple[str, int]]]], **at: object
    ) -> None:
        self.heard: list[tuple[bytes, tuple[str, int]]] = []
        self._answer = answer
        self._out = self._socket(str(at.get("address", f"{NET}.9")), 0)
        self._ears = self._socket("", int(str(at.get("port", 37020))))
        member = struct.pack("=4s4si", socket.inet_aton(GROUP), bytes(4), 1)
        self._ears.setsockopt(socket.IPPROTO_IP, socket.IP_ADD_MEMBERSHIP, member)

    @staticmethod
    def _socket(address: str, port: int) -> socket.socket:
        sock = socket.socket(socket.AF_INET, socket.SOCK_DGRAM)
        sock.setblocking(False)
        sock.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
        sock.setsockopt(socket.SOL_SOCKET, socket.SO_BROADCAST, 1)
        sock.setsockopt(socket.IPPROTO_IP, socket.IP_MULTICAST_IF, socket.inet_aton("127.0.0.1"))
        sock.bind((address, port))
        return sock

    def __enter__(self) -> "Device":
        asyncio.get_running_loop().add_reader(self._ears, self._hear)
        return self

    def __exit__(self, *_: object) -> None:
        asyncio.get_running_loop().remove_reader(self._ears)
        self._ears.close()
        self._out.close()

    def _hear(self) -> None:
        payload, sender = self._ears.recvfrom(4096)
        # Other programs of this machine may talk on the same link.
        if sender[0].startswith(f"{NET}."):
            self.heard.append((payload, sender))
            for data, destination in self._answer(payload, sender):
                self._out.sendto(data, destination)


def to_sender(payload: bytes, sender: tuple[str, int]) -> list[tuple[bytes, tuple[str, int]]]:
    return [(b"answer to " + payload, sender)]


def to_group(payload: bytes, sender: tuple[str, int]) -> list[tuple[bytes, tuple[str, int]]]:
    return [(b"answer to all", (GROUP, 37020))]


async def announce(asks: list[Ask], interface: Interface = HERE, scope: str = SCOPE) -> tuple[list[Arrival], Sent]:
    arrivals: list[Arrival] = []
    sent = await wire_for(scope).announce(interface, asks, ROUND, arrivals.append)
    return [a for a in arrivals if a.reply.source.startswith(f"{NET}.")], sent


def test_an_answer_to_the_sender_is_matched_to_its_request() -> None:
    async def scenario() -> tuple[list[Arrival], Sent, Device]:
        asks = [
            Ask("one", Datagram(b"one", 37020, GROUP, repeats=1)),
            Ask("two", Datagram(b"two", 37020, GROUP, repeats=1)),
        ]
        with Device(to_sender) as device:
            return *(await announce(asks)), device

    arrivals, sent, device = asyncio.run(scenario())
    assert {(a.probes, a.datagram.payload if a.datagram else b"", a.reply.messages) for a in arrivals} == {
        (("one",), b"one", (b"answer to one",)),
        (("two",), b"two", (b"answer to two",)),
    }
    assert {a.reply.source for a in arrivals} == {f"{NET}.9"}
    assert {(a.reply.interface, a.reply.local) for a in arrivals} == {("lo", f"{NET}.1")}
    assert {sender[0] for _, sender in device.heard} == {f"{NET}.1"}
    assert sent == Sent()


def test_a_request_is_repeated_as_often_as_it_says() -> None:
    async def scenario() -> Device:
        with Device(to_sender) as device:
            await announce([Ask("p", Datagram(b"again", 37020, GROUP, repeats=3))])
            return device

    device = asyncio.run(scenario())
    assert [payload for payload, _ in device.heard] == [b"again"] * 3


def test_an_answer_to_the_group_is_heard_on_the_bound_port_and_our_own_query_is_not() -> None:
    async def scenario() -> list[Arrival]:
        with Device(to_group):
            arrivals, _ = await announce([Ask("sadp", Datagram(b"query", 37020, GROUP, bind=37020, repeats=1))])
            return arrivals

    arrivals = asyncio.run(scenario())
    assert {(a.probes, a.datagram, a.reply.messages[0]) for a in arrivals} == {(("sadp",), None, b"answer to all")}


def test_with_a_fixed_port_the_request_goes_out_from_both_ports() -> None:
    async def scenario() -> Device:
        with Device(to_sender, port=34569) as device:
            await announce([Ask("xm", Datagram(b"q", 34569, "255.255.255.255", bind=34568, repeats=1))])
            return device

    device = asyncio.run(scenario())
    ports = {sender[1] for _, sender in device.heard}
    assert 34568 in ports
    assert len(ports) == 2


def test_a_taken_port_is_a_loss_and_the_rest_still_works() -> None:
    taken: list[int] = []

    async def scenario() -> tuple[list[Arrival], Sent]:
        with socket.socket(socket.AF_INET, socket.SOCK_DGRAM) as vendor_tool, Device(to_sender, port=34569):
            vendor_tool.bind(("", 0))
            taken.append(vendor_tool.getsockname()[1])
            return await announce([Ask("xm", Datagram(b"q", 34569, "255.255.255.255", bind=taken[0], repeats=1))])

    arrivals, sent = asyncio.run(scenario())
    assert {a.reply.messages[0] for a in arrivals} == {b"answer to q"}
    assert len(sent.losses) == 1
    assert f"UDP port {taken[0]} on lo {NET}.1 is taken" in sent.losses[0]
    assert "xm" in sent.losses[0]


def test_a_segment_outside_the_scope_is_not_asked() -> None:
    async def scenario() -> tuple[list[Arrival], Sent, Device]:
        with Device(to_sender) as device:
            asks = [Ask("p", Datagram(b"q", 37020, GROUP, repeats=1))]
            return *(await announce(asks, scope="127.9.5.0/24")), device

    arrivals, sent, device = asyncio.run(scenario())
    assert (arrivals, device.heard) == ([], [])
    assert "in no network of the scope" in sent.unsent[0].reason


def test_a_group_that_is_no_discovery_group_is_not_asked() -> None:
    async def scenario() -> Sent:
        _, sent = await announce([Ask("p", Datagram(b"q", 37020, "239.1.2.3", repeats=1))])
        return sent

    assert "is not a discovery group" in asyncio.run(scenario()).unsent[0].reason


def test_an_interface_that_is_gone_is_an_unsent_request_not_an_error() -> None:
    async def scenario() -> Sent:
        gone = Interface("gone0", 9999, f"{NET}.1", ip_network(SCOPE))
        _, sent = await announce([Ask("p", Datagram(b"q", 37020, GROUP, repeats=1))], gone)
        return sent

    sent = asyncio.run(scenario())
    assert sent.unsent[0].target == f"gone0 {NET}.1"


def test_loopback_counts_as_an_interface_once_for_each_network_of_the_scope() -> None:
    interfaces, losses = interfaces_in_scope(gate_for(SCOPE, "127.0.0.0/30", "10.99.0.0/24").scope)
    assert [(here.name, here.address, here.loopback) for here in interfaces if here.loopback] == [
        ("lo", f"{NET}.0", True),
        ("lo", "127.0.0.1", True),
    ]
    assert losses == ()


@pytest.mark.parametrize("cidr", ["10.99.0.0/24", "2001:db8::/64"])
def test_no_interface_without_an_address_in_the_scope(cidr: str) -> None:
    assert interfaces_in_scope(gate_for(cidr).scope)[0] == ()


def test_another_program_on_the_same_port_does_not_get_our_answers() -> None:
    def to_fixed_port(payload: bytes, sender: tuple[str, int]) -> list[tuple[bytes, tuple[str, int]]]:
        return [(b"answer", (sender[0], 34571))]

    async def scenario() -> list[Arrival]:
        with socket.socket(socket.AF_INET, socket.SOCK_DGRAM) as other, Device(to_fixed_port, port=34570):
            other.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
            other.setsockopt(socket.SOL_SOCKET, socket.SO_BINDTODEVICE, b"lo")
            asks = [Ask("p", Datagram(b"q", 34570, "255.255.255.255", bind=34571, repeats=1, from_both=False))]
            later = asyncio.create_task(announce(asks))
            await asyncio.sleep(0)
            # Bound last, the kernel would prefer it among equals.
            other.bind(("", 34571))
            return (await later)[0]

    arrivals = asyncio.run(scenario())
    assert {arrival.reply.messages for arrival in arrivals} == {(b"answer",)}
