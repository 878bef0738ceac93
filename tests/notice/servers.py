"""Real servers on loopback: mail (aiosmtpd), web, log. Each keeps what it was given."""

import asyncio
import re
import socket
import ssl
import threading
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from ipaddress import ip_address
from pathlib import Path
from typing import Any

from aiosmtpd.smtp import SMTP, AuthResult, Envelope, Session
from cryptography import x509
from cryptography.hazmat.primitives import hashes, serialization
from cryptography.hazmat.primitives.asymmetric import ec
from cryptography.x509.oid import NameOID

USER, PASSWORD = "netaudit", "correct horse"


def certificate(folder: Path) -> tuple[Path, ssl.SSLContext]:
    """A certificate for 127.0.0.1 that signs itself, and the context of a server that shows it."""
    key = ec.generate_private_key(ec.SECP256R1())
    name = x509.Name([x509.NameAttribute(NameOID.COMMON_NAME, "loopback")])
    today = datetime.now(UTC)
    made = (
        x509.CertificateBuilder()
        .subject_name(name).issuer_name(name).public_key(key.public_key()).serial_number(1)
        .not_valid_before(today - timedelta(days=1)).not_valid_after(today + timedelta(days=1))
        .add_extension(x509.SubjectAlternativeName([x509.IPAddress(ip_address("127.0.0.1"))]), critical=False)
        .add_extension(x509.BasicConstraints(ca=True, path_length=None), critical=True)
        .sign(key, hashes.SHA256())
    )  # fmt: skip
    encoding = serialization.Encoding.PEM
    secret = key.private_bytes(encoding, serialization.PrivateFormat.PKCS8, serialization.NoEncryption())
    public = made.public_bytes(encoding)
    (folder / "ca.pem").write_bytes(public)
    (folder / "both.pem").write_bytes(secret + public)
    context = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
    context.load_cert_chain(folder / "both.pem")
    return folder / "ca.pem", context


@dataclass
class MailBox:
    """A mail server's handler: takes mail, or refuses as the tests say. `answers`: replies to DATA, in order."""

    taken: list[Envelope] = field(default_factory=list)
    encrypted: list[bool] = field(default_factory=list)
    answers: list[str] = field(default_factory=list)
    unknown: set[str] = field(default_factory=set)
    port: int = 0

    async def handle_RCPT(  # noqa: N802
        self, server: SMTP, session: Session, envelope: Envelope, address: str, options: Sequence[str]
    ) -> str:
        if address in self.unknown:
            return "550 5.1.1 nobody of that name here"
        envelope.rcpt_tos.append(address)
        return "250 OK"

    async def handle_DATA(self, server: SMTP, session: Session, envelope: Envelope) -> str:  # noqa: N802
        answer = self.answers.pop(0) if self.answers else "250 taken"
        if answer.startswith("2"):
            self.taken.append(envelope)
            self.encrypted.append(session.ssl is not None)
        return answer


def _login(server: SMTP, session: Session, envelope: Envelope, mechanism: str, data: Any) -> AuthResult:
    fits = (data.login, data.password) == (USER.encode(), PASSWORD.encode())
    return AuthResult(success=fits, handled=False)


@contextmanager
def mail_server(starttls: ssl.SSLContext | None = None, tls: ssl.SSLContext | None = None) -> Iterator[MailBox]:
    """A mail server; with `starttls` it takes nothing before STARTTLS and a login."""
    box, ready, loop = MailBox(), threading.Event(), asyncio.new_event_loop()
    stop = asyncio.Event()

    def session() -> SMTP:
        secure: dict[str, Any] = {}
        if starttls:
            secure = {"tls_context": starttls, "require_starttls": True, "auth_required": True, "authenticator": _login}
        return SMTP(box, hostname="mail.test", loop=loop, timeout=30, **secure)

    async def serve() -> None:
        server = await loop.create_server(session, "127.0.0.1", 0, ssl=tls)
        box.port = server.sockets[0].getsockname()[1]
        ready.set()
        await stop.wait()
        server.close()
        await server.wait_closed()
        others = asyncio.all_tasks() - {asyncio.current_task()}
        for task in others:
            task.cancel()
        await asyncio.gather(*others, return_exceptions=True)

    def run() -> None:
        asyncio.set_event_loop(loop)
        loop.run_until_complete(serve())
        loop.run_until_complete(loop.shutdown_asyncgens())
        loop.close()

    thread = threading.Thread(target=run, daemon=True)
    thread.start()
    assert ready.wait(30)
    try:
        yield box
    finally:
        loop.call_soon_threadsafe(stop.set)
        thread.join(30)


@dataclass
class Posts:
    """A web server's book. `answers`: (status, Location) for the next requests, then 204."""

    taken: list[tuple[str, dict[str, str], bytes]] = field(default_factory=list)
    answers: list[tuple[int, str]] = field(default_factory=list)
    url: str = ""


@contextmanager
def web_server(tls: ssl.SSLContext | None = None) -> Iterator[Posts]:
    """A web server that takes every POST."""
    book = Posts()

    class Handler(BaseHTTPRequestHandler):
        def do_POST(self) -> None:
            data = self.rfile.read(int(self.headers["Content-Length"]))
            book.taken.append((self.path, {name.lower(): value for name, value in self.headers.items()}, data))
            status, away = book.answers.pop(0) if book.answers else (204, "")
            self.send_response(status)
            if away:
                self.send_header("Location", away)
            self.send_header("Content-Length", "0")
            self.end_headers()

        def do_GET(self) -> None:
            book.taken.append((f"GET {self.path}", {}, b""))
            self.send_error(404)

        def log_message(self, format: str, *args: object) -> None:
            """Be quiet."""

    class Server(ThreadingHTTPServer):
        def handle_error(self, request: object, client_address: object) -> None:
            """A client that refuses the certificate is part of the tests."""

    server = Server(("127.0.0.1", 0), Handler)
    if tls:
        server.socket = tls.wrap_socket(server.socket, server_side=True)
    book.url = f"{'https' if tls else 'http'}://127.0.0.1:{server.server_port}"
    thread = threading.Thread(target=server.serve_forever, args=(0.01,), daemon=True)
    thread.start()
    try:
        yield book
    finally:
        server.shutdown()
        server.server_close()
        thread.join(30)


@dataclass
class Lines:
    """A log server's book: `taken` are messages without the framing of the transport."""

    taken: list[bytes] = field(default_factory=list)
    port: int = 0
    changed: threading.Condition = field(default_factory=threading.Condition)

    def add(self, message: bytes) -> None:
        with self.changed:
            self.taken.append(message)
            self.changed.notify_all()

    def wait(self, count: int) -> list[bytes]:
        """The messages, as soon as there are that many."""
        with self.changed:
            assert self.changed.wait_for(lambda: len(self.taken) >= count, timeout=60), self.taken
            return list(self.taken)


@contextmanager
def log_server(transport: str, tls: ssl.SSLContext | None = None) -> Iterator[Lines]:
    """A log server: datagrams, or octet counting over TCP or TLS."""
    lines = Lines()
    kind = socket.SOCK_DGRAM if transport == "udp" else socket.SOCK_STREAM
    with socket.socket(socket.AF_INET, kind) as sock:
        sock.bind(("127.0.0.1", 0))
        lines.port = sock.getsockname()[1]
        if transport != "udp":
            sock.listen()
        ended = threading.Event()
        thread = threading.Thread(target=_serve, args=(sock, lines, transport, tls, ended), daemon=True)
        thread.start()
        try:
            yield lines
        finally:
            ended.set()
            thread.join(30)


def _serve(
    sock: socket.socket, lines: Lines, transport: str, tls: ssl.SSLContext | None, ended: threading.Event
) -> None:
    sock.settimeout(0.05)
    while not ended.is_set():
        try:
            if transport == "udp":
                lines.add(sock.recv(65536))
                continue
            connection, _ = sock.accept()
        except TimeoutError:
            continue
        connection.settimeout(30)
        try:
            with tls.wrap_socket(connection, server_side=True) if tls else connection as stream:
                data = b""
                while block := stream.recv(4096):
                    data += block
        except OSError:
            connection.close()
            continue
        for message in counted(data):
            lines.add(message)


def counted(data: bytes) -> Iterator[bytes]:
    """Take octet-counted frames apart (RFC 6587, 3.4.1)."""
    while data:
        length, _, rest = data.partition(b" ")
        assert len(rest) >= int(length)
        yield rest[: int(length)]
        data = rest[int(length) :]


RFC5424 = re.compile(
    rb"<(?P<pri>\d{1,3})>1 (?P<time>\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d(?:\.\d{1,6})?Z) (?P<host>[!-~]{1,255}) "
    rb"(?P<app>[!-~]{1,48}) (?P<process>[!-~]{1,128}) (?P<id>[!-~]{1,32}) "
    rb'(?P<data>-|(?:\[[!-~]{1,32}(?: [!-~]{1,32}="(?:[^"\\\]]|\\["\\\]])*")*\])+)'
    rb"(?: \xef\xbb\xbf(?P<text>.*))?",
    re.DOTALL,
)
"""RFC 5424, section 6, for messages in UTF-8."""
