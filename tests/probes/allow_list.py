"""What may be sent at all, written down a second time and independently: facts/protocols.md section 27.

The tests hold every request that any probe can be brought to make against this.
"""

import json
import re

from netaudit.evidence.dns import build_query
from netaudit.net.exchange import Datagram, Request

# Never a web request to these: SDK, streaming and never-touch ports.
NO_HTTP = {554, 8554, 322, 9000, 34567, 37777, 9100, 502, 102, 20000, 2404, 47808, 44818}
GET_PATHS = {"/ISAPI/System/deviceInfo", "/cgi-bin/magicBox.cgi?action=getDeviceType", "/upnpdevicedesc.xml"}
GET_PATHS |= {"/LAPI/V1.0/System/DeviceBasicInfo"}
SOAP_OPERATIONS = {b"GetSystemDateAndTime", b"GetServices", b"GetDeviceInformation"}
FORBIDDEN_WORDS = re.compile(
    r"RPC2|sessionLogin|setConfig|webLanguage|reboot|reset|reg_admin|userCheck|login\.cgi|\.\.|action=(?!getDeviceType$)",
    re.IGNORECASE,
)
_HTTP = re.compile(rb"(GET|POST) (\S+) HTTP/1\.1\r\n((?:[A-Za-z-]+: [^\r\n]*\r\n)+)\r\n(.*)", re.DOTALL)
_HEADERS = {"host", "user-agent", "accept", "accept-encoding", "connection", "content-type", "content-length"}
_RTSP = re.compile(rb"(OPTIONS|DESCRIBE) rtsp://[\d.:a-f\[\]]+:\d+/ RTSP/1\.0\r\n((?:[A-Za-z-]+: [^\r\n]*\r\n)+)\r\n")
_SOAP = re.compile(
    rb'<\?xml version="1.0" encoding="UTF-8"\?><s:Envelope xmlns:s="http://www.w3.org/2003/05/soap-envelope"><s:Body>'
    rb'<(\w+) xmlns="http://www.onvif.org/ver10/device/wsdl">(?:<IncludeCapability>false</IncludeCapability>)?</\1>'
    rb"</s:Body></s:Envelope>"
)
_SADP = re.compile(
    rb'<\?xml version="1.0" encoding="utf-8"\?><Probe><Uuid>[0-9A-F-]{36}</Uuid>'
    rb"<Types>(?:inquiry|inquiry_v32)</Types></Probe>"
)
_WSD = re.compile(
    rb"<\?xml [^\n]*<w:Action e:mustUnderstand=\"true\">http://schemas.xmlsoap.org/ws/2005/04/discovery/Probe</w:Action>"
    rb"</e:Header><e:Body><d:Probe>(?:<d:Types[^>]*>(?:dn:NetworkVideoTransmitter|tds:Device)</d:Types>)?</d:Probe>"
    rb"</e:Body></e:Envelope>"
)
_DHIP_HEADER = bytes.fromhex("2000000044484950 0000000000000000 3b00000000000000 3b00000000000000")
_MDNS_NAME = re.compile(r"(?:_services\._dns-sd\._udp|_[A-Za-z0-9-]{1,40}\._(?:tcp|udp))\.local")


def assert_allowed(request: Request) -> None:
    """Raise AssertionError for any request that is not on the list."""
    if isinstance(request, Datagram):
        assert_allowed_datagram(request)
        return
    assert request.deadline <= 10
    assert request.cap <= 128 * 1024
    for message in request.messages:
        if message.startswith((b"OPTIONS", b"DESCRIBE")):
            assert _RTSP.fullmatch(message), message
        else:
            _assert_http(message, request.port)


def _assert_http(message: bytes, port: int) -> None:
    assert port not in NO_HTTP
    found = _HTTP.fullmatch(message)
    assert found, message
    method, path, head, body = found[1], found[2].decode(), found[3].decode(), found[4]
    assert {line.partition(":")[0].lower() for line in head.splitlines()} <= _HEADERS
    assert not FORBIDDEN_WORDS.search(path), path
    if method == b"GET":
        assert body == b""
        assert path in GET_PATHS or re.fullmatch(r"/[A-Za-z0-9_./~-]*", path), path
    elif path == "/axis-cgi/basicdeviceinfo.cgi":
        assert json.loads(body) == {"apiVersion": "1.0", "method": "getAllUnrestrictedProperties"}
    else:
        operation = _SOAP.fullmatch(body)
        assert operation, body
        assert operation[1] in SOAP_OPERATIONS


def assert_allowed_datagram(request: Datagram) -> None:
    """Raise AssertionError for any datagram that is no listed search."""
    payload = request.payload
    if request.port == 3702:
        assert _WSD.fullmatch(payload), payload
    elif request.port == 37020:
        assert _SADP.fullmatch(payload), payload
    elif request.port == 37810:
        assert payload == _DHIP_HEADER + b'{"method":"DHDiscover.search","params":{"mac":"","uni":1}}\n'
    elif request.port == 5353:
        names = _ptr_questions(payload)
        assert names
        assert all(_MDNS_NAME.fullmatch(name) for name in names), names
    else:
        raise AssertionError(f"nothing may be sent to UDP {request.port}")


def _ptr_questions(payload: bytes) -> list[str]:
    """Read the names of a query that asks for PTR only; the encoder run again must give the same bytes."""
    names, count = [], int.from_bytes(payload[4:6])
    assert payload[:4] == b"\0\0\0\0"
    assert payload[6:12] == bytes(6)
    position = 12
    for _ in range(count):
        name, position = _name(payload, position)
        assert payload[position : position + 4] == b"\x00\x0c\x80\x01"
        position += 4
        names.append(name)
    assert build_query([(name, "PTR") for name in names], True) == payload
    return names


def _name(payload: bytes, position: int) -> tuple[str, int]:
    labels = []
    end = None
    while length := payload[position]:
        if length >= 0xC0:
            end = end or position + 2
            position = int.from_bytes(payload[position : position + 2]) & 0x3FFF
            continue
        labels.append(payload[position + 1 : position + 1 + length].decode())
        position += 1 + length
    return ".".join(labels), end or position + 1
