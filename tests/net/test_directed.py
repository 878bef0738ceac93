"""UDP to single addresses: who answers, who is asked again, what never went."""

import asyncio
import errno
import socket
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from typing import cast

import pytest

from netaudit.errors import ScopeError
from netaudit.net.exchange import Datagram
from netaudit.net.outcome import Outcome
from netaudit.net.udp import Arrival, Ask, Sent, patiently
from tests.net.support import wire_for

SCOPE = "127.9.6.0/24"


class Responder(asyncio.DatagramProtocol):
    """Answers every datagram from the `skip`-th on; from another port when `odd`."""

    def __init__(self, skip: int = 0, copies: int = 1) -> None:
        self.heard: list[bytes] = []
        self._skip, self._copies = skip, copies

    def connection_made(self, transport: asyncio.BaseTransport) -> None:
        self._transport = cast(asyncio.DatagramTransport, transport)

    def datagram_received(self, data: bytes, addr: tuple[str, int]) -> None:
        self.heard.append(data)
        if len(self.heard) > self._skip:
            for _ in range(self._copies):
                self._transport.sendto(b"re: " + data, addr)


@asynccontextmanager
async def responder(address: str, port: int = 0, **how: int) -> AsyncIterator[tuple[Responder, int]]:
    loop = asyncio.get_running_loop()
    transport, protocol = await loop.create_datagram_endpoint(lambda: Responder(**how), (address, port))
    try:
        yield protocol, transport.get_extra_info("sockname")[1]
    finally:
        transport.close()
        await asyncio.sleep(0)


def test_only_the_silent_are_asked_again() -> None:
    async def scenario() -> tuple[list[Arrival], Responder, Responder, Sent]:
        arrivals: list[Arrival] = []
        async with responder("127.9.6.1") as (prompt, port), responder("127.9.6.2", port, skip=1) as (sleepy, _):
            ask = Ask("p", Datagram(b"q", port))
            targets = ["127.9.6.1", "127.9.6.2", "127.9.6.3"]
            sent = await wire_for(SCOPE).directed(targets, [ask], arrivals.append, wait=0.15)
            return arrivals, prompt, sleepy, sent

    arrivals, prompt, sleepy, sent = asyncio.run(scenario())
    assert [a.reply.source for a in arrivals] == ["127.9.6.1", "127.9.6.2"]
    assert (len(prompt.heard), len(sleepy.heard)) == (1, 2)
    assert sent == Sent()


def test_targets_outside_the_scope_are_unsent_with_the_reason() -> None:
    async def scenario() -> tuple[list[Arrival], Sent]:
        arrivals: list[Arrival] = []
        async with responder("127.9.7.1") as (_, port):
            sent = await wire_for(SCOPE).directed(
                ["127.9.7.1"], [Ask("p", Datagram(b"q", port))], arrivals.append, wait=0.1
            )
            return arrivals, sent

    arrivals, sent = asyncio.run(scenario())
    assert arrivals == []
    assert [(unsent.target, "outside the written scope" in unsent.reason) for unsent in sent.unsent] == [
        ("127.9.7.1", True)
    ]


def test_one_question_one_answer() -> None:
    async def scenario() -> Outcome:
        async with responder("127.9.6.1", copies=5) as (_, port):
            return await wire_for(SCOPE).exchange("127.9.6.1", Datagram(b"q", port), wait=2.0)

    outcome = asyncio.run(scenario())
    assert outcome.status == "answered"
    assert outcome.reply is not None
    assert outcome.reply.messages == (b"re: q",)


def test_a_lost_question_is_asked_once_more() -> None:
    async def scenario() -> tuple[Outcome, int]:
        async with responder("127.9.6.1", skip=1) as (heard, port):
            outcome = await wire_for(SCOPE).exchange("127.9.6.1", Datagram(b"q", port), wait=0.2)
            return outcome, len(heard.heard)

    outcome, asked = asyncio.run(scenario())
    assert (outcome.status, asked) == ("answered", 2)


def test_silence_is_silence() -> None:
    async def scenario() -> Outcome:
        async with responder("127.9.6.1", skip=9) as (_, port):
            return await wire_for(SCOPE).exchange("127.9.6.1", Datagram(b"qq", port), wait=0.05)

    outcome = asyncio.run(scenario())
    assert (outcome.status, outcome.sent) == ("silent", 4)


def test_a_stranger_cannot_answer_for_the_asked_host() -> None:
    async def scenario() -> Outcome:
        with (
            socket.socket(socket.AF_INET, socket.SOCK_DGRAM) as asked,
            socket.socket(socket.AF_INET, socket.SOCK_DGRAM) as forger,
        ):
            asked.bind(("127.9.6.1", 0))
            asked.setblocking(False)
            forger.bind(("127.9.6.66", 0))
            port = asked.getsockname()[1]
            question = asyncio.create_task(wire_for(SCOPE).exchange("127.9.6.1", Datagram(b"q", port), wait=0.2))
            loop = asyncio.get_running_loop()
            _, sender = await loop.sock_recvfrom(asked, 100)
            forger.sendto(b"forged", sender)
            return await question

    assert asyncio.run(scenario()).status == "silent"


def busy(times: int, code: int) -> tuple[list[int], object]:
    """A send that fails so many times before it goes."""
    left = [times]

    def send() -> None:
        if left[0] > 0:
            left[0] -= 1
            raise OSError(code, "busy")

    return left, send


@pytest.mark.parametrize("code", [errno.EAGAIN, errno.ENOBUFS])
def test_back_pressure_is_waited_out(code: int) -> None:
    left, send = busy(3, code)
    assert asyncio.run(patiently(send)) is None  # type: ignore[arg-type]
    assert left == [0]


def test_what_cannot_be_sent_is_said_at_once() -> None:
    left, send = busy(3, errno.ENETUNREACH)
    assert asyncio.run(patiently(send)) == "could not be sent: busy"  # type: ignore[arg-type]
    assert left == [2]


def test_the_gate_is_never_waited_for() -> None:
    def send() -> None:
        raise ScopeError("no")

    assert asyncio.run(patiently(send)) == "no"


def test_who_answers_after_the_last_round_is_heard_until_the_run_ends() -> None:
    async def scenario() -> tuple[list[Arrival], int]:
        arrivals: list[Arrival] = []
        loop, came = asyncio.get_running_loop(), asyncio.Event()

        def arrived(arrival: Arrival) -> None:
            arrivals.append(arrival)
            came.set()

        wire = wire_for(SCOPE)
        with socket.socket(socket.AF_INET, socket.SOCK_DGRAM) as slow:
            slow.bind(("127.9.6.9", 0))
            slow.setblocking(False)
            ask = Ask("p", Datagram(b"q", slow.getsockname()[1]))
            await wire.directed(["127.9.6.9"], [ask], arrived, tries=1, wait=0.0, linger=True)
            _, asker = await loop.sock_recvfrom(slow, 100)
            slow.sendto(b"late", asker)
            await came.wait()
            wire.hush()
            # Deaf now, but still bound: our kernel says nothing to who comes later still.
            slow.sendto(b"too late", asker)
            await asyncio.sleep(0)
            slow.setblocking(True)
            slow.sendto(b"no error came back", asker)
        return arrivals, len(arrivals)

    arrivals, count = asyncio.run(scenario())
    assert (arrivals[0].reply.messages, count) == ((b"late",), 1)
