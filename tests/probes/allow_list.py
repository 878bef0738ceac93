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
_WSD_2009 = re.compile(
    rb"<\?xml [^\n]*xmlns:d=\"http://docs.oasis-open.org/ws-dd/ns/discovery/2009/01\"><e:Header>[^\n]*"
    rb"<w:Action e:mustUnderstand=\"true\">http://docs.oasis-open.org/ws-dd/ns/discovery/2009/01/Probe</w:Action>"
    rb"</e:Header><e:Body><d:Probe></d:Probe></e:Body></e:Envelope>"
)
_SSDP = re.compile(
    rb"M-SEARCH \* HTTP/1\.1\r\nHOST: (?:239\.255\.255\.250|\[FF0[25]::C\]):1900\r\nMAN: \"ssdp:discover\"\r\nMX: 2\r\n"
    rb"ST: (?:upnp:rootdevice|ssdp:all|urn:[a-z:-]+:(?:device|service):[A-Za-z]+:1)\r\n\r\n"
)
# Searches without a variable part, byte by byte from the sheet.
SEARCHES = {
    5050: {"a3010001000000000000000000000000 02000000000000000000000000000000"},
    34569: {"ff00000000000000000000000000fa0500000000"},
    23456: {f"4d484544 {version:02x}000100 01000000" + "00" * 128 for version in (7, 8)},
    2000: {"aaaa0000"},
    10001: {"01000000", "02080000"},
    2380: {"02 454e513a616c6c696e666f ff 03"},
    20002: {"0200000100000000 00000000463cb5d3"},
    20004: {"0200000100000000 00000000463cb5d3"},
    52380: {"02 454e513a6e6574776f726b ff 03"},
    3600: {"444953434f5645520a"},
    3956: {"42110002 0000 0001"},
    30718: {"000000f6"},
    30303: {"446973636f76657220474345 2044657669636573"},
    4070: {"646973636f766572 3b 303133 3b"},
    10000: {"4d4f5f49" + "00" * 11 + "040000000000000000000001", "014a5d8f1c"},
    8600: {"44480101"},
    5678: {"00000000"},
    7701: {"01" + "00" * 261},
    1757: {"9939a427 00000001 ff0006de"},
}
_IPRO_TAGS = "0020 0021 0022 0023 0025 0028 0040 0041 0042 0044 00a5 00a6 00a7 00a8 00ad 00b3 00b4 00b7 00b8"
_IPRO = re.compile(
    re.escape(bytes.fromhex("0001 002a 000d 000000000000"))
    + rb".{6}.{4}"
    + re.escape(bytes.fromhex(f"0000 20111e11231f1e1913 000002 01 {'00' * 11} fff0 0026 {_IPRO_TAGS} ffff"))
    + rb"..",
    re.DOTALL,
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
        assert _WSD.fullmatch(payload) or _WSD_2009.fullmatch(payload), payload
    elif request.port == 37020:
        assert _SADP.fullmatch(payload), payload
    elif request.port == 37810:
        assert payload == _DHIP_HEADER + b'{"method":"DHDiscover.search","params":{"mac":"","uni":1}}\n'
    elif request.port == 5353:
        names = _ptr_questions(payload)
        assert names
        assert all(_MDNS_NAME.fullmatch(name) for name in names), names
    elif request.port == 1900:
        assert _SSDP.fullmatch(payload), payload
    elif request.port == 10670:
        assert _IPRO.fullmatch(payload), payload.hex()
        assert sum(payload[:-2]) + 1 & 0xFFFF == int.from_bytes(payload[-2:])
    elif request.port in SEARCHES:
        assert payload in {bytes.fromhex(search) for search in SEARCHES[request.port]}, payload.hex()
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
