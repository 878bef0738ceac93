"""ONVIF's device service before any login (facts/protocols.md section 3)."""

from collections.abc import Sequence
from typing import ClassVar, Final

from netaudit.net.exchange import Dialogue, Reply, Request
from netaudit.probes import http_wire
from netaudit.probes.base import Heard, HostView
from netaudit.probes.hints import HTTP_PORTS, HTTPS_PORTS, Endpoint, looks_like_camera, may_speak_http, xaddrs
from netaudit.probes.http_wire import HttpAnswer

DEFAULT_PATH: Final = "/onvif/device_service"
# Besides the web ports: where cheap firmware puts ONVIF (sheet section 2). Asked only of hosts that look like cameras.
_USUAL_PORTS: Final = (80, 8080, 8899, 2020, 81, 88, 443, 8443)
_MAX_GUESSES: Final = 2

_ENVELOPE: Final = (
    '<?xml version="1.0" encoding="UTF-8"?><s:Envelope xmlns:s="http://www.w3.org/2003/05/soap-envelope">'
    '<s:Body><{operation} xmlns="http://www.onvif.org/ver10/device/wsdl">{content}</{operation}></s:Body></s:Envelope>'
)
# In the order asked. The first two are PRE_AUTH by specification: the clock (and whether this is ONVIF at all), the
# services. The last one needs a login by specification; some devices answer it without, so it is tried once, last.
OPERATIONS: Final = {
    "GetSystemDateAndTime": "",
    "GetServices": "<IncludeCapability>false</IncludeCapability>",
    "GetDeviceInformation": "",
}
_ORDER: Final = tuple(OPERATIONS)


class OnvifPreAuth:
    """Asks one question after the other, each on its own connection, and stops at the first refusal."""

    name: ClassVar[str] = "onvif_pre_auth"
    version: ClassVar[int] = 1
    packets: ClassVar[int] = 24

    def requests(self, host: HostView) -> Sequence[Request]:
        """Ask the XAddrs that the host gave itself; without any, the default path where a camera is likely."""
        return [_dialogue(host.ip, endpoint, _ORDER[0]) for endpoint in endpoints(host)]

    def read(self, request: Request, reply: Reply) -> Sequence[Heard]:
        """Give the SOAP, a fault as well: "not authorised" means "ONVIF, needs a login".

        A refusal's headers (the realm) and an answer that is no SOAP are kept as a plain HTTP answer.
        """
        answer = http_wire.parse(b"".join(reply.messages))
        if answer is None or not isinstance(request, Dialogue):
            return ()
        target = http_wire.target_of(request)
        heard = []
        if b"Envelope" in answer.body:
            operation = request.label
            answered = operation == "GetDeviceInformation" and b"GetDeviceInformationResponse" in answer.body
            kind = "onvif.device_information" if answered else "onvif.pre_auth"
            heard.append(Heard(kind, answer.body, target={**target, "operation": operation}))
        if answer.status == 401 or not heard:
            heard.append(Heard("http.response", b"".join(reply.messages)[: http_wire.MAX_PAGE], target=target))
        return heard

    def follow(self, request: Request, reply: Reply) -> Sequence[Dialogue]:
        """Go on to the next operation after an answer, never after a refusal."""
        answer = http_wire.parse(b"".join(reply.messages))
        if not isinstance(request, Dialogue) or answer is None or not _answered(answer, request.label):
            return ()
        next_one = _ORDER.index(request.label) + 1
        if next_one == len(_ORDER):
            return ()
        endpoint = Endpoint(request.port, http_wire.path_of(request.messages[0]), request.tls)
        return [_dialogue(reply.source, endpoint, _ORDER[next_one])]


def endpoints(host: HostView) -> Sequence[Endpoint]:
    """Return where to ask, best first: one of the host's own XAddrs, else the default path where a camera is likely.

    XAddrs of one host lead to one service; of guesses two are made.
    """
    found = xaddrs(host)
    if found:
        return _best(found)[:1]
    if not looks_like_camera(host):
        return ()
    ports = (port for port in _USUAL_PORTS if port in host.open_ports)
    return _best([Endpoint(port, DEFAULT_PATH, port in HTTPS_PORTS) for port in ports])[:_MAX_GUESSES]


def soap(operation: str) -> bytes:
    """Return the envelope of one of the OPERATIONS."""
    return _ENVELOPE.format(operation=operation, content=OPERATIONS[operation]).encode()


def _dialogue(ip: str, endpoint: Endpoint, operation: str) -> Dialogue:
    message = http_wire.post(
        ip, endpoint.port, endpoint.path, soap(operation), "application/soap+xml; charset=utf-8", tls=endpoint.tls
    )
    return Dialogue(
        endpoint.port, (message,), framing="http", tls=endpoint.tls, cap=http_wire.MAX_PAGE, label=operation
    )


def _best(found: Sequence[Endpoint]) -> Sequence[Endpoint]:
    """Sort by cost for the device: plain HTTP before a handshake; one endpoint a port, the first named."""
    usable = {endpoint.port: endpoint for endpoint in reversed(found) if may_speak_http(endpoint.port)}
    return sorted(usable.values(), key=lambda endpoint: (endpoint.tls, endpoint.port not in HTTP_PORTS))


def _answered(answer: HttpAnswer, operation: str) -> bool:
    return answer.status == 200 and f"{operation}Response".encode() in answer.body


PROBE = OnvifPreAuth()
