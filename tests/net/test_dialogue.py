"""Dialogues with real servers, most of them nasty: each ends, keeps what was heard, and never raises."""

import asyncio
import socket
import struct
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager

import pytest

from netaudit.net.dialogue import packets_of
from netaudit.net.exchange import Dialogue
from netaudit.net.outcome import Outcome
from netaudit.net.wire import Wire
from tests.net.support import Talk, gate_for, keeps_quiet, says, tcp_server, wire_for

HOST = "127.9.1.1"
GET = b"GET / HTTP/1.1\r\nHost: x\r\n\r\n"
OK = b"HTTP/1.1 200 OK\r\nContent-Length: 2\r\n\r\nok"


def ask(talk: Talk, *messages: bytes, **settings: object) -> Outcome:
    """Hold one dialogue with one server."""

    async def scenario() -> Outcome:
        async with tcp_server(talk, HOST) as port:
            dialogue = Dialogue(port, messages or (GET,), **({"deadline": 5.0} | settings))  # type: ignore[arg-type]
            return await wire_for("127.9.1.0/24").dialogue(HOST, dialogue)

    return asyncio.run(scenario())


def test_an_answer_comes_back_whole() -> None:
    outcome = ask(says(OK[:20], OK[20:]))
    assert outcome.status == "answered"
    assert outcome.reply is not None
    assert outcome.reply.messages == (OK,)
    assert (outcome.reply.source, outcome.reply.truncated) == (HOST, False)
    assert (outcome.sent, outcome.received) == (len(GET), len(OK))


def test_the_second_message_goes_after_the_first_answer_on_the_same_connection() -> None:
    heard: list[bytes] = []

    async def talk(reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        for number in (b"1", b"2"):
            heard.append(await reader.read(4096))
            writer.write(b"RTSP/1.0 200 OK\r\nCSeq: " + number + b"\r\n\r\n")

    outcome = ask(talk, b"OPTIONS", b"DESCRIBE", framing="rtsp")
    assert heard == [b"OPTIONS", b"DESCRIBE"]
    assert outcome.reply is not None
    assert [message[-5:-4] for message in outcome.reply.messages] == [b"1", b"2"]


def test_a_server_that_hangs_up_after_the_first_answer_gives_that_answer() -> None:
    outcome = ask(says(b"RTSP/1.0 200 OK\r\nCSeq: 1\r\n\r\n"), b"OPTIONS", b"DESCRIBE", framing="rtsp")
    assert outcome.status == "answered"
    assert outcome.reply is not None
    assert len(outcome.reply.messages) == 1


def test_a_greeting_needs_no_message() -> None:
    async def talk(reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        writer.write(b"220 camera FTP ready\r\n")
        await reader.read()

    async def scenario() -> Outcome:
        async with tcp_server(talk, HOST) as port:
            return await wire_for("127.9.1.0/24").dialogue(HOST, Dialogue(port, framing="banner"))

    outcome = asyncio.run(scenario())
    assert outcome.reply is not None
    assert outcome.reply.messages == (b"220 camera FTP ready\r\n",)


def test_a_service_that_waits_for_us_to_speak_first_is_silent_not_timed_out() -> None:
    async def scenario() -> Outcome:
        async with tcp_server(keeps_quiet, HOST) as port:
            return await wire_for("127.9.1.0/24").dialogue(HOST, Dialogue(port, framing="banner", deadline=0.1))

    outcome = asyncio.run(scenario())
    assert (outcome.status, outcome.reached) == ("silent", True)


def test_what_is_not_on_the_allow_list_is_not_said() -> None:
    async def scenario(message: bytes) -> Outcome:
        async with tcp_server(says(OK), HOST) as port:
            return await Wire(gate_for("127.9.1.0/24")).dialogue(HOST, Dialogue(port, (message,), deadline=1))

    outcome = asyncio.run(scenario(b"DELETE / HTTP/1.1\r\n\r\n"))
    assert (outcome.status, outcome.sent) == ("not_sent", 0)
    assert "not on the allow-list" in outcome.reason


async def _endless(reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
    await reader.read(4096)
    writer.write(b"HTTP/1.1 200 OK\r\nContent-Length: 10737418240\r\n\r\n")
    while True:
        writer.write(b"x" * 65536)
        await writer.drain()


async def _drip(reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
    await reader.read(4096)
    while True:
        writer.write(b"H")
        await writer.drain()
        await asyncio.sleep(0.05)


async def _reset(reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
    await reader.read(4096)
    sock = writer.get_extra_info("socket")
    sock.setsockopt(socket.SOL_SOCKET, socket.SO_LINGER, struct.pack("ii", 1, 0))


def test_ten_gigabytes_end_at_the_cap() -> None:
    outcome = ask(_endless, cap=4096)
    assert outcome.status == "answered"
    assert outcome.reply is not None
    assert outcome.reply.truncated
    assert len(outcome.reply.messages[0]) == 4096


def test_a_header_that_never_ends_ends_at_the_cap() -> None:
    outcome = ask(says(b"HTTP/1.1 200 OK\r\n", b"X-Pad: y\r\n" * 10_000), cap=1000)
    assert outcome.reply is not None
    assert outcome.reply.truncated
    assert len(outcome.reply.messages[0]) == 1000


def test_a_drip_ends_at_the_deadline_with_what_was_heard() -> None:
    outcome = ask(_drip, deadline=0.4)
    assert outcome.status == "answered"
    assert outcome.reply is not None
    assert outcome.reply.truncated
    assert set(outcome.reply.messages[0]) == {ord("H")}
    assert "within 0.4 s" in outcome.reason


def test_silence_after_the_connection_is_a_time_out_of_a_reached_host() -> None:
    outcome = ask(keeps_quiet, deadline=0.2)
    assert (outcome.status, outcome.reached, outcome.reply) == ("timeout", True, None)
    assert outcome.reason == "no answer within 0.2 s"


def test_a_reset_is_an_error_not_an_exception() -> None:
    outcome = ask(_reset)
    assert outcome.status == "error"
    assert outcome.reason == "Connection reset by peer"
    assert outcome.reached


def test_hanging_up_at_once_is_silence() -> None:
    outcome = ask(says())
    assert (outcome.status, outcome.reason) == ("silent", "closed without an answer")


@pytest.mark.parametrize("framing", ["http", "rtsp", "banner", "close"])
def test_garbage_is_kept_as_heard(framing: str) -> None:
    garbage = bytes(range(256)) * 3
    outcome = ask(says(garbage), framing=framing)
    assert outcome.reply is not None
    assert b"".join(outcome.reply.messages) == garbage


def test_a_page_without_length_ends_with_the_stream() -> None:
    page = b"HTTP/1.0 200 OK\r\n\r\n<html>old camera"
    outcome = ask(says(page))
    assert outcome.reply is not None
    assert (outcome.reply.messages, outcome.reply.truncated) == ((page,), False)


def test_refused_is_refused() -> None:
    async def scenario() -> Outcome:
        async with tcp_server(keeps_quiet, HOST) as port:
            pass
        return await wire_for("127.9.1.0/24").dialogue(HOST, Dialogue(port, (GET,)))

    outcome = asyncio.run(scenario())
    assert (outcome.status, outcome.reached) == ("refused", True)


@pytest.mark.parametrize("tls", [False, True])
def test_nothing_goes_to_an_address_outside_the_scope(tls: bool) -> None:
    met: list[str] = []

    async def talk(reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        met.append("somebody")

    async def scenario() -> Outcome:
        async with tcp_server(talk, "127.9.2.1") as port:
            wire = wire_for("127.9.1.0/24")
            outcome = await wire.dialogue("127.9.2.1", Dialogue(port, (GET,), tls=tls))
            await asyncio.sleep(0.05)
            return outcome

    outcome = asyncio.run(scenario())
    assert outcome.status == "not_sent"
    assert "outside the written scope" in outcome.reason
    assert met == []


def test_a_host_gets_one_connection_at_a_time() -> None:
    at_once = most = 0

    async def talk(reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        nonlocal at_once, most
        at_once += 1
        most = max(most, at_once)
        await reader.read(4096)
        writer.write(OK)
        await writer.drain()
        await reader.read()
        at_once -= 1

    async def scenario() -> list[Outcome]:
        async with tcp_server(talk, HOST) as port:
            wire = wire_for("127.9.1.0/24")
            return await asyncio.gather(*(wire.dialogue(HOST, Dialogue(port, (GET,))) for _ in range(5)))

    outcomes = asyncio.run(scenario())
    assert [outcome.status for outcome in outcomes] == ["answered"] * 5
    assert most == 1


@asynccontextmanager
async def raw_listener() -> AsyncIterator[int]:
    """A port whose queue is full: nobody ever accepts."""
    with socket.socket() as sock, socket.socket() as filler:
        sock.bind((HOST, 0))
        sock.listen(0)
        filler.setblocking(False)
        filler.connect_ex(sock.getsockname())
        yield sock.getsockname()[1]


def test_a_host_that_never_completes_the_handshake_times_out() -> None:
    async def scenario() -> Outcome:
        async with raw_listener() as port:
            dialogue = Dialogue(port, (GET,), deadline=0.3)
            return await wire_for("127.9.1.0/24").dialogue(HOST, dialogue)

    outcome = asyncio.run(scenario())
    assert (outcome.status, outcome.reached, outcome.reason) == ("timeout", False, "no connection within 0.3 s")


def test_the_packets_of_a_dialogue_grow_with_what_is_said() -> None:
    assert packets_of(Dialogue(80)) < packets_of(Dialogue(80, (GET,))) < packets_of(Dialogue(443, (GET,), tls=True))
