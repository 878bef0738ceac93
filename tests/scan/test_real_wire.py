"""A whole run with all probes over real sockets: devices that lie about where to go next, and every packet watched."""

import asyncio
import os
import socket
import sys
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from types import FrameType
from typing import Any, TypeAlias

import pytest

from netaudit.scan.options import RunOutcome, ScanOptions
from netaudit.scan.run import run_scan
from netaudit.scope.gate import Gate
from tests.net.support import gate_for, says
from tests.scan.support import MemoryLog

BASE = f"127.{210 + os.getpid() % 40}.7"
SCOPE = f"{BASE}.0/28"
DEVICE = f"{BASE}.5"
ELSEWHERE = "127.66.66.66"
EXCLUDED = f"{BASE}.6"

PAGE = (
    f"HTTP/1.1 302 Found\r\nServer: Evil\r\nLocation: http://{ELSEWHERE}:8080/admin\r\nContent-Length: 90\r\n\r\n"
    f'<meta http-equiv="refresh" content="0; url=http://{ELSEWHERE}:8080/">'.ljust(90)
).encode()
MATCH = (
    '<e:Envelope xmlns:e="http://www.w3.org/2003/05/soap-envelope"><e:Body>'
    '<d:ProbeMatch xmlns:d="http://schemas.xmlsoap.org/ws/2005/04/discovery" '
    'xmlns:a="http://schemas.xmlsoap.org/ws/2004/08/addressing">'
    "<a:EndpointReference><a:Address>urn:uuid:1</a:Address></a:EndpointReference>"
    f"<d:XAddrs>http://{ELSEWHERE}:8080/onvif/device_service http://{EXCLUDED}:8081/onvif/device_service</d:XAddrs>"
    "</d:ProbeMatch></e:Body></e:Envelope>"
).encode()

Run: TypeAlias = tuple[RunOutcome, MemoryLog, Gate, list[tuple[str, Any]]]


class _Watch:
    """Every address that this process sends to, while it is on."""

    def __init__(self) -> None:
        self.on = False
        self.sent: list[tuple[str, Any]] = []
        sys.addaudithook(self._hook)

    def _hook(self, event: str, arguments: tuple[Any, ...]) -> None:
        sends = self.on and event in ("socket.connect", "socket.sendto", "socket.sendmsg")
        # The liar lives in this process too, and so may a virtual building of another test: what they send is not ours.
        if sends and arguments[0].getsockname()[0] != DEVICE and not _by_a_virtual_building():
            self.sent.append((event, arguments[1]))


def _by_a_virtual_building() -> bool:
    frame: FrameType | None = sys._getframe()
    while frame is not None:
        if frame.f_globals.get("__name__", "").startswith("netaudit.demo."):
            return True
        frame = frame.f_back
    return False


@pytest.fixture(scope="module")
def watch() -> _Watch:
    # An audit hook stays for ever: one for all tests, switched on when needed.
    return _Watch()


class _Wsd(asyncio.DatagramProtocol):
    """Answers every WS-Discovery probe with XAddrs of other hosts."""

    def connection_made(self, transport: Any) -> None:
        self._transport = transport

    def datagram_received(self, data: bytes, addr: tuple[str, int]) -> None:
        self._transport.sendto(MATCH, addr)


def _ears() -> socket.socket:
    sock = socket.socket(socket.AF_INET, socket.SOCK_DGRAM)
    sock.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
    sock.bind((DEVICE, 3702))
    return sock


@asynccontextmanager
async def liar() -> AsyncIterator[None]:
    """A device whose page and whose XAddrs point at other hosts."""
    loop = asyncio.get_running_loop()
    transport, _ = await loop.create_datagram_endpoint(_Wsd, sock=_ears())
    servers = [await asyncio.start_server(_hang_up_after(PAGE), DEVICE, port) for port in (8080, 8899)]
    try:
        yield
    finally:
        transport.close()
        for server in servers:
            server.close()
        await asyncio.sleep(0.05)


def _hang_up_after(page: bytes) -> Any:
    async def meet(reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        await says(page)(reader, writer)
        writer.close()

    return meet


def _run(gate: Gate, watch: _Watch) -> tuple[RunOutcome, MemoryLog]:
    log = MemoryLog()

    async def scenario() -> RunOutcome:
        async with liar():
            watch.on = True
            try:
                return await run_scan(ScanOptions(window=0.5, directed_wait=0.3), gate, log)
            finally:
                watch.on = False

    watch.sent.clear()
    return asyncio.run(scenario()), log


@pytest.fixture(scope="module")
def run(watch: _Watch) -> Run:
    gate = gate_for(SCOPE, exclude=(f"{EXCLUDED}/32",))
    outcome, log = _run(gate, watch)
    return outcome, log, gate, list(watch.sent)


def test_every_packet_of_a_scan_went_where_the_gate_allows(run: Run) -> None:
    _, _, gate, sent = run
    own = f"{BASE}.0"
    strangers = {
        (event, address)
        for event, address in sent
        if gate.allows(address[0], address[1]) is not None
        and gate.allows_group(address[0], address[1], own) is not None
    }
    assert len(sent) > 200
    assert strangers == set()
    assert EXCLUDED not in {address[0] for _, address in sent}


def test_lying_redirects_and_xaddrs_are_not_followed(run: Run) -> None:
    _, _, _, sent = run
    assert ELSEWHERE not in {address[0] for _, address in sent}


def test_the_liar_itself_is_in_the_log(run: Run) -> None:
    outcome, log, _, _ = run
    assert outcome.status == "complete"
    kinds = {o.kind for o in log.written if o.target["ip"] == DEVICE}
    assert {"tcp.ports", "wsd.probe_match", "http.response"} <= kinds
    assert {o.target["ip"] for o in log.written} == {DEVICE}
    ports = next(o for o in log.written if o.kind == "tcp.ports")
    assert ports.fields["open"] == ("8080", "8899")


def test_evidence_is_bound_to_where_and_how_it_was_heard(run: Run) -> None:
    _, log, _, _ = run
    heard = next(o for o in log.written if o.kind == "wsd.probe_match")
    assert heard.via["probe"] == "ws_discovery"
    assert len(heard.via["request"]) == 64
    assert heard.target["transport"] == "udp"
