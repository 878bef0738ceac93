"""Every request of every probe is on the shipped allow-list under the probe's own name, and each entry has its user."""

from collections.abc import Iterator
from ipaddress import IPv6Address
from typing import TypeAlias

from netaudit.evidence.observation import Observation, observe
from netaudit.net.exchange import Datagram, Dialogue, Reply, Request
from netaudit.net.syn_frames import Forge, Lane
from netaudit.net.syn_frames import template as syn_template
from netaudit.net.usm import Usm
from netaudit.probes import axis_device, dahua_cgi, isapi, onvif_device, snmp_message, snmp_system, switch_tables
from netaudit.probes.base import HostProbe, HostView, LoginProbe, is_experimental
from netaudit.probes.snmp_message import Operation
from netaudit.scan.catalogue import all_probes
from netaudit.scope.allow_list import Allowed, shipped_list
from netaudit.scope.snmp_tables import snmp_tables
from netaudit.sweep import nd
from netaudit.sweep.arp import template
from tests.probes.soap_server import RECORDED

LIST = shipped_list()
AT = "2026-11-23T05:00:00.000Z"
IP = "192.0.2.7"
PORTS = frozenset({21, 22, 23, 80, 443, 554, 322, 8080, 8899, 49152, 37777, 8883})
HINTS = (b"HTTP/1.1 401 x\r\nServer: %s\r\n\r\n" % word for word in (b"App-webs", b"axis", b"uniview", b"Login to x"))


Asked: TypeAlias = tuple[str, list[Allowed]]
"""Name of a probe, and all entries that one request of it fits."""


def _fitting(transport: str, payload: bytes, port: int) -> list[Allowed]:
    return [
        entry
        for entry in LIST.entries
        if entry.transport == transport and entry.has_port(port) and entry.matches(payload)
    ]


def test_the_list_lets_every_announcement_and_every_directed_request_go() -> None:
    for probe in all_probes().segment:
        for datagram in (*probe.announce(), *probe.directed()):
            assert LIST.datagram(datagram.payload, datagram.port, datagram.group), (probe.name, datagram.label)


def _seen(kind: str, raw: bytes) -> Observation:
    return observe(kind, AT, {"ip": IP, "port": 80}, raw=raw)


LOCATION = _seen("ssdp.reply", f"HTTP/1.1 200 OK\r\nLOCATION: http://{IP}:49152/rootdesc1.xml\r\n\r\n".encode())
VIEWS = [HostView(IP, PORTS, (LOCATION, *(_seen("http.response", raw) for raw in HINTS)))]
VIEWS.append(HostView("2001:db8::7", PORTS, ()))
VIEWS.append(HostView(IP, frozenset({80, 554}), ()))
ANSWERS = (
    b"HTTP/1.1 302 Found\r\nLocation: /doc/page/login.asp\r\n\r\n",
    b"HTTP/1.1 200 OK\r\n\r\n<Envelope><GetSystemDateAndTimeResponse/></Envelope>",
    b"HTTP/1.1 200 OK\r\n\r\n<Envelope><GetServicesResponse/></Envelope>",
)


def _of_segments() -> Iterator[Asked]:
    types = (RECORDED / "mdns_types_bonjour.bin").read_bytes()
    for probe in all_probes().segment:
        again = getattr(probe, "again", lambda _reply: ())(Reply(IP, 5353, (types,), AT))
        personal = getattr(probe, "announce_from", lambda *_: ())("44:19:b6:00:00:01", "192.0.2.1")
        for datagram in (*probe.announce(), *probe.directed(), *again, *personal):
            yield probe.name, _fitting("udp", datagram.payload, datagram.port)


def _of_links() -> Iterator[Asked]:
    for probe in all_probes().link:
        for frame in probe.frames("44:19:b6:00:00:01", "192.0.2.1"):
            yield probe.name, _fitting("link", frame, 0)


def _of_hosts() -> Iterator[Asked]:
    for probe in all_probes().host:
        for view in VIEWS:
            for request in _conversation(probe, view):
                assert isinstance(request, Dialogue)
                for message in request.messages:
                    yield probe.name, _fitting("tcp", message, request.port)


def _conversation(probe: HostProbe, view: HostView) -> Iterator[Request]:
    for request in probe.requests(view):
        waiting = [request]
        while waiting:
            asked = waiting.pop()
            yield asked
            for answer in ANSWERS:
                reply = Reply(view.ip, asked.port, (answer,), AT)
                waiting.extend(further for further in probe.follow(asked, reply) if len(waiting) < 20)


def _of_logins() -> Iterator[Asked]:
    sent: list[Asked] = []

    def talk(request: Request) -> Reply:
        if isinstance(request, Datagram):
            sent.append(("snmp_system", _fitting("udp", request.payload, request.port)))
            return Reply(IP, request.port, (), AT)
        sent.extend(("onvif_device", _fitting("tcp", message, request.port)) for message in request.messages)
        return Reply(IP, request.port, (_soap_answer(request),), AT)

    onvif_device.PROBE.ask(VIEWS[0], "auditor", "secret", talk)
    snmp_system.PROBE.ask(VIEWS[0], "", "community", talk)
    snmp_system.PROBE.ask_as(VIEWS[0], Usm("auditor", "sha256", "secret"), talk)
    yield from sent


WEB_LOGINS: tuple[tuple[LoginProbe, str, bytes], ...] = (
    (isapi.PROBE, isapi.INFO, b"<DeviceInfo><model>x</model></DeviceInfo><InputProxyChannel><id>1</id>"
     b"<ipAddress>10.0.0.9</ipAddress></InputProxyChannel>"),
    (dahua_cgi.PROBE, dahua_cgi.ASKED_BEFORE, b"type=x"),
    (axis_device.PROBE, axis_device.PATH, b'"propertyList"'),
)  # fmt: skip


def _of_web_logins() -> Iterator[Asked]:
    """Each web interface as one that asks for a digest once and then answers what it is asked."""
    for probe, path, body in WEB_LOGINS:
        sent: list[Request] = []

        def talk(request: Request, sent: list[Request] = sent, body: bytes = body) -> Reply:
            sent.append(request)
            challenge = b'HTTP/1.1 401 x\r\nWWW-Authenticate: Digest realm="r", nonce="n", qop="auth"\r\n\r\n'
            return Reply(IP, 80, (challenge if len(sent) == 1 else b"HTTP/1.1 200 OK\r\n\r\n" + body,), AT)

        refused = observe("http.response", AT, {"ip": IP, "port": 80, "path": path}, raw=b"HTTP/1.1 401 x\r\n\r\n")
        probe.ask(HostView(IP, PORTS, (refused,)), "auditor", "secret", talk)
        for request in sent:
            assert isinstance(request, Dialogue)
            for message in request.messages:
                yield probe.name, _fitting("tcp", message, request.port)


def _of_switches() -> Iterator[Asked]:
    """Every column and leaf in both versions, and the question who is there."""
    tables, engine = snmp_tables(), snmp_message.Engine(b"engine", 1, 1)
    asked: list[tuple[Operation, list[str]]] = [("get", list(tables.leaves.values()))]
    asked += [("bulk", [column]) for column in tables.columns.values()]
    payloads = [snmp_message.request_v3("user", snmp_message.Engine(), "get", [], 1, encrypted=False)]
    for operation, names in asked:
        oids = [snmp_message.oid(name) for name in names]
        payloads.append(snmp_message.request_v2c("community", operation, oids, 1))
        payloads.append(snmp_message.request_v3("user", engine, operation, oids, 1, encrypted=True))
    for payload in payloads:
        yield switch_tables.NAME, _fitting("udp", payload, 161)


def _soap_answer(request: Dialogue) -> bytes:
    operation = request.label.partition(",")[0]
    name = "<Namespace>http://www.onvif.org/ver10/media/wsdl</Namespace>"
    inner = f"<{operation}Response><Service>{name}<XAddr>http://{IP}/media</XAddr></Service></{operation}Response>"
    return f"HTTP/1.1 200 OK\r\n\r\n<Envelope><Body>{inner}</Body></Envelope>".encode()


def _all() -> list[Asked]:
    arp = bytes(template("44:19:b6:00:00:01", "192.0.2.1"))
    forge = Forge(Lane("eth0", "192.0.2.1", bytes(6), bytes(6), "192.0.2.2"), 61000, bytes(32))
    solicitation = bytearray(nd.template("44:19:b6:00:00:01", "2001:db8::1"))
    nd.patch(solicitation, 0, IPv6Address("2001:db8::7").packed)
    frames = (arp, bytes(solicitation), syn_template(forge.lane, 61000), forge.reset(forge.target("192.0.2.7"), 80))
    sweep = [("sweep", _fitting("link", frame, 0)) for frame in frames]
    return [*_of_segments(), *_of_links(), *_of_hosts(), *_of_logins(), *_of_web_logins(), *_of_switches(), *sweep]


def test_whatever_a_probe_asks_is_listed_for_it() -> None:
    asked = _all()
    assert len(asked) > 60
    for probe, entries in asked:
        # A conversation with a login begins with what is asked before one.
        own = {probe, "onvif_pre_auth"} if probe == "onvif_device" else {probe}
        assert own & {entry.probe for entry in entries}, probe


def test_every_entry_has_a_probe_that_uses_it() -> None:
    used = {id(entry) for probe, entries in _all() for entry in entries if entry.probe == probe}
    assert [entry.label for entry in LIST.entries if id(entry) not in used] == []


def test_what_one_source_describes_is_experimental() -> None:
    every = all_probes()
    marked = {probe.name for probe in every.segment if is_experimental(probe)}
    marked |= {probe.name for probe in every.host if is_experimental(probe)}
    single = {entry.probe for entry in LIST.entries if entry.confidence == "S"} - {"http_identity"}
    assert marked == single | {"mndp"}
    assert marked.isdisjoint(probe.name for probe in every.chosen(experimental=False).segment)
    assert every.chosen(experimental=True) == every
