"""A web interface behind HTTP Digest on loopback: real sockets, real sums, an account that locks."""

import hashlib
import re
import socketserver
import threading
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass, field

USERNAME, PASSWORD = "auditor", "a secret of the owner"
NONCES = ("01926faa875c1871", "11926faa875c1872")


@dataclass
class Web:
    """`pages`: path with query to body; others are 404. `stale`: answers that a nonce serves before it ages."""

    pages: Mapping[str, bytes]
    realm: str
    forbidden: frozenset[str] = frozenset()
    stale: int = 0
    scheme: str = "Digest"
    port: int = 0
    failures: int = 0
    seen: list[bytes] = field(default_factory=list)
    _served: int = 0

    def answer(self, request: bytes) -> bytes:
        """Answer one request."""
        self.seen.append(request)
        method, path = request.split(b" ")[0].decode(), request.split(b" ")[1].decode()
        line = re.search(rb"\r\nAuthorization: (\w+) (.*?)\r\n", request)
        if line is None:
            return self._challenge()
        said = dict(re.findall(r'(\w+)="?([^",]*)"?', line[2].decode()))
        if self.stale and self._served >= self.stale and said["nonce"] == NONCES[0]:
            return self._challenge(NONCES[1], stale=True)
        if line[1] != b"Digest" or said["uri"] != path or said["response"] != self._response(method, said):
            self.failures += 1
            return self._challenge()
        self._served += 1
        if path in self.forbidden:
            return _http(b"403 Forbidden", b"")
        return _http(b"200 OK", self.pages[path]) if path in self.pages else _http(b"404 Not Found", b"")

    def _response(self, method: str, said: Mapping[str, str]) -> str:
        ha1, ha2 = _md5(f"{USERNAME}:{self.realm}:{PASSWORD}"), _md5(f"{method}:{said['uri']}")
        return _md5(f"{ha1}:{said['nonce']}:{said['nc']}:{said['cnonce']}:auth:{ha2}")

    def _challenge(self, nonce: str = NONCES[0], *, stale: bool = False) -> bytes:
        flag = ', stale="TRUE"' if stale else ""
        told = f'WWW-Authenticate: {self.scheme} realm="{self.realm}", qop="auth", nonce="{nonce}"{flag}\r\n'
        return _http(b"401 Unauthorized", b"", told.encode())


def _http(status: bytes, body: bytes, extra: bytes = b"") -> bytes:
    return b"HTTP/1.1 %s\r\nContent-Length: %d\r\n%s\r\n%s" % (status, len(body), extra, body)


def _md5(text: str) -> str:
    return hashlib.md5(text.encode()).hexdigest()


@contextmanager
def serving(web: Web) -> Iterator[Web]:
    """Serve on a free port of 127.0.0.1."""

    class Handler(socketserver.StreamRequestHandler):
        def handle(self) -> None:
            head = b""
            while not head.endswith(b"\r\n\r\n"):
                line = self.rfile.readline()
                if not line:
                    return
                head += line
            length = re.search(rb"Content-Length: (\d+)", head)
            self.wfile.write(web.answer(head + self.rfile.read(int(length[1]) if length else 0)))

    with socketserver.ThreadingTCPServer(("127.0.0.1", 0), Handler) as server:
        web.port = server.server_address[1]
        thread = threading.Thread(target=server.serve_forever, kwargs={"poll_interval": 0.01})
        thread.start()
        try:
            yield web
        finally:
            server.shutdown()
            thread.join()
