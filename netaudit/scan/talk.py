"""How a conversation in a thread reaches the wire of the run: every request through the gate and the limiter."""

import asyncio
from dataclasses import dataclass, field
from threading import Event

from netaudit.clock import now, rfc3339
from netaudit.net.exchange import Datagram, Reply, Request
from netaudit.scan.session import Session


class HungUpError(Exception):
    """The run has ended: no further request is sent."""


@dataclass(slots=True)
class Line:
    """What a probe in a thread calls to ask one host. Make it in the event loop.

    `talked`: every reply so far, an empty one for silence.
    """

    session: Session
    ip: str
    talked: list[Reply] = field(default_factory=list)
    _loop: asyncio.AbstractEventLoop = field(default_factory=asyncio.get_running_loop)
    _ended: Event = field(default_factory=Event)

    def __call__(self, request: Request) -> Reply:
        """Send one request and return its answer. Raises HungUpError after `hang_up`."""
        if self._ended.is_set():
            raise HungUpError
        wire = self.session.transport
        held = wire.exchange(self.ip, request) if isinstance(request, Datagram) else wire.dialogue(self.ip, request)
        outcome = asyncio.run_coroutine_threadsafe(held, self._loop).result()
        reply = outcome.reply or Reply(self.ip, request.port, (), rfc3339(now()), truncated=True)
        self.talked.append(reply)
        return reply

    def hang_up(self) -> None:
        """Let nothing more be sent: a thread cannot be cancelled, but it can be kept from the wire."""
        self._ended.set()
