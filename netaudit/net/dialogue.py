"""One TCP dialogue with one host: always ends, at the cap or at the deadline, whatever the other side does."""

import asyncio
import errno
import os
import ssl
from dataclasses import dataclass, field
from typing import Final

from netaudit.clock import now, rfc3339
from netaudit.errors import ScopeError
from netaudit.net.exchange import Dialogue, Reply
from netaudit.net.framing import framer
from netaudit.net.outcome import Outcome
from netaudit.net.pacer import Pacer
from netaudit.net.sockets import Door
from netaudit.net.stream import Stream, connect
from netaudit.net.turned_away import TURNED_AWAY
from netaudit.net.turns import Turns

# After some bytes, so long a silence (s) is the end: a greeting is short, a page without a length just stops.
_IDLE: Final = {"banner": 0.5, "http": 2.0, "rtsp": 1.0, "close": 2.0}
# Our own machine is out of something: the packet never went.
_OURS: Final = frozenset({errno.EMFILE, errno.ENFILE, errno.ENOBUFS, errno.ENOMEM, errno.EADDRNOTAVAIL, errno.EAGAIN})
# So often a connection is tried whose packets our own kernel dropped.
_TRIES: Final = 3


def packets_of(dialogue: Dialogue) -> int:
    """Packets of ours that a dialogue takes when the answers are short: open, messages and their acks, close."""
    return 3 + 2 * len(dialogue.messages) + (3 if dialogue.tls else 0)


@dataclass(slots=True)
class _Talk:
    """What was heard so far; stays readable when the deadline cuts the talk."""

    messages: list[bytes] = field(default_factory=list)
    buffer: bytearray = field(default_factory=bytearray)
    certificate: bytes | None = None
    tls_version: str = ""
    truncated: bool = False
    connected: bool = False
    stream: Stream | None = None
    local: str = ""
    sent: int = 0
    received: int = 0

    @property
    def heard(self) -> bool:
        return bool(self.messages or self.certificate)

    def keep_rest(self, cap: int) -> None:
        """What stands in the buffer when the talk is cut is evidence too."""
        if self.buffer:
            self.messages.append(bytes(self.buffer[:cap]))
            self.buffer.clear()
            self.truncated = True


async def hold(door: Door, pacer: Pacer, address: str, dialogue: Dialogue) -> Outcome:
    """Hold one dialogue, after waiting for the host's turn. Never raises for anything the network does."""
    for _ in range(_TRIES):
        outcome = await _hold_once(door, pacer, address, dialogue)
        if outcome.reason != TURNED_AWAY:
            return outcome
    door.turned_away.hosts.add(address)
    return outcome


async def _hold_once(door: Door, pacer: Pacer, address: str, dialogue: Dialogue) -> Outcome:
    async with pacer.connection(address):
        talk, turns = _Talk(), Turns(pacer, address)
        await turns.opening()
        try:
            failure = await _within_deadline(door, turns, address, dialogue, talk)
            if talk.stream is not None:
                await turns.closing()
        finally:
            if talk.stream is not None:
                talk.stream.close()
            turns.closed(cut=talk.truncated)
        talk.keep_rest(dialogue.cap)
    return _outcome(address, dialogue, talk, failure)


async def _within_deadline(door: Door, turns: Turns, address: str, dialogue: Dialogue, talk: _Talk) -> Outcome | None:
    try:
        async with asyncio.timeout(dialogue.deadline) as limit:
            with turns.extending(limit):
                await _talk(door, turns, address, dialogue, talk)
    except TimeoutError:
        talk.truncated = True
        if talk.connected and not dialogue.messages and not dialogue.tls:
            # A service that waits for the other side to speak owes us nothing: no sign that the host suffers.
            return Outcome("silent", f"no greeting within {dialogue.deadline:g} s", reached=True)
        if not talk.connected and door.turned_away(address):
            return Outcome("not_sent", TURNED_AWAY)
        what = "no answer" if talk.connected else "no connection"
        return Outcome("timeout", f"{what} within {dialogue.deadline:g} s")
    except ScopeError as error:
        return Outcome("not_sent", str(error))
    except ConnectionRefusedError:
        return Outcome("refused", "connection refused", reached=True)
    except ssl.SSLError as error:
        # Errors that we raise ourselves have no `reason`.
        return Outcome("error", f"TLS: {(getattr(error, 'reason', '') or str(error))[:200]}", reached=True)
    except OSError as error:
        reason = os.strerror(error.errno) if error.errno else str(error)[:200]
        return Outcome("not_sent" if error.errno in _OURS else "error", reason)
    return None


async def _talk(door: Door, turns: Turns, address: str, dialogue: Dialogue, talk: _Talk) -> None:
    sock = await connect(door, turns, address, dialogue.port)
    stream = talk.stream = Stream(sock, lambda message: door.check_message(message, dialogue.port), turns)
    talk.connected, talk.local = True, str(sock.getsockname()[0])
    try:
        if dialogue.tls:
            session = await stream.start_tls()
            talk.certificate, talk.tls_version = session.certificate, session.version
        await _exchange_all(stream, dialogue, talk)
    finally:
        talk.sent, talk.received = stream.sent, stream.received


async def _exchange_all(stream: Stream, dialogue: Dialogue, talk: _Talk) -> None:
    greeting = dialogue.framing == "banner" and not dialogue.messages
    for message in (None,) if greeting else dialogue.messages:
        if message is not None:
            await stream.send(message)
        if not await _answer(stream, dialogue, talk):
            return


async def _answer(stream: Stream, dialogue: Dialogue, talk: _Talk) -> bool:
    """Read one answer into the talk. False when nothing more can come on this connection."""
    frame, buffer = framer(dialogue.framing), talk.buffer
    idle = _IDLE[dialogue.framing]
    while (end := frame.end(buffer)) is None:
        if len(buffer) >= dialogue.cap:
            talk.keep_rest(dialogue.cap)
            return False
        piece = await _piece(stream, idle if buffer else None)
        if not piece:
            _finish_at_end(dialogue, talk, stopped=piece is None)
            return False
        buffer += piece
    talk.messages.append(bytes(buffer[: min(end, dialogue.cap)]))
    talk.truncated |= end > dialogue.cap
    del buffer[:end]
    return True


def _finish_at_end(dialogue: Dialogue, talk: _Talk, *, stopped: bool) -> None:
    """The stream ended (or fell idle): what there is, is the answer."""
    if talk.buffer:
        talk.truncated |= (stopped and dialogue.framing != "banner") or len(talk.buffer) > dialogue.cap
        talk.messages.append(bytes(talk.buffer[: dialogue.cap]))
        talk.buffer.clear()


async def _piece(stream: Stream, idle: float | None) -> bytes | None:
    """The next bytes; b"" at the end of the stream or its reset after an answer, None after an idle time."""
    try:
        async with asyncio.timeout(idle) as limit:
            with stream.turns.extending(limit):
                return await stream.receive()
    except TimeoutError:
        return None
    except OSError:
        if idle is None:
            raise
        return b""


def _outcome(address: str, dialogue: Dialogue, talk: _Talk, failure: Outcome | None) -> Outcome:
    if not talk.heard:
        if failure is None:
            failure = Outcome("silent", "closed without an answer")
        reached = failure.reached or talk.connected
        return Outcome(failure.status, failure.reason, None, reached, talk.sent, talk.received)
    reply = Reply(
        source=address,
        source_port=dialogue.port,
        messages=tuple(talk.messages),
        at=rfc3339(now()),
        local=talk.local,
        certificate=talk.certificate,
        tls_version=talk.tls_version,
        truncated=talk.truncated,
    )
    late = failure is not None and failure.status == "timeout"
    return Outcome("answered", failure.reason if failure else "", reply, True, talk.sent, talk.received, late)
