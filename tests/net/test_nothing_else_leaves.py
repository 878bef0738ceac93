"""Whatever the rest of the program hands to the wire: bytes that are not on the allow-list reach no socket."""

import ast
import asyncio
import sys
from collections.abc import Iterator
from contextlib import contextmanager
from ipaddress import ip_network
from pathlib import Path
from typing import Any

from hypothesis import assume, given, settings
from hypothesis import strategies as st

import netaudit
from netaudit.net.exchange import Datagram, Dialogue
from netaudit.net.interfaces import Interface
from netaudit.net.outcome import Outcome
from netaudit.net.udp import Ask, Unsent
from netaudit.net.wire import Wire
from netaudit.scope.allow_list import BROADCAST, shipped_list
from netaudit.scope.model import NEVER_TOUCH
from tests.net.support import gate_for, says, tcp_server

SCOPE, HOST = "127.9.8.0/24", "127.9.8.1"
HERE = Interface("lo", 1, "127.9.8.9", ip_network(SCOPE), "127.255.255.255", loopback=True)
UNLISTED = "not on the allow-list"

LISTED = [entry for entry in shipped_list().entries if entry.transport == "udp"]
# Ports and groups that are right, so that nothing but the bytes can be the reason.
groups = st.sampled_from([BROADCAST, *(group for entry in LISTED for group in entry.groups if ":" not in group)])
ports = st.sampled_from(sorted({port for entry in LISTED for port in entry.ports})) | st.integers(1, 65535)
payloads = st.binary(max_size=200) | st.sampled_from(
    [
        b"<Probe><Types>reset</Types></Probe>",
        b"\2SETMAC:1\xff\3",
        b"MHED\x08\0\1\0\x0c" + bytes(131),
        b"\xaa\xaa\0\0 ",
        b"M-SEARCH * HTTP/1.1\r\n\r\n",
    ]
)


class _Watch:
    """Every payload that this process hands to a socket, while it is on."""

    def __init__(self) -> None:
        self.on = False
        self.sent: list[tuple[str, Any]] = []
        sys.addaudithook(self._hook)

    def _hook(self, event: str, arguments: tuple[Any, ...]) -> None:
        if self.on and event in ("socket.sendto", "socket.sendmsg"):
            self.sent.append((event, arguments[1]))


_WATCH = _Watch()


@contextmanager
def watching() -> Iterator[list[tuple[str, Any]]]:
    _WATCH.sent.clear()
    _WATCH.on = True
    try:
        yield _WATCH.sent
    finally:
        _WATCH.on = False


async def _everywhere(payload: bytes, port: int, group: str) -> tuple[Outcome, list[Unsent]]:
    wire = Wire(gate_for(SCOPE))
    outcome = await wire.exchange(HOST, Datagram(payload, port), wait=0.01)
    asks = [Ask("p", Datagram(payload, port, group, repeats=1))]
    announced = await wire.announce(HERE, asks, 0.0, lambda _: None)
    directed = await wire.directed([HOST], [Ask("p", Datagram(payload, port))], lambda _: None, tries=1, wait=0.0)
    return outcome, [*announced.unsent, *directed.unsent]


@settings(max_examples=60)
@given(payloads, ports, groups)
def test_no_datagram_but_the_listed(payload: bytes, port: int, group: str) -> None:
    # Four zero bytes are a search, and chance finds them.
    assume(not any(entry.matches(payload) for entry in LISTED))
    with watching() as sent:
        outcome, unsent = asyncio.run(_everywhere(payload, port, group))
    assert sent == []
    assert outcome.status == "not_sent"
    assert len(unsent) == 2
    if port not in NEVER_TOUCH:
        assert UNLISTED in outcome.reason
        assert UNLISTED in unsent[1].reason


@settings(max_examples=20, deadline=None)
@given(st.binary(min_size=1, max_size=300))
def test_no_message_but_the_listed(message: bytes) -> None:
    async def scenario() -> Outcome:
        async with tcp_server(says(b"HTTP/1.1 200 OK\r\n\r\n"), HOST) as port:
            return await Wire(gate_for(SCOPE)).dialogue(HOST, Dialogue(port, (message,), deadline=5))

    outcome = asyncio.run(scenario())
    assert (outcome.status, outcome.sent) == ("not_sent", 0)
    assert UNLISTED in outcome.reason


def test_a_listed_search_does_go() -> None:
    with watching() as sent:
        asyncio.run(Wire(gate_for(SCOPE)).exchange(HOST, Datagram(b"\xaa\xaa\0\0", 2000), wait=0.01))
    assert {target for _, target in sent} == {(HOST, 2000)}


def test_only_three_files_write_to_a_scanned_network_all_behind_the_list() -> None:
    root = Path(netaudit.__file__).parent
    writers = {"sendto", "sendmsg", "sendall", "sock_sendall", "sock_sendto", "sendfile", "sendmmsg"}
    found = {
        path.relative_to(root).as_posix()
        for path in sorted(root.rglob("*.py"))
        if not path.is_relative_to(root / "demo")
        for node in ast.walk(ast.parse(path.read_text(encoding="utf-8")))
        if isinstance(node, ast.Attribute) and node.attr in writers
    }
    # What goes to the log server that the user names sees no device: test_only_door.py holds it to that.
    to_named_servers = {"notice/door/syslog.py"}
    assert found - to_named_servers == {"net/sockets.py", "net/stream.py", "net/frame_batch.py"}
