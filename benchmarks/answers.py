"""What the units of the fleet answer: whole messages in the length and shape that such devices send."""

import json
from collections.abc import Iterable
from functools import cache
from typing import Final

_SOAP: Final = (
    '<?xml version="1.0" encoding="UTF-8"?><env:Envelope xmlns:env="http://www.w3.org/2003/05/soap-envelope" '
    'xmlns:wsa="http://schemas.xmlsoap.org/ws/2004/08/addressing" '
    'xmlns:d="http://schemas.xmlsoap.org/ws/2005/04/discovery" xmlns:dn="http://www.onvif.org/ver10/network/wsdl" '
    'xmlns:tds="http://www.onvif.org/ver10/device/wsdl">'
)
_SADP: Final = {
    "CommandPort": "8000", "HttpPort": "80", "IPv4SubnetMask": "255.255.240.0", "IPv4Gateway": "10.0.0.1",
    "IPv6Address": "::", "IPv6Gateway": "::", "IPv6MaskLen": "64", "DHCP": "false", "AnalogChannelNum": "0",
    "DigitalChannelNum": "1", "DSPVersion": "V7.3build 200701", "Encrypt": "true", "ResetAbility": "false",
    "DiskNumber": "0", "Activated": "true", "PasswordResetAbility": "true", "PasswordResetModeSecond": "true",
    "DetailOEMCode": "1", "SupportSecurityQuestion": "true", "SupportHCPlatform": "true", "HCPlatformEnable": "false",
    "IsModifyVerificationCode": "false", "OEMInfo": "N/A", "SDKServerStatus": "true", "SDKOverTLSServerStatus": "true",
    "SDKOverTLSPort": "8443", "SpecificDeviceType": "HIK",
}  # fmt: skip
_DHIP: Final = {
    "AlarmInputChannels": 0, "AlarmOutputChannels": 0, "DeviceClass": "IPC", "Find": "BC", "HttpPort": 80, "Init": 150,
    "Manufacturer": "Dahua", "Port": 37777, "RemoteVideoInputChannels": 0, "Vendor": "Dahua", "VideoInputChannels": 1,
    "VideoOutputChannels": 0,
}  # fmt: skip
_NAME: Final = "axis-accc8e000000"
"""A name that the certificate is made with; each unit's own has the same length and takes its place."""


def page(server: str, title: str, script: str, date: str = "") -> bytes:
    """Return the start page of a web server, which loads `script`; `date` where it sends the time."""
    body = (
        f'<!doctype html><html><head><title>{title}</title><meta http-equiv="Pragma" content="no-cache" />'
        f'<link rel="shortcut icon" href="/favicon.ico" /><script src="{script}">'
        "</script></head><body></body></html>"
    )
    stamp = f"Date: {date}\r\n" if date else ""
    return (
        f'HTTP/1.1 200 OK\r\n{stamp}Server: {server}\r\nX-Frame-Options: SAMEORIGIN\r\nETag: "0-7a6-1e0"\r\n'
        f"Content-Length: {len(body)}\r\nContent-Type: text/html\r\nConnection: close\r\n\r\n{body}"
    ).encode()


def refusal(server: str, realm: str, nonce: str, date: str) -> bytes:
    """Return the answer of a web server that wants a login."""
    body = "<html><head><title>401 Unauthorized</title></head><body><h1>Unauthorized</h1></body></html>"
    return (
        f"HTTP/1.1 401 Unauthorized\r\nDate: {date}\r\nServer: {server}\r\n"
        f'WWW-Authenticate: Digest realm="{realm}", nonce="{nonce}", algorithm=MD5, qop="auth"\r\n'
        f"Content-Length: {len(body)}\r\nContent-Type: text/html; charset=iso-8859-1\r\n\r\n{body}"
    ).encode()


def rtsp(realm: str, nonce: str) -> bytes:
    """Return the answers to OPTIONS and DESCRIBE."""
    public = "OPTIONS, DESCRIBE, SETUP, TEARDOWN, PLAY, PAUSE, GET_PARAMETER, SET_PARAMETER"
    return (
        f"RTSP/1.0 200 OK\r\nCSeq: 1\r\nPublic: {public}\r\n\r\nRTSP/1.0 401 Unauthorized\r\nCSeq: 2\r\n"
        f'WWW-Authenticate: Digest realm="{realm}", nonce="{nonce}", stale="FALSE"\r\n\r\n'
    ).encode()


def probe_match(endpoint: str, scopes: Iterable[str], ip: str, nonce: str) -> bytes:
    """Return a WS-Discovery answer with the scopes that every ONVIF camera has, and its own."""
    general = ("type/video_encoder", "Profile/Streaming", "Profile/G", "Profile/T")
    listed = " ".join(f"onvif://www.onvif.org/{scope}" for scope in (*general, *scopes))
    return (
        f"{_SOAP}<env:Header><wsa:MessageID>urn:uuid:{nonce}</wsa:MessageID><wsa:RelatesTo>urn:uuid:45f6df6f-bf71-43c9-"
        f"890a-79da82875dbe</wsa:RelatesTo><wsa:To>http://schemas.xmlsoap.org/ws/2004/08/addressing/role/anonymous"
        "</wsa:To><wsa:Action>http://schemas.xmlsoap.org/ws/2005/04/discovery/ProbeMatches</wsa:Action>"
        '<d:AppSequence InstanceId="1" MessageNumber="1"/></env:Header><env:Body><d:ProbeMatches><d:ProbeMatch>'
        f"<wsa:EndpointReference><wsa:Address>{endpoint}</wsa:Address></wsa:EndpointReference>"
        f"<d:Types>dn:NetworkVideoTransmitter tds:Device</d:Types><d:Scopes>{listed}</d:Scopes>"
        f"<d:XAddrs>http://{ip}/onvif/device_service</d:XAddrs><d:MetadataVersion>10</d:MetadataVersion>"
        "</d:ProbeMatch></d:ProbeMatches></env:Body></env:Envelope>"
    ).encode()


def sadp(model: str, serial: str, mac: str, ip: str, firmware: str) -> bytes:
    """Return an answer to Hikvision's search."""
    own = {"DeviceDescription": model, "DeviceSN": serial, "MAC": mac.replace(":", "-"), "IPv4Address": ip,
           "SoftwareVersion": firmware, "BootTime": f"2026-11-20 06:12:{int(mac[-2:], 16) % 60:02}"}  # fmt: skip
    lines = "\r\n".join(f"<{name}>{value}</{name}>" for name, value in {**own, **_SADP}.items())
    return f'<?xml version="1.0" encoding="UTF-8"?>\r\n<ProbeMatch>\r\n{lines}\r\n</ProbeMatch>\r\n'.encode()


def dhip(model: str, serial: str, mac: str, ip: str, firmware: str) -> bytes:
    """Return an answer to Dahua's search: header and JSON."""
    address = {"DefaultGateway": "10.0.0.1", "DhcpEnable": False, "IPAddress": ip, "SubnetMask": "255.255.240.0"}
    info = {**_DHIP, "DeviceType": model, "MachineName": serial, "SerialNo": serial, "Version": firmware,
            "IPv4Address": address}  # fmt: skip
    body = json.dumps({"mac": mac, "method": "client.notifyDevInfo", "params": {"deviceInfo": info}}).encode() + b"\n"
    size = len(body).to_bytes(4, "little")
    return b" \0\0\0DHIP" + bytes(8) + size + bytes(4) + size + bytes(4) + body


def certificate(name: str) -> bytes:
    """Return a certificate for a name of the length of "axis-accc8e000000" (the signature fits no name but one)."""
    return _certificate().replace(_NAME.encode(), name.encode())


@cache
def _certificate() -> bytes:
    from datetime import UTC, datetime

    from cryptography import x509
    from cryptography.hazmat.primitives import hashes, serialization
    from cryptography.hazmat.primitives.asymmetric import ec

    key = ec.generate_private_key(ec.SECP256R1())
    subject = x509.Name.from_rfc4514_string(f"CN={_NAME},O=Axis Communications AB")
    made = x509.CertificateBuilder(subject, subject, key.public_key(), 4711)
    made = made.not_valid_before(datetime(2020, 1, 1, tzinfo=UTC)).not_valid_after(datetime(2040, 1, 1, tzinfo=UTC))
    made = made.add_extension(x509.SubjectAlternativeName([x509.DNSName(_NAME)]), critical=False)
    return made.sign(key, hashes.SHA256()).public_bytes(serialization.Encoding.DER)
