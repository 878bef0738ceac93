"""UDP to single addresses: many at once for discovery, one at a time for questions."""

import asyncio
from collections.abc import Callable, Iterable, Sequence
from contextlib import ExitStack, nullcontext
from socket import AF_INET, AF_INET6
from typing import Final, TypeAlias

from netaudit.clock import now, rfc3339
from netaudit.net.exchange import Datagram, Reply
from netaudit.net.outcome import Outcome
from netaudit.net.pacer import Pacer
from netaudit.net.sockets import Door, UdpPort
from netaudit.net.udp import Arrival, Arrived, Ask, Sent, Take, Unsent, bind_ports, names, patiently, reading

_TRIES: Final = 2
# Between two rounds, as a share of the wait for late answers: protocol sheet, gaps of up to 0.75 s, waits of 3 to 5 s.
_GAP: Final = 0.25

SourceOf: TypeAlias = Callable[[str], str]
"""Address of a host to the address of ours that it is asked from, "" where the kernel shall choose."""


class Directed:
    """Sends requests to many single addresses; answers come in as they like, from any of them.

    `source_of`: fixed local ports are bound to that address of ours, so that no other program that holds the same
    port (a maker's tool, a second scan) gets our answers. `later`: who closes the sockets, so that late answers are
    still heard; without it they are closed with the last round.
    """

    def __init__(
        self,
        door: Door,
        pacer: Pacer,
        arrived: Arrived,
        source_of: SourceOf = lambda _: "",
        later: ExitStack | None = None,
    ) -> None:
        self._door, self._pacer, self._arrived, self._source_of = door, pacer, arrived, source_of
        self._later = later
        self._answered: set[tuple[str, str]] = set()
        self._bound: dict[tuple[int, str], UdpPort] = {}
        self._unsent: list[Unsent] = []
        self._losses: list[str] = []

    @property
    def sent(self) -> Sent:
        """What did not go out, and what could be missed."""
        return Sent(tuple(self._unsent), tuple(self._losses))

    async def ask(
        self,
        targets: Sequence[str],
        asks: Sequence[Ask],
        *,
        tries: int = _TRIES,
        wait: float = 2.0,
        asked: Callable[[], None] = lambda: None,
    ) -> None:
        """Ask every target everything, again where it stayed silent, and hear for `wait` s after the last round.

        `asked`: called once, when the last round is out and the answers to the first have had a moment.
        """
        families = [[target for target in targets if (":" in target) == is_v6] for is_v6 in (False, True)]
        waiting = [part for part in families if part and asks]
        for number, fitting in enumerate(waiting, 1):
            family = AF_INET6 if ":" in fitting[0] else AF_INET
            last = number == len(waiting)
            await self._ask_family(family, fitting, asks, tries, wait, asked if last else lambda: None)
        if not waiting:
            asked()

    async def _ask_family(
        self,
        family: int,
        targets: Sequence[str],
        asks: Sequence[Ask],
        tries: int,
        wait: float,
        asked: Callable[[], None],
    ) -> None:
        self._bound.clear()
        with nullcontext(self._later) if self._later is not None else ExitStack() as sockets:
            for source in dict.fromkeys(map(self._source_of, targets)):
                self._open_bound(family, source, asks, sockets)
            ports = [(ask, self._open(family, ask, sockets)) for ask in asks]
            unsent: dict[tuple[str, str], str] = {}
            for number in range(tries):
                if number:
                    await asyncio.sleep(wait * _GAP)
                for ask, port in ports:
                    await self._round(ask, port, [t for t in targets if (ask.probe, t) not in self._answered], unsent)
            moment = wait * _GAP if tries == 1 else 0.0
            await asyncio.sleep(moment)
            asked()
            await asyncio.sleep(wait - moment)
        self._unsent.extend(Unsent(probe, target, reason) for (probe, target), reason in unsent.items())

    async def _round(self, ask: Ask, port: UdpPort, targets: Iterable[str], unsent: dict[tuple[str, str], str]) -> None:
        for target in targets:
            via = self._bound.get((ask.datagram.bind or 0, self._source_of(target)), port)
            problem = await _send(self._pacer, via, ask.datagram, target)
            if problem:
                unsent[ask.probe, target] = problem
            else:
                unsent.pop((ask.probe, target), None)

    def _open(self, family: int, ask: Ask, sockets: ExitStack) -> UdpPort:
        port = self._door.udp(AF_INET6 if family == AF_INET6 else AF_INET)
        sockets.enter_context(reading(port, self._taker((ask.probe,), ask.datagram)))
        return port

    def _open_bound(self, family: int, source: str, asks: Sequence[Ask], sockets: ExitStack) -> None:
        for number, wanting in bind_ports(asks).items():
            try:
                port = self._door.udp(AF_INET6 if family == AF_INET6 else AF_INET, number, source)
            except OSError as error:
                self._losses.append(
                    f"UDP port {number} is taken ({error.strerror}): answers of {', '.join(names(wanting))} that come "
                    "only to this port could be missed"
                )
                continue
            self._bound[number, source] = port
            sockets.enter_context(reading(port, self._taker(names(wanting), None)))

    def _taker(self, probes: tuple[str, ...], request: Datagram | None) -> Take:
        def take(payload: bytes, source: str, source_port: int) -> None:
            self._answered.update((probe, source) for probe in probes)
            self._arrived(Arrival(probes, request, Reply(source, source_port, (payload,), rfc3339(now()))))

        return take


async def exchange(door: Door, pacer: Pacer, address: str, datagram: Datagram, wait: float) -> Outcome:
    """Ask one host one thing by UDP, twice when it stays silent. Only its own answers count."""
    loop = asyncio.get_running_loop()
    answer: asyncio.Future[Reply] = loop.create_future()

    def take(payload: bytes, source: str, source_port: int) -> None:
        if source == address and not answer.done():
            answer.set_result(Reply(source, source_port, (payload,), rfc3339(now())))

    family = AF_INET6 if ":" in address else AF_INET
    try:
        port = door.udp(family, datagram.bind or 0)
    except OSError as error:
        return Outcome("not_sent", f"no socket: {error.strerror}")
    with reading(port, take):
        for attempt in range(1, _TRIES + 1):
            if problem := await _send(pacer, port, datagram, address):
                return Outcome("not_sent", problem)
            sent = attempt * len(datagram.payload)
            try:
                reply = await asyncio.wait_for(asyncio.shield(answer), wait)
            except TimeoutError:
                continue
            return Outcome("answered", "", reply, True, sent, len(reply.messages[0]))
    return Outcome("silent", f"no answer to {_TRIES} tries", None, False, _TRIES * len(datagram.payload))


async def _send(pacer: Pacer, port: UdpPort, datagram: Datagram, address: str) -> str | None:
    await pacer.packet(address)
    return await patiently(lambda: port.send_to(datagram.payload, address, datagram.port, datagram.seal))
