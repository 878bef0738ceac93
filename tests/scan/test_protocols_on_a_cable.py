"""Every protocol over a real cable: asked as announced, answered where the device's firmware answers, heard."""

import asyncio
import select
import socket
import struct
import threading
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import replace
from ipaddress import ip_network
from typing import Final

import pytest

from netaudit.evidence.ber import OCTETS, OID, RESPONSE, SEQUENCE, element, oid, parts
from netaudit.evidence.observation import Observation
from netaudit.net.interfaces import Interface, interfaces_in_scope
from netaudit.net.udp import Arrival, Ask
from netaudit.net.wire import Wire
from netaudit.probes import mdns, ssdp, ws_discovery
from netaudit.scan.options import RunOutcome, ScanOptions
from netaudit.scan.run import run_scan
from netaudit.scope.gate import Gate
from netaudit.scope.model import Credential
from tests.net.support import TODAY, gate_for
from tests.probes.replies import ANSWERS, EXPERIMENTAL, Answer
from tests.scan.support import MemoryLog
from tests.sweep.namespace import LIVING, OURS_V6, THEIRS_V6, Cable, run_in

CAMERA: Final = LIVING[0]
SCOPE: Final = "10.66.0.0/28"
COMMUNITY: Final = "owners-word"
DESCRIPTION: Final = (
    b'<?xml version="1.0"?><root xmlns="urn:schemas-upnp-org:device-1-0"><device><deviceType>'
    b"urn:schemas-upnp-org:device:Basic:1</deviceType><manufacturer>AXIS</manufacturer></device></root>"
)
Respond = Callable[[bytes, tuple[str, int]], list[tuple[bytes, tuple[str, int]]]]


def _udp(port: int, groups: tuple[str, ...] = ()) -> socket.socket:
    sock = socket.socket(socket.AF_INET, socket.SOCK_DGRAM)
    sock.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
    sock.setsockopt(socket.SOL_SOCKET, socket.SO_BROADCAST, 1)
    # Without a default route nothing else says where a broadcast goes.
    sock.setsockopt(socket.SOL_SOCKET, socket.SO_BINDTODEVICE, b"eth0")
    sock.setsockopt(socket.IPPROTO_IP, socket.IP_MULTICAST_IF, socket.inet_aton(CAMERA))
    for group in groups:
        member = socket.inet_aton(group) + socket.inet_aton(CAMERA)
        sock.setsockopt(socket.IPPROTO_IP, socket.IP_ADD_MEMBERSHIP, member)
    sock.bind(("", port))
    return sock


def _answering(answers: list[Answer]) -> Respond:
    def respond(payload: bytes, sender: tuple[str, int]) -> list[tuple[bytes, tuple[str, int]]]:
        return [
            (_filled(answer), (answer.to or sender[0], answer.to_port or sender[1]))
            for answer in answers
            if payload.startswith(answer.asked) and sender[0] != CAMERA
        ]

    return respond


def _filled(answer: Answer) -> bytes:
    return answer.reply % CAMERA.encode() if answer.probe == "ssdp" else answer.reply


def _snmp(payload: bytes, sender: tuple[str, int]) -> list[tuple[bytes, tuple[str, int]]]:
    """A recorder: answers only the owner's word, and only what it was asked for."""
    version, community, request = parts(next(parts(payload)).value)
    if community.value != COMMUNITY.encode():
        return []
    number, _, _, variables = parts(request.value)
    known = {
        oid("1.3.6.1.2.1.1.2.0"): oid("1.3.6.1.4.1.50001"),
        oid("1.3.6.1.4.1.50001.1.3.0"): element(OCTETS, b"0820160719AARR624053979WCVU"),
    }
    asked = [element(OID, next(parts(variable.value)).value) for variable in parts(variables.value)]
    body = b"".join(element(SEQUENCE, name + known.get(name, b"\x81\0")) for name in asked)
    zero = element(2, b"\0")
    response = element(RESPONSE, element(2, number.value) + zero + zero + element(SEQUENCE, body))
    message = element(SEQUENCE, element(2, version.value) + element(OCTETS, community.value) + response)
    return [(message, sender)]


class Camera:
    """A host that speaks every protocol at once, in the far namespace. `heard`: port to what was asked there."""

    def __init__(self, namespace: str) -> None:
        self.heard: dict[int, list[bytes]] = {}
        self.said: list[bytes] = []
        by_port: dict[int, list[Answer]] = {}
        for answer in ANSWERS:
            by_port.setdefault(answer.port, []).append(answer)
        self._udp = run_in(namespace, lambda: self._open(by_port))
        self._tcp = run_in(namespace, lambda: {_listener(port): port for port in (22, 23, 49152)})
        self._stop, self._wake = socket.socketpair()
        self._thread = threading.Thread(target=self._serve)

    def __enter__(self) -> "Camera":
        self._thread.start()
        return self

    def __exit__(self, *_: object) -> None:
        self._wake.send(b"x")
        self._thread.join()
        for sock in (*self._udp, *self._tcp, self._stop, self._wake):
            sock.close()

    @staticmethod
    def _open(by_port: dict[int, list[Answer]]) -> dict[socket.socket, Respond]:
        opened = {
            _udp(port, tuple(group for answer in answers for group in answer.groups)): _answering(answers)
            for port, answers in by_port.items()
        }
        opened[_udp(161)] = _snmp
        return opened

    def _serve(self) -> None:
        while True:
            ready = select.select([*self._udp, *self._tcp, self._stop], [], [])[0]
            if self._stop in ready:
                return
            for sock in ready:
                if sock in self._udp:
                    self._hear(sock)
                else:
                    self._meet(sock, self._tcp[sock])

    def _hear(self, sock: socket.socket) -> None:
        payload, sender = sock.recvfrom(4096)
        self.heard.setdefault(sock.getsockname()[1], []).append(payload)
        for data, to in self._udp[sock](payload, sender):
            sock.sendto(data, to)

    def _meet(self, sock: socket.socket, port: int) -> None:
        guest, _ = sock.accept()
        with guest:
            guest.settimeout(0.3)
            try:
                if port == 49152:
                    request = guest.recv(4096)
                    if request:
                        self.said.append(request)
                        guest.sendall(b"HTTP/1.1 200 OK\r\nContent-Length: %d\r\n\r\n" % len(DESCRIPTION) + DESCRIPTION)
                else:
                    guest.sendall(b"SSH-2.0-dropbear\r\n" if port == 22 else b"\xff\xfb\x01192.0.0.64 login: ")
                    self.said.append(guest.recv(100))
            except OSError:
                pass


def _listener(port: int) -> socket.socket:
    sock = socket.socket()
    sock.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
    sock.bind((CAMERA, port))
    sock.listen()
    return sock


def _gate() -> Gate:
    credential = Credential("snmp", "-", "env:X", (CAMERA,), ("snmp",))
    gate = gate_for(SCOPE)
    return Gate(replace(gate.scope, credentials=(credential,)), TODAY)


def _scan(cable: Cable, *, experimental: bool) -> tuple[RunOutcome, MemoryLog, Camera]:
    log = MemoryLog()
    options = ScanOptions(
        window=1.5, directed_wait=0.3, connect_patience=1.5, secret=lambda _: COMMUNITY, experimental=experimental
    )
    with Camera(cable.far) as camera:
        outcome = run_in(cable.near, lambda: asyncio.run(run_scan(options, _gate(), log)))
    return outcome, log, camera


@pytest.fixture(scope="module")
def run(cable: Cable) -> tuple[RunOutcome, MemoryLog, Camera]:
    return _scan(cable, experimental=True)


def _of(log: MemoryLog, kind: str) -> list[Observation]:
    return [made for made in log.written if made.kind == kind]


@pytest.mark.parametrize("answer", ANSWERS, ids=lambda answer: answer.probe)
def test_the_answer_is_heard_wherever_the_device_sends_it(
    run: tuple[RunOutcome, MemoryLog, Camera], answer: Answer
) -> None:
    outcome, log, camera = run
    assert outcome.status == "complete"
    assert camera.heard.get(answer.port), "the device was not asked"
    (made, *_) = _of(log, answer.kind)
    assert made.target["ip"] == CAMERA
    assert made.via["probe"] == answer.probe
    assert made.fields
    assert made.via.get("experimental", False) == (answer.probe in EXPERIMENTAL)


def test_nothing_was_refused_and_nothing_is_missing(run: tuple[RunOutcome, MemoryLog, Camera]) -> None:
    outcome, log, _ = run
    assert outcome.losses == ()
    assert not [record for record in log.records if "fault" in str(record["reason"])]


def test_passwords_in_answers_are_kept_nowhere(run: tuple[RunOutcome, MemoryLog, Camera]) -> None:
    _, log, _ = run
    assert "hunter2" not in repr(log.written)
    assert COMMUNITY not in repr([log.written, log.records])


def test_the_search_of_ipro_carries_our_own_address_and_mac(run: tuple[RunOutcome, MemoryLog, Camera]) -> None:
    _, _, camera = run
    assert {payload[12:22].hex() for payload in camera.heard[10670]} == {"020000000001" + "0a420001"}


def test_the_description_is_fetched_once(run: tuple[RunOutcome, MemoryLog, Camera]) -> None:
    _, log, camera = run
    (made,) = _of(log, "upnp.description")
    assert (made.fields["manufacturer"], made.target["path"]) == ("AXIS", "/rootdesc1.xml")
    assert sum(said.startswith(b"GET /rootdesc1.xml ") for said in camera.said) == 1


def test_greetings_are_read_and_nothing_is_said(run: tuple[RunOutcome, MemoryLog, Camera]) -> None:
    _, log, camera = run
    said = {made.target["port"]: made.fields["service"] for made in _of(log, "banner")}
    assert said == {22: "ssh", 23: "telnet"}
    assert {message for message in camera.said if not message.startswith(b"GET ")} == {b""}


def test_snmp_is_asked_with_the_owners_word_and_goes_on_to_the_serial_number(
    run: tuple[RunOutcome, MemoryLog, Camera],
) -> None:
    _, log, _ = run
    fields = {name: value for made in _of(log, "snmp.system") for name, value in made.fields.items()}
    assert fields == {"sysObjectID": "1.3.6.1.4.1.50001", "serial": "0820160719AARR624053979WCVU"}
    assert log.status("snmp_system", CAMERA)[0] == "answered"


def test_without_the_switch_nothing_experimental_is_asked(cable: Cable) -> None:
    outcome, log, camera = _scan(cable, experimental=False)
    assert outcome.status == "complete"
    assert not camera.heard.keys() & {7701, 1757, 5678, 3600, 3956}
    assert not [payload for payload in camera.heard[10000] if not payload.startswith(b"MO_I")]
    assert not EXPERIMENTAL & {made.via.get("probe") for made in log.written}


# --- IPv6 -------------------------------------------------------------------------------------------------------------

V6_SCOPE: Final = "fd00:66::/64"
GROUPS: Final = ((3702, "ff02::c"), (1900, "ff02::c"), (5353, "ff02::fb"))


@contextmanager
def _v6_device(namespace: str) -> Iterator[list[tuple[int, str]]]:
    """Answers on the three groups by unicast, from its own global address."""
    heard: list[tuple[int, str]] = []
    replies = {answer.port: answer.reply for answer in ANSWERS}
    sockets = run_in(namespace, lambda: [_v6_socket(*place) for place in GROUPS])
    stop, wake = socket.socketpair()

    def serve() -> None:
        while stop not in (ready := select.select([*sockets, stop], [], [])[0]):
            for sock in ready:
                _, sender = sock.recvfrom(4096)
                port = sock.getsockname()[1]
                heard.append((port, sender[0]))
                sock.sendto(replies[port].replace(b"%s", b"192.0.2.7"), sender)

    thread = threading.Thread(target=serve)
    thread.start()
    try:
        yield heard
    finally:
        wake.send(b"x")
        thread.join()
        for sock in (*sockets, stop, wake):
            sock.close()


def _v6_socket(port: int, group: str) -> socket.socket:
    sock = socket.socket(socket.AF_INET6, socket.SOCK_DGRAM)
    sock.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
    index = socket.if_nametoindex("eth0")
    sock.setsockopt(
        socket.IPPROTO_IPV6, socket.IPV6_JOIN_GROUP, socket.inet_pton(socket.AF_INET6, group) + struct.pack("=i", index)
    )
    sock.bind(("::", port))
    return sock


def _announce_v6() -> tuple[list[Arrival], Interface]:
    gate = gate_for(V6_SCOPE)
    (here,) = interfaces_in_scope(gate.scope)[0]
    arrivals: list[Arrival] = []
    asks = [Ask(probe.name, one) for probe in (ws_discovery.PROBE, ssdp.PROBE, mdns.PROBE) for one in probe.announce()]
    sent = asyncio.run(Wire(gate).announce(here, asks, 1.2, arrivals.append))
    assert sent.unsent == ()
    return arrivals, here


def test_the_groups_of_ipv6_are_asked_from_our_own_address_and_answered_to_it(cable: Cable) -> None:
    with _v6_device(cable.far) as heard:
        arrivals, here = run_in(cable.near, _announce_v6)
    assert (here.address, here.network) == (OURS_V6, ip_network(V6_SCOPE))
    assert {port for port, _ in heard} == {3702, 1900, 5353}
    assert {source for _, source in heard} == {OURS_V6}
    assert {(arrival.probes, arrival.reply.source) for arrival in arrivals} == {
        (("ws_discovery",), THEIRS_V6),
        (("ssdp",), THEIRS_V6),
        (("mdns",), THEIRS_V6),
    }
