"""A synthetic fleet for speed measurements: documented shapes of answers, values that repeat as in real buildings."""

import json
from collections.abc import Iterator

from netaudit.evidence.observation import Observation, observe

AT = "2026-11-23T10:00:00.000Z"
MODELS = ("DS-2CD2385G1-I", "DS-2CD2143G2-I", "DS-7616NI-K2/16P", "DS-2DE4425IW-DE")
DAHUA = ("IPC-HDW5421S", "IPC-HFW2431S-S-S2", "IP8M-2496E", "DHI-NVR5216-16P-4KS2E")
AXIS = ("P3245-LVE", "M1065-L", "Q6074-E", "M2036-LE")


def fleet(devices: int) -> Iterator[Observation]:
    """Yield about seven observations a device: a third Hikvision, a third Dahua, a sixth Axis, a sixth bystanders."""
    for number in range(devices):
        ip = f"10.{number >> 16 & 255}.{number >> 8 & 255}.{number & 255}"
        maker = (_hikvision, _dahua, _hikvision, _dahua, _axis, _printer)[number % 6]
        yield from maker(number, ip)


def _mac(prefix: str, number: int) -> str:
    return f"{prefix}:{number >> 16 & 255:02x}:{number >> 8 & 255:02x}:{number & 255:02x}"


def _of(kind: str, ip: str, port: int, raw: str, transport: str = "tcp", **more: str) -> Observation:
    return observe(kind, AT, {"ip": ip, "port": port, "transport": transport, **more}, raw=raw.encode())


def _link(ip: str, mac: str) -> Observation:
    return observe("link.mac", AT, {"ip": ip, "mac": mac}, fields={"mac": mac})


def _ports(ip: str, *ports: int) -> Observation:
    return observe("tcp.ports", AT, {"ip": ip}, fields={"open": tuple(map(str, ports)), "closed": ("443", "8080")})


def _http(server: str, title: str, realm: str = "") -> str:
    head = "HTTP/1.1 401 Unauthorized" if realm else "HTTP/1.1 200 OK"
    auth = f'WWW-Authenticate: Digest realm="{realm}", nonce="0a1b2c", qop="auth"\r\n' if realm else ""
    return f"{head}\r\nServer: {server}\r\n{auth}Content-Type: text/html\r\n\r\n<html><title>{title}</title></html>"


def _rtsp(realm: str) -> str:
    options = "RTSP/1.0 200 OK\r\nCSeq: 1\r\nPublic: OPTIONS, DESCRIBE, PLAY\r\n\r\n"
    return (
        f'{options}RTSP/1.0 401 Unauthorized\r\nCSeq: 2\r\nWWW-Authenticate: Digest realm="{realm}", nonce="1"\r\n\r\n'
    )


def _match(endpoint: str, scopes: str, address: str) -> str:
    return (
        '<?xml version="1.0"?><e:Envelope xmlns:e="http://www.w3.org/2003/05/soap-envelope" '
        'xmlns:d="http://schemas.xmlsoap.org/ws/2005/04/discovery" xmlns:a="http://schemas.xmlsoap.org/ws/2004/08/'
        'addressing"><e:Body><d:ProbeMatches><d:ProbeMatch><a:EndpointReference><a:Address>'
        f"{endpoint}</a:Address></a:EndpointReference><d:Types>dn:NetworkVideoTransmitter tds:Device</d:Types>"
        f"<d:Scopes>{scopes}</d:Scopes><d:XAddrs>http://{address}/onvif/device_service</d:XAddrs>"
        "<d:MetadataVersion>10</d:MetadataVersion></d:ProbeMatch></d:ProbeMatches></e:Body></e:Envelope>"
    )


def _hikvision(number: int, ip: str) -> Iterator[Observation]:
    model, mac = MODELS[number // 6 % 4], _mac("44:19:b6", number)
    serial = f"{model}20200414AAWR{number:09d}"
    yield _link(ip, mac)
    yield _ports(ip, 80, 554, 8000)
    yield _of("http.response", ip, 80, _http("App-webs/", "index"), path="/")
    yield _of("rtsp.response", ip, 554, _rtsp(f"IP Camera(C{number % 10000:04d})"))
    scopes = f"onvif://www.onvif.org/hardware/{model} onvif://www.onvif.org/name/HIKVISION%20{model}"
    yield _of(
        "wsd.probe_match",
        ip,
        3702,
        _match(f"urn:uuid:aa85c000-6324-11b3-819e-{mac.replace(':', '')}", scopes, ip),
        "udp",
    )
    reply = (
        f"<DeviceDescription>{model}</DeviceDescription><DeviceSN>{serial}</DeviceSN><MAC>{mac.replace(':', '-')}</MAC>"
    )
    reply += f"<IPv4Address>{ip}</IPv4Address><SoftwareVersion>V5.6.2build 190701</SoftwareVersion>"
    yield _of("sadp.reply", ip, 37020, f'<?xml version="1.0" encoding="UTF-8"?><ProbeMatch>{reply}</ProbeMatch>', "udp")


def _dahua(number: int, ip: str) -> Iterator[Observation]:
    model, mac = DAHUA[number // 6 % 4], _mac("3c:ef:8c", number)
    serial = f"{number:07X}PAX{number % 100000:05d}"
    yield _link(ip, mac)
    yield _ports(ip, 80, 554, 37777)
    yield _of("http.response", ip, 80, _http("", "WEB SERVICE"), path="/")
    yield _of("rtsp.response", ip, 554, _rtsp(f"Login to {serial}"))
    scopes = f"onvif://www.onvif.org/name/Dahua onvif://www.onvif.org/hardware/{model}"
    yield _of(
        "wsd.probe_match",
        ip,
        3702,
        _match(f"uuid:{number:08x}-0000-4000-8000-{mac.replace(':', '')}", scopes, ip),
        "udp",
    )
    info = {
        "DeviceClass": "IPC",
        "DeviceType": model,
        "SerialNo": serial,
        "Vendor": "Dahua",
        "Version": "2.800.0000000.8.R",
    }
    body = json.dumps({"mac": mac, "method": "client.notifyDevInfo", "params": {"deviceInfo": info}}) + "\n"
    head = (
        b" \0\0\0DHIP"
        + bytes(8)
        + len(body).to_bytes(4, "little")
        + bytes(4)
        + len(body).to_bytes(4, "little")
        + bytes(4)
    )
    target = {"ip": ip, "port": 37810, "transport": "udp"}
    yield observe("dhip.reply", AT, target, raw=head + body.encode())


def _axis(number: int, ip: str) -> Iterator[Observation]:
    model, mac = AXIS[number // 6 % 4], _mac("ac:cc:8e", number)
    plain = mac.replace(":", "").upper()
    yield _link(ip, mac)
    yield _ports(ip, 80, 443, 554)
    yield _of("http.response", ip, 80, _http("Apache", "AXIS", f"AXIS_{plain}"), path="/")
    yield _of("rtsp.response", ip, 554, _rtsp(f"AXIS_{plain}"))
    scopes = f"onvif://www.onvif.org/hardware/{model} onvif://www.onvif.org/name/AXIS%20{model}"
    yield _of(
        "wsd.probe_match", ip, 3702, _match(f"urn:uuid:{number:08x}-0000-1000-8000-{plain.lower()}", scopes, ip), "udp"
    )


def _printer(number: int, ip: str) -> Iterator[Observation]:
    yield _link(ip, _mac("3c:52:82", number))
    yield _ports(ip, 80, 443)
    yield _of("http.response", ip, 80, _http("HP HTTP Server; HP LaserJet M404dn", "HP LaserJet M404dn"), path="/")
