"""A small ONVIF device on loopback: real sockets, recorded answers, real checks of the login."""

import base64
import hashlib
import re
import socketserver
import threading
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from pathlib import Path

RECORDED = Path(__file__).parents[1] / "recorded" / "probes"
USERNAME, PASSWORD = "auditor", "a secret of the owner"
REALM, NONCE = "IP Camera(C6496)", "01926faa875c1871"

_FAULT = (
    b'<env:Envelope xmlns:env="http://www.w3.org/2003/05/soap-envelope" xmlns:ter="http://www.onvif.org/ver10/error">'
    b"<env:Body><env:Fault><env:Code><env:Value>env:Sender</env:Value><env:Subcode><env:Value>ter:NotAuthorized"
    b"</env:Value></env:Subcode></env:Code></env:Fault></env:Body></env:Envelope>"
)


@dataclass
class SoapDevice:
    """`answers`: operation to a recorded file, or to a body.

    `wants`: "token" (HTTP 400 and a fault), "digest" (HTTP 401), or "silent401" (HTTP 401 without a challenge).
    """

    answers: dict[str, str | bytes]
    wants: str = "token"
    open_operations: frozenset[str] = frozenset({"GetSystemDateAndTime"})
    port: int = 0
    seen: list[bytes] = field(default_factory=list)

    def answer(self, request: bytes) -> bytes:
        """Answer one HTTP request."""
        self.seen.append(request)
        found = re.search(rb"Body[^>]*>\s*<(?:\w+:)?(\w+)", request)
        operation = found[1].decode() if found else ""
        if operation not in self.open_operations and not self._authorised(request):
            return self._refusal()
        if operation not in self.answers:
            return _http(b"500 Internal Server Error", _FAULT.replace(b"NotAuthorized", b"ActionNotSupported"))
        told = self.answers[operation]
        body = told if isinstance(told, bytes) else (RECORDED / told).read_bytes().partition(b"\r\n\r\n")[2]
        body = body.replace(b"10.77.0.11:80", f"127.0.0.1:{self.port}".encode())
        return _http(b"200 OK", body)

    def _refusal(self) -> bytes:
        if self.wants == "token":
            return _http(b"400 Bad Request", _FAULT)
        challenge = f'WWW-Authenticate: Digest realm="{REALM}", qop="auth", nonce="{NONCE}"\r\n'.encode()
        return _http(b"401 Unauthorized", _FAULT, challenge if self.wants == "digest" else b"")

    def _authorised(self, request: bytes) -> bool:
        return _good_digest(request) if self.wants == "digest" else _good_token(request)


def _http(status: bytes, body: bytes, extra: bytes = b"") -> bytes:
    head = b"HTTP/1.1 %s\r\nContent-Type: application/soap+xml\r\nContent-Length: %d\r\n" % (status, len(body))
    return head + extra + b"\r\n" + body


def _element(request: bytes, name: bytes) -> bytes:
    found = re.search(rb"<(?:\w+:)?%s(?:\s[^>]*)?>([^<]*)<" % name, request)
    return found[1] if found else b""


def _good_token(request: bytes) -> bool:
    nonce, created = base64.b64decode(_element(request, b"Nonce")), _element(request, b"Created")
    digest = hashlib.sha1(nonce + created + PASSWORD.encode()).digest()
    named = _element(request, b"Username") == USERNAME.encode()
    return named and base64.b64encode(digest) == _element(request, b"Password")


def _good_digest(request: bytes) -> bool:
    line = re.search(rb"\r\nAuthorization: Digest (.*)\r\n", request)
    if not line:
        return False
    said = dict(re.findall(r'(\w+)="?([^",]*)"?', line[1].decode()))
    ha1 = _md5(f"{USERNAME}:{REALM}:{PASSWORD}")
    ha2 = _md5(f"POST:{said['uri']}")
    return bool(said["response"] == _md5(f"{ha1}:{NONCE}:{said['nc']}:{said['cnonce']}:auth:{ha2}"))


def _md5(text: str) -> str:
    return hashlib.md5(text.encode()).hexdigest()


@contextmanager
def serving(device: SoapDevice) -> Iterator[SoapDevice]:
    """Serve the device on a free port of 127.0.0.1."""

    class Handler(socketserver.StreamRequestHandler):
        def handle(self) -> None:
            head = b""
            while not head.endswith(b"\r\n\r\n"):
                line = self.rfile.readline()
                if not line:
                    return
                head += line
            length = re.search(rb"Content-Length: (\d+)", head)
            self.wfile.write(device.answer(head + self.rfile.read(int(length[1]) if length else 0)))

    with socketserver.ThreadingTCPServer(("127.0.0.1", 0), Handler) as server:
        device.port = server.server_address[1]
        thread = threading.Thread(target=server.serve_forever, kwargs={"poll_interval": 0.01})
        thread.start()
        try:
            yield device
        finally:
            server.shutdown()
            thread.join()
