"""Puts terminal escapes, bidirectional marks, markup and formulas into every string that it may choose."""

import json
import struct

from tests.hostile.serve import HTTP_PORTS, page, probe_match, says, ssdp, tcp, udp

EVIL = '\x1b]0;owned\x07\x1b[2J\x1b[31m\u202eEVIL\u202c\x9b31m<script>alert(1)</script>=cmd|"/c calc"!A1\x00'
_TEXT = EVIL.replace("\x00", "")
_IN_XML = _TEXT.translate({0x26: "&amp;", 0x3C: "&lt;", 0x1B: "&#27;", 0x07: None, 0x9B: None})
_SADP = f"<ProbeMatch><DeviceDescription>{_IN_XML}</DeviceDescription></ProbeMatch>".encode()
_MATCHES = (probe_match("http://x/", _IN_XML), probe_match("http://x/", _TEXT))
_RTSP = f'RTSP/1.0 401 Unauthorized\r\nCSeq: 1\r\nServer: {_TEXT}\r\nWWW-Authenticate: Basic realm="{_TEXT}"\r\n\r\n'


def _dhip() -> bytes:
    body = json.dumps({"mac": "3c:ef:8c:00:00:99", "params": {"deviceInfo": {"DeviceType": EVIL, "SerialNo": EVIL}}})
    data = body.encode()
    return struct.pack("<I4sIIIIII", 32, b"DHIP", 0, 0, len(data), 0, len(data), 0) + data


async def serve(ip: str) -> None:
    """Say it by every protocol."""
    body = f"<html><title>{_TEXT}</title>{_TEXT}</html>".encode()
    challenge = f'WWW-Authenticate: Digest realm="{_TEXT}", nonce="1"'
    await tcp(ip, HTTP_PORTS, says(page(body, f"Server: {_TEXT}", challenge)))
    await tcp(ip, (554,), says(_RTSP.encode()))
    await tcp(ip, (21, 22, 23), says(f"220 {_TEXT}\r\n".encode()))
    await udp(ip, 3702, lambda _: _MATCHES, "239.255.255.250")
    await udp(ip, 1900, lambda _: (ssdp(f"http://{ip}/{_TEXT}", _TEXT),), "239.255.255.250")
    await udp(ip, 37810, lambda _: (_dhip(),), "239.255.255.251")
    await udp(ip, 37020, lambda _: (_SADP,))
