"""Real clients on real sockets."""

import http.client
import socket
import ssl
import struct
import warnings
from collections.abc import Sequence

LOOPBACK = socket.inet_aton("127.0.0.1")
SOON = 2.0
"""Seconds to wait for something that does come."""
SHORT = 0.6
"""Seconds of silence after which nothing more comes from this very computer."""

PROBE = (
    b'<?xml version="1.0" encoding="UTF-8"?><e:Envelope xmlns:e="http://www.w3.org/2003/05/soap-envelope" '
    b'xmlns:w="http://schemas.xmlsoap.org/ws/2004/08/addressing" '
    b'xmlns:d="http://schemas.xmlsoap.org/ws/2005/04/discovery" xmlns:dn="http://www.onvif.org/ver10/network/wsdl" '
    b'xmlns:tds="http://www.onvif.org/ver10/device/wsdl"><e:Header><w:MessageID>urn:uuid:%b</w:MessageID>'
    b'<w:To e:mustUnderstand="true">urn:schemas-xmlsoap-org:ws:2005:04:discovery</w:To>'
    b'<w:Action e:mustUnderstand="true">http://schemas.xmlsoap.org/ws/2005/04/discovery/Probe</w:Action></e:Header>'
    b"<e:Body><d:Probe>%b</d:Probe></e:Body></e:Envelope>"
)
INQUIRY = b'<?xml version="1.0" encoding="utf-8"?><Probe><Uuid>0AF6-77</Uuid><Types>%b</Types></Probe>'
M_SEARCH = b'M-SEARCH * HTTP/1.1\r\nHOST: 239.255.255.250:1900\r\nMAN: "ssdp:discover"\r\nMX: 1\r\nST: %b\r\n\r\n'


def probe(types: bytes = b"dn:NetworkVideoTransmitter", message_id: bytes = b"7") -> bytes:
    return PROBE % (message_id, b"<d:Types>%b</d:Types>" % types if types else b"")


def dhip(method: str = "DHDiscover.search") -> bytes:
    body = b'{"method":"%b","params":{"mac":"","uni":1}}\n' % method.encode()
    return struct.pack("<I4sQQQ", 32, b"DHIP", 0, len(body), len(body)) + body


def ptr_query(name: str, query_id: int = 7, cls: int = 1) -> bytes:
    labels = b"".join(bytes((len(label),)) + label.encode() for label in name.split("."))
    return struct.pack(">HHHHHH", query_id, 0, 1, 0, 0, 0) + labels + b"\0" + struct.pack(">HH", 12, cls)


def ask(address: str, port: int, data: bytes, *, bind: int = 0) -> list[tuple[bytes, str]]:
    """Send one datagram and give all answers with their senders: one at most from an address, many from a group."""
    group = address.startswith(("224.", "239."))
    with socket.socket(socket.AF_INET, socket.SOCK_DGRAM) as asker:
        asker.setsockopt(socket.IPPROTO_IP, socket.IP_MULTICAST_IF, LOOPBACK)
        asker.bind(("127.0.0.1", bind))
        asker.sendto(data, (address, port))
        return _collect(asker, None if group else 1)


def _collect(asker: socket.socket, wanted: int | None) -> list[tuple[bytes, str]]:
    heard: list[tuple[bytes, str]] = []
    asker.settimeout(SOON)
    while wanted is None or len(heard) < wanted:
        try:
            data, (sender, _) = asker.recvfrom(65535)
        except TimeoutError:
            break
        heard.append((data, sender))
        if wanted is None:
            asker.settimeout(SHORT)
    return heard


def silent(address: str, port: int, data: bytes, then: bytes) -> bool:
    """True when `data` stays unanswered: the answer to `then`, sent after it, is the first thing that comes."""
    with socket.socket(socket.AF_INET, socket.SOCK_DGRAM) as asker:
        asker.bind(("127.0.0.1", 0))
        asker.sendto(data, (address, port))
        asker.sendto(then, (address, port))
        first = _collect(asker, 1)
        asker.settimeout(SHORT)
        try:
            asker.recv(65535)
        except TimeoutError:
            return bool(first)
        return False


def get(address: str, port: int, path: str = "/", headers: dict[str, str] | None = None) -> http.client.HTTPResponse:
    """GET over a connection of its own; the body is read already and lies in `.body`."""
    return request("GET", address, port, path, None, headers)


def request(
    method: str, address: str, port: int, path: str, body: bytes | None = None, headers: dict[str, str] | None = None
) -> http.client.HTTPResponse:
    connection = http.client.HTTPConnection(address, port, timeout=SOON)
    try:
        connection.request(method, path, body, headers or {})
        response = connection.getresponse()
        response.body = response.read()  # type: ignore[attr-defined]
        return response
    finally:
        connection.close()


def raw_get(address: str, port: int, path: str = "/") -> bytes:
    """The bytes of an answer as they came."""
    message = f"GET {path} HTTP/1.1\r\nHost: {address}\r\nConnection: close\r\n\r\n"
    return talk(address, port, (message.encode(),))


def talk(address: str, port: int, messages: Sequence[bytes], limit: int = 1 << 20) -> bytes:
    """Send messages one after the other over one connection and give everything that came until it was closed."""
    with socket.create_connection((address, port), SOON) as conversation:
        for message in messages:
            conversation.sendall(message)
        conversation.shutdown(socket.SHUT_WR)
        heard = bytearray()
        while len(heard) < limit and (data := conversation.recv(65536)):
            heard += data
        return bytes(heard)


def certificate(address: str, port: int) -> tuple[bytes, str]:
    """The DER certificate of a TLS server, whatever it is worth, and the TLS version spoken."""
    context = ssl.SSLContext(ssl.PROTOCOL_TLS_CLIENT)
    context.check_hostname = False
    context.verify_mode = ssl.CERT_NONE
    with warnings.catch_warnings():
        warnings.simplefilter("ignore", DeprecationWarning)
        context.minimum_version = ssl.TLSVersion.TLSv1
    context.set_ciphers("ALL:@SECLEVEL=0")
    with socket.create_connection((address, port), SOON) as plain, context.wrap_socket(plain) as wrapped:
        return wrapped.getpeercert(True) or b"", wrapped.version() or ""
