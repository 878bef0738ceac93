"""TLS with real servers: a modern one, one as old as the cameras, and enemies."""

import asyncio
import os
import shutil
import ssl
import subprocess
from pathlib import Path

import pytest

from netaudit.net.exchange import Dialogue
from netaudit.net.outcome import Outcome
from netaudit.net.tls import HANDSHAKE_CAP, TlsSession
from tests.net.support import keeps_quiet, tcp_server, wire_for

HOST = "127.9.3.1"
GET = b"GET / HTTP/1.1\r\nHost: x\r\n\r\n"

needs_openssl = pytest.mark.skipif(shutil.which("openssl") is None, reason="the program openssl is not installed")


def make_certificate(folder: Path, bits: int, digest: str) -> tuple[Path, Path]:
    """A self-signed certificate as devices carry it."""
    key, certificate = folder / "key.pem", folder / "certificate.pem"
    subprocess.run(
        [
            *("openssl", "req", "-x509", "-newkey", f"rsa:{bits}", f"-{digest}", "-nodes", "-days", "30"),
            *("-subj", "/CN=camera.example/O=Maker", "-keyout", str(key), "-out", str(certificate)),
        ],
        check=True,
        capture_output=True,
    )
    return key, certificate


def asked(port: int, **settings: object) -> Outcome:
    """Ask for the certificate only, in a fresh loop."""
    dialogue = Dialogue(port, tls=True, **settings)  # type: ignore[arg-type]

    async def scenario() -> Outcome:
        return await wire_for("127.9.3.0/24").dialogue(HOST, dialogue)

    return asyncio.run(scenario())


@needs_openssl
def test_a_device_of_2010_shows_its_certificate(tmp_path: Path) -> None:
    key, certificate = make_certificate(tmp_path, 1024, "sha1")
    with subprocess.Popen(
        [
            *("openssl", "s_server", "-accept", f"{HOST}:0", "-tls1", "-cipher", "ALL:@SECLEVEL=0"),
            *("-key", str(key), "-cert", str(certificate), "-www"),
        ],
        stdin=subprocess.DEVNULL,
        stdout=subprocess.PIPE,
        stderr=subprocess.DEVNULL,
    ) as server:
        try:
            assert server.stdout is not None
            port = next(int(line.rsplit(b":", 1)[1]) for line in server.stdout if line.startswith(b"ACCEPT"))
            outcome = asked(port)
            page = asyncio.run(
                wire_for("127.9.3.0/24").dialogue(HOST, Dialogue(port, (GET,), tls=True)),
            )
        finally:
            server.kill()
    assert outcome.status == "answered"
    assert outcome.reply is not None
    assert outcome.reply.tls_version == "TLSv1"
    assert outcome.reply.certificate == ssl.PEM_cert_to_DER_cert(certificate.read_text())
    assert outcome.reply.messages == ()
    assert page.reply is not None
    assert page.reply.messages[0].startswith(b"HTTP/1.0 200 ok")


@needs_openssl
def test_a_modern_server_answers_through_tls(tmp_path: Path) -> None:
    key, certificate = make_certificate(tmp_path, 2048, "sha256")
    context = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
    context.load_cert_chain(certificate, key)
    answer = b"HTTP/1.1 200 OK\r\nContent-Length: 60000\r\n\r\n" + os.urandom(60000)

    async def talk(reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        await reader.read(4096)
        writer.write(answer)
        await writer.drain()
        await reader.read()

    async def scenario() -> Outcome:
        server = await asyncio.start_server(talk, HOST, 0, ssl=context)
        port = server.sockets[0].getsockname()[1]
        outcome = await wire_for("127.9.3.0/24").dialogue(HOST, Dialogue(port, (GET,), tls=True))
        server.close()
        await asyncio.sleep(0.05)
        return outcome

    outcome = asyncio.run(scenario())
    assert outcome.reply is not None
    assert outcome.reply.messages == (answer,)
    assert outcome.reply.tls_version == "TLSv1.3"
    assert outcome.reply.certificate is not None


def _against(pieces: bytes, *, forever: bool, deadline: float = 5.0) -> Outcome:
    async def talk(reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        await reader.read(4096)
        writer.write(pieces)
        while forever:
            writer.write(pieces)
            await writer.drain()
        await writer.drain()

    async def scenario() -> Outcome:
        async with tcp_server(talk, HOST) as port:
            dialogue = Dialogue(port, (GET,), tls=True, deadline=deadline)
            return await wire_for("127.9.3.0/24").dialogue(HOST, dialogue)

    return asyncio.run(scenario())


def test_garbage_instead_of_tls_is_an_error_with_a_reason() -> None:
    outcome = _against(b"HTTP/1.1 400 Bad Request\r\n\r\n", forever=False)
    assert outcome.status == "error"
    assert outcome.reason.startswith("TLS: ")


def test_a_handshake_that_never_ends_ends() -> None:
    # Fragments of one handshake message that claims to be 16 MB long.
    start = b"\x16\x03\x03\x40\x00" + b"\x02\xff\xff\xff" + bytes(0x4000 - 4)
    outcome = _against(start, forever=True)
    assert outcome.status == "error"
    assert outcome.received <= 2 * HANDSHAKE_CAP


def test_a_tls_port_that_says_nothing_times_out() -> None:
    async def scenario() -> Outcome:
        async with tcp_server(keeps_quiet, HOST) as port:
            dialogue = Dialogue(port, (GET,), tls=True, deadline=0.2)
            return await wire_for("127.9.3.0/24").dialogue(HOST, dialogue)

    outcome = asyncio.run(scenario())
    assert (outcome.status, outcome.reached) == ("timeout", True)


def test_hanging_up_in_the_handshake_is_an_error() -> None:
    outcome = _against(b"", forever=False)
    assert outcome.status == "error"
    assert outcome.reply is None


def test_a_handshake_above_the_cap_is_refused() -> None:
    session = TlsSession()
    assert not session.handshake()
    session.feed(b"\x16\x03\x03\x40\x00" + bytes(HANDSHAKE_CAP))
    with pytest.raises(ssl.SSLError, match="no end of the handshake"):
        session.handshake()
