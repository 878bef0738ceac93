"""The questions: every living host is asked what fits its ports, one connection at a time, hosts in turn."""

import asyncio
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass, field
from itertools import chain, zip_longest
from typing import Final

from netaudit.clock import now, rfc3339
from netaudit.net.exchange import Datagram, Request, Status
from netaudit.net.outcome import Outcome
from netaudit.probes.base import HostProbe, HostView
from netaudit.scan.distress import Distress
from netaudit.scan.journal import INTERRUPTED
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


async def question_all(session: Session, distress: Distress) -> None:
    """Ask every living host. Every (probe, host) ends as an attempt."""
    hosts = list(hosts_in_turn(session))
    turn = iter(hosts)
    # Counted by probe and host: hosts are asked side by side, and nearly all of them end at the end.
    total = sum(_worth(session, ip) for ip in hosts) * len(session.catalogue.host)
    done = 0

    def step(ip: str) -> None:
        nonlocal done
        done += _worth(session, ip)
        session.beat("questions", done, total)

    async def worker() -> None:
        for ip in turn:
            await _Questioning(session, distress, ip, step).run()

    async with asyncio.TaskGroup() as work:
        for _ in range(min(session.options.hosts_at_once, len(hosts))):
            work.create_task(worker())


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
    step: Callable[[str], None]
    timeouts: int = 0
    timeouts_in_all: int = 0
    follow_ups: int = FOLLOW_UPS
    ever_answered: bool = False
    outcomes: list[tuple[Request, Outcome]] = field(default_factory=list)

    async def run(self) -> None:
        journal = self.session.journal
        for probe in self.session.catalogue.host:
            if not journal.finished(probe.name, self.ip):
                if self.left_alone:
                    journal.attempt(probe.name, self.ip, "not_scheduled", self.why_left)
                else:
                    await self._probe(probe)
            self.step(self.ip)
        if not self.left_alone:
            await log_in(self.session, self.view())
        self.distress.questioned(fell_silent=self.left_alone and self.ever_answered)

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

    async def _probe(self, probe: HostProbe) -> None:
        started = rfc3339(now())
        self.outcomes = []
        problem = ""
        try:
            for request in list(probe.requests(self.view()))[:REQUESTS_A_PROBE]:
                await self._ask_and_follow(probe, request)
        except Exception as error:
            # A probe that an answer can break must not take the run with it.
            problem = f"fault in the probe: {error!r}"[:300]
        self._conclude(probe, started, problem)

    async def _ask_and_follow(self, probe: HostProbe, request: Request) -> None:
        waiting: list[Request] = [request]
        while waiting and not self.left_alone:
            asked = waiting.pop(0)
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
            journal.attempt(probe.name, self.ip, "not_scheduled", "nothing fitting to ask: no such port open", started)
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
