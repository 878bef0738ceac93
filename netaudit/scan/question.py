"""The questions: every living host is asked what fits its ports, one connection at a time, hosts in turn."""

import asyncio
from collections.abc import Callable, Coroutine, Iterator, Sequence
from dataclasses import dataclass, field
from functools import partial
from itertools import chain, zip_longest
from typing import Any, Final

from netaudit.clock import now, rfc3339
from netaudit.net.exchange import Datagram, Request, Status
from netaudit.net.outcome import Outcome
from netaudit.probes.base import HostProbe, HostView
from netaudit.scan.distress import Distress
from netaudit.scan.journal import INTERRUPTED, NOTHING_FITS, PORTS
from netaudit.scan.login import log_in
from netaudit.scan.session import Session

FOLLOW_UPS: Final = 12
"""Further questions that the answers of one host may lead to, all probes together."""

REQUESTS_A_PROBE: Final = 20
_TIMEOUTS: Final = 2
_LEFT_ALONE: Final = "left alone after two time-outs in a row"
# Who answers only now and then holds the run up, and is not well.
_TIMEOUTS_IN_ALL: Final = 5
_OFTEN_LATE: Final = f"left alone after {_TIMEOUTS_IN_ALL} time-outs in all"
# What the attempt of a probe says when its requests ended differently: the first that occurs.
_RANK: Final[tuple[Status, ...]] = (
    *("answered", "timeout", "error", "refused", "silent", "not_sent", "not_scheduled"),
)


class Questions:
    """The questions to all hosts of one run: to each once, and what it let suspect later by UDP besides."""

    def __init__(self, session: Session, distress: Distress) -> None:
        self._session, self._distress = session, distress
        self._asked: dict[str, _Questioning] = {}
        # Counted by probe and host: hosts are asked side by side, and nearly all of them end at the end.
        self._total = self._done = 0

    async def ask_new(self) -> None:
        """Ask every living host whose ports are known and that was not asked yet. Each (probe, host) is an attempt."""
        session = self._session
        new = [ip for ip in hosts_in_turn(session) if ip not in self._asked and session.journal.finished(PORTS, ip)]
        for ip in new:
            self._asked[ip] = _Questioning(session, self._distress, ip)
        self._total += sum(_worth(session, ip) for ip in new) * len(session.catalogue.host)
        await self._side_by_side([partial(self._asked[ip].run, self._step) for ip in new])

    async def ask_hinted(self) -> None:
        """Ask hosts that answered by UDP only after their questions had begun what these answers make worth asking."""
        await self._side_by_side([asked.look_again for asked in self._asked.values() if asked.has_new_hints])

    async def _side_by_side(self, talks: Sequence[Callable[[], Coroutine[Any, Any, None]]]) -> None:
        turn = iter(talks)

        async def worker() -> None:
            for talk in turn:
                await talk()

        async with asyncio.TaskGroup() as work:
            for _ in range(min(self._session.options.hosts_at_once, len(talks))):
                work.create_task(worker())

    def _step(self, ip: str) -> None:
        self._done += _worth(self._session, ip)
        self._session.beat("questions", self._done, self._total)


def _worth(session: Session, ip: str) -> int:
    """Who has no open port is done with at once, and says nothing about the time that the others take."""
    host = session.living.get(ip)
    return 1 if host is not None and host.open_ports else 0


def hosts_in_turn(session: Session) -> Iterator[str]:
    """Living hosts, one of each network of the scope in turn."""
    rows: dict[str, list[str]] = {}
    for ip in session.living:
        rows.setdefault(session.journal.network_label(ip), []).append(ip)
    return (ip for ip in chain.from_iterable(zip_longest(*rows.values())) if ip is not None)


@dataclass(slots=True)
class _Questioning:
    session: Session
    distress: Distress
    ip: str
    timeouts: int = 0
    timeouts_in_all: int = 0
    follow_ups: int = FOLLOW_UPS
    ever_answered: bool = False
    outcomes: list[tuple[Request, Outcome]] = field(default_factory=list)
    asked: dict[str, set[tuple[int, str]]] = field(default_factory=dict)
    hints: int = 0

    async def run(self, step: Callable[[str], None]) -> None:
        """Ask everything that fits. `step` is kept by nobody: a circle would keep the sockets of the run open."""
        journal = self.session.journal
        self.hints = self._hints()
        for probe in self.session.catalogue.host:
            if not journal.finished(probe.name, self.ip):
                if self.left_alone:
                    journal.attempt(probe.name, self.ip, "not_scheduled", self.why_left)
                else:
                    await self._probe(probe)
            step(self.ip)
        if not self.left_alone:
            await log_in(self.session, self.view())
        self.distress.questioned(fell_silent=self.left_alone and self.ever_answered)

    async def look_again(self) -> None:
        """Ask what later answers by UDP make worth asking and was not asked yet; log in where they told the maker."""
        self.hints = self._hints()
        for probe in self.session.catalogue.host:
            if probe.name in self.asked and not self.left_alone:
                await self._probe(probe, again=True)
        if not self.left_alone:
            await log_in(self.session, self.view())

    @property
    def has_new_hints(self) -> bool:
        return self._hints() > self.hints

    def _hints(self) -> int:
        """How many observations of this host come from elsewhere than its own questions."""
        catalogue = self.session.catalogue
        own = {probe.name for probe in catalogue.host} | {probe.name for probe in catalogue.login}
        return sum(made.via.get("probe") not in own for made in self.session.journal.of_host(self.ip))

    @property
    def left_alone(self) -> bool:
        return bool(self.why_left)

    @property
    def why_left(self) -> str:
        if self.timeouts >= _TIMEOUTS:
            return _LEFT_ALONE
        return _OFTEN_LATE if self.timeouts_in_all >= _TIMEOUTS_IN_ALL else ""

    def view(self) -> HostView:
        return HostView(self.ip, self.session.living[self.ip].open_ports, self.session.journal.of_host(self.ip))

    async def _probe(self, probe: HostProbe, *, again: bool = False) -> None:
        started = rfc3339(now())
        self.outcomes = []
        problem = ""
        asked = self.asked.setdefault(probe.name, set())
        try:
            for request in list(probe.requests(self.view()))[:REQUESTS_A_PROBE]:
                if (request.port, request.digest) not in asked:
                    await self._ask_and_follow(probe, request)
        except Exception as error:
            # A probe that an answer can break must not take the run with it.
            problem = f"fault in the probe: {error!r}"[:300]
        if problem or self.outcomes or not again:
            self._conclude(probe, started, problem)
        self.outcomes = []

    async def _ask_and_follow(self, probe: HostProbe, request: Request) -> None:
        waiting: list[Request] = [request]
        while waiting and not self.left_alone:
            asked = waiting.pop(0)
            self.asked[probe.name].add((asked.port, asked.digest))
            outcome = await self._ask(asked)
            self.outcomes.append((asked, outcome))
            if outcome.reply is None:
                continue
            for heard in list(probe.read(asked, outcome.reply))[:REQUESTS_A_PROBE]:
                kind = "udp" if isinstance(asked, Datagram) else "tcp"
                self.session.journal.keep(heard, outcome.reply, probe, asked.digest, kind)
            further = list(probe.follow(asked, outcome.reply))[: self.follow_ups]
            self.follow_ups -= len(further)
            waiting.extend(further)

    async def _ask(self, request: Request) -> Outcome:
        if isinstance(request, Datagram):
            return await self.session.transport.exchange(self.ip, request)
        outcome = await self.session.transport.dialogue(self.ip, request)
        # An answer that drips until the deadline costs as much as none.
        slow = outcome.status == "timeout" or outcome.late
        self.timeouts = self.timeouts + 1 if slow else 0
        self.timeouts_in_all += slow
        self.ever_answered |= outcome.status == "answered"
        return outcome

    def _conclude(self, probe: HostProbe, started: str, problem: str) -> None:
        journal = self.session.journal
        if problem:
            journal.attempt(probe.name, self.ip, "error", problem, started)
        elif not self.outcomes:
            journal.attempt(probe.name, self.ip, "not_scheduled", NOTHING_FITS, started)
        else:
            status, reason = _together(self.outcomes)
            sent = sum(outcome.sent for _, outcome in self.outcomes)
            received = sum(outcome.received for _, outcome in self.outcomes)
            journal.attempt(probe.name, self.ip, status, reason, started, sent, received)


def _together(outcomes: Sequence[tuple[Request, Outcome]]) -> tuple[Status, str]:
    """One status for all requests of a probe, and what went wrong with which port."""
    status = min((outcome.status for _, outcome in outcomes), key=_RANK.index)
    reasons = dict.fromkeys(f"port {request.port}: {outcome.reason}" for request, outcome in outcomes if outcome.reason)
    return status, "; ".join(reasons)[:500]


def note_unasked(session: Session) -> None:
    """Write, for a run that ended early, what was not asked; a resumed run will."""
    for ip in session.living:
        for probe in session.catalogue.host:
            if not session.journal.finished(probe.name, ip):
                session.journal.attempt(
                    probe.name, ip, "not_scheduled", f"{INTERRUPTED}: the run ended before its turn"
                )
