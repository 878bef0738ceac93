"""Cameras for measurements: one process that answers for every address of its namespace, each with its own identity.

    python benchmarks/cameras.py     TCP 80, 554 and 8000; UDP 3702 (WS-Discovery), 37020 (SADP) and 37810 (DHIP)

Three makers in turn, by the address. What it says has the shape of real answers; what it leaves out: video and logins.
"""

import asyncio
import re
import socket
import struct
import sys
from collections.abc import Callable
from hashlib import sha256
from pathlib import Path

sys.path.insert(0, str(Path(__file__).resolve().parents[1]))

from benchmarks import answers

_PKTINFO = 8
_BACKLOG = 4096
_DATE = "Mon, 23 Nov 2026 06:12:00 GMT"
_CLOCK = (
    "<s:Envelope xmlns:s='http://www.w3.org/2003/05/soap-envelope'><s:Body><GetSystemDateAndTimeResponse "
    "xmlns='http://www.onvif.org/ver10/device/wsdl'><SystemDateAndTime/></GetSystemDateAndTimeResponse></s:Body>"
    "</s:Envelope>"
)
_CSEQ = re.compile(rb"CSeq: *(\d+)", re.IGNORECASE)


class Camera:
    """One address and what it says of itself."""

    def __init__(self, ip: str) -> None:
        self.ip, number = ip, int.from_bytes(socket.inet_aton(ip))
        self.kind = ("hikvision", "dahua", "axis")[number % 3]
        self.nonce = sha256(ip.encode()).hexdigest()[:32]
        prefix = {"hikvision": "44:19:b6", "dahua": "3c:ef:8c", "axis": "ac:cc:8e"}[self.kind]
        self.mac = f"{prefix}:{number >> 16 & 255:02x}:{number >> 8 & 255:02x}:{number & 255:02x}"
        self.model = {"hikvision": "DS-2CD2385G1-I", "dahua": "IPC-HDW5421S", "axis": "P3245-LVE"}[self.kind]
        self.serial = f"{self.model}20200414AAWR{number % 10**9:09d}" if self.kind == "hikvision" else f"{number:015X}"

    def web(self, path: str) -> bytes:
        """Answer a GET or a POST."""
        if "onvif" in path:
            return _http(200, _CLOCK, "application/soap+xml")
        if self.kind == "axis":
            return answers.refusal("Apache", f"AXIS_{self.mac.replace(':', '').upper()}", self.nonce, _DATE)
        if path != "/":
            return _http(404, "<html><title>404 Not Found</title></html>", "text/html")
        if self.kind == "hikvision":
            return answers.page("App-webs/", "index", "/doc/script/config.js", _DATE)
        return answers.page("", "WEB SERVICE", "/baseProj/js/loader.js")

    def rtsp(self, request: bytes) -> bytes:
        """Answer OPTIONS or DESCRIBE."""
        found = _CSEQ.search(request)
        sequence = found[1].decode() if found else "1"
        if request.startswith(b"OPTIONS"):
            return f"RTSP/1.0 200 OK\r\nCSeq: {sequence}\r\nPublic: OPTIONS, DESCRIBE, SETUP, PLAY\r\n\r\n".encode()
        realm = {"hikvision": "IP Camera(C6496)", "dahua": f"Login to {self.serial}", "axis": f"AXIS_{self.nonce[:12]}"}
        return (
            f"RTSP/1.0 401 Unauthorized\r\nCSeq: {sequence}\r\n"
            f'WWW-Authenticate: Digest realm="{realm[self.kind]}", nonce="{self.nonce}", stale="FALSE"\r\n\r\n'
        ).encode()

    def discovered(self, _: bytes) -> bytes:
        """Answer WS-Discovery."""
        scopes = (f"hardware/{self.model}", f"name/{self.kind.upper()}%20{self.model}", f"MAC/{self.mac}")
        return answers.probe_match(
            f"urn:uuid:{self.nonce[:8]}-0000-1000-8000-{self.nonce[:12]}", scopes, self.ip, self.nonce
        )

    def sadp(self, _: bytes) -> bytes:
        """Answer Hikvision's search."""
        return (
            answers.sadp(self.model, self.serial, self.mac, self.ip, "V5.6.2build 190701")
            if self.kind == "hikvision"
            else b""
        )

    def dhip(self, _: bytes) -> bytes:
        """Answer Dahua's search."""
        return (
            answers.dhip(self.model, self.serial, self.mac, self.ip, "2.800.0000000.8.R")
            if self.kind == "dahua"
            else b""
        )


def _http(status: int, body: str, kind: str) -> bytes:
    head = f"HTTP/1.1 {status} X\r\nContent-Type: {kind}\r\nContent-Length: {len(body)}\r\nConnection: close\r\n\r\n"
    return (head + body).encode()


class Talk(asyncio.Protocol):
    """One connection; `port` decides the language."""

    def __init__(self, port: int) -> None:
        self._port, self._heard = port, b""

    def connection_made(self, transport: asyncio.BaseTransport) -> None:
        """Find out who was called."""
        assert isinstance(transport, asyncio.Transport)
        self._transport, self._camera = transport, Camera(transport.get_extra_info("sockname")[0])

    def data_received(self, data: bytes) -> None:
        """Answer each whole request."""
        self._heard += data
        while b"\r\n\r\n" in self._heard and self._port in (80, 554):
            head, _, rest = self._heard.partition(b"\r\n\r\n")
            length = re.search(rb"content-length: *(\d+)", head, re.IGNORECASE)
            size = int(length[1]) if length else 0
            if len(rest) < size:
                return
            self._heard = rest[size:]
            if self._port == 554:
                self._transport.write(self._camera.rtsp(head))
            else:
                words = head.split(b" ", 2)
                self._transport.write(self._camera.web(words[1].decode("latin-1") if len(words) == 3 else "/"))
                self._transport.close()


def _answering(port: int, say: Callable[[Camera, bytes], bytes]) -> None:
    """Answer datagrams from the very address that was asked."""
    sock = socket.socket(socket.AF_INET, socket.SOCK_DGRAM | socket.SOCK_NONBLOCK)
    sock.setsockopt(socket.IPPROTO_IP, _PKTINFO, 1)
    sock.setsockopt(socket.SOL_SOCKET, socket.SO_RCVBUF, 8 << 20)
    sock.bind(("0.0.0.0", port))

    def heard() -> None:
        while True:
            try:
                payload, ((_, _, info),), _, asker = sock.recvmsg(4096, 64)
            except BlockingIOError:
                return
            own = struct.unpack("=I4s4s", info)[2]
            if answer := say(Camera(socket.inet_ntoa(own)), payload):
                source = [(socket.IPPROTO_IP, _PKTINFO, struct.pack("=I4s4s", 0, own, bytes(4)))]
                sock.sendmsg([answer], source, 0, asker)

    asyncio.get_running_loop().add_reader(sock, heard)


async def serve() -> None:
    """Answer until killed."""
    loop = asyncio.get_running_loop()
    for port in (80, 554, 8000):
        await loop.create_server(lambda port=port: Talk(port), "0.0.0.0", port, backlog=_BACKLOG)  # type: ignore[misc]
    _answering(3702, Camera.discovered)
    _answering(37020, Camera.sadp)
    _answering(37810, Camera.dhip)
    print("ready", flush=True)
    await asyncio.Event().wait()


if __name__ == "__main__":
    asyncio.run(serve())
