"""One run from the first packet to the last: phases in order, and a clean end whatever ends it."""

import asyncio
from collections.abc import Callable, Coroutine
from dataclasses import dataclass, field
from typing import Any

from netaudit.errors import UsageError
from netaudit.evidence.run import RunStatus
from netaudit.net.interfaces import Interface, interfaces_in_scope, link_local, other_links
from netaudit.net.transport import Transport
from netaudit.net.wire import Wire
from netaudit.scan.catalogue import Catalogue, all_probes
from netaudit.scan.discover import discover, late_comers
from netaudit.scan.distress import Distress
from netaudit.scan.estimate import pace_of
from netaudit.scan.ground import grounds
from netaudit.scan.hearing import Hearing
from netaudit.scan.journal import Journal
from netaudit.scan.lost_links import Links
from netaudit.scan.no_way import not_let_out
from netaudit.scan.options import Log, Progress, RunOutcome, ScanOptions
from netaudit.scan.question import Questions, note_unasked
from netaudit.scan.session import Pulse, Session
from netaudit.scan.switches import read_agents
from netaudit.scope.gate import Gate
from netaudit.sweep.nmap import find_nmap
from netaudit.sweep.ports import camera_ports
from netaudit.sweep.syn import may_send_frames


async def run_scan(
    options: ScanOptions,
    gate: Gate,
    log: Log,
    progress: Callable[[Progress], None] = lambda _: None,
    catalogue: Catalogue | None = None,
    transport: Transport | None = None,
) -> RunOutcome:
    """Scan what the gate's scope allows; go on where `log` already holds a part of the run.

    Never raises for what the network does. A cancelled task (Ctrl-C) ends as "partial", a full disk or hosts in
    distress or a lost link as "stopped": everything heard until then is in the log. Raises UsageError where the engine
    is missing.
    `catalogue`, `transport`: all probes and the real wire, unless a test brings its own.
    """
    if options.engine == "nmap":
        find_nmap()
    if options.engine == "syn" and not may_send_frames():
        raise UsageError(
            "--engine syn needs the right to send frames: run as root or give CAP_NET_RAW, or use --engine connect"
        )
    stop = _Stop()
    interfaces, losses = interfaces_in_scope(gate.scope)
    wire = transport or Wire(gate)
    session = _session(
        options,
        gate,
        log,
        progress,
        catalogue or all_probes().chosen(experimental=options.experimental),
        interfaces,
        wire,
        stop,
    )
    session.lose(*losses)
    links = Links(interfaces)
    beside = [asyncio.ensure_future(work) for work in (session.keep_beating(), links.watch(stop))]
    try:
        status = await stop.guard(_phases(session, stop))
    finally:
        for task in beside:
            task.cancel()
        await asyncio.gather(*beside, return_exceptions=True)
        wire.hush()
    if lost := links.lost():
        session.lose(*lost)
        status = "stopped" if status == "complete" else status
    if status != "complete":
        await _drop_background(session)
        note_unasked(session)
    return stop.outcome(session, status)


@dataclass(slots=True)
class _Stop:
    """Ends the phases from inside, with a reason."""

    reason: str = ""
    work: asyncio.Task[None] | None = field(default=None)

    def __call__(self, reason: str) -> None:
        if not self.reason:
            self.reason = reason
            if self.work is not None:
                self.work.cancel()

    async def guard(self, phases: Coroutine[Any, Any, None]) -> RunStatus:
        self.work = asyncio.ensure_future(phases)
        try:
            await asyncio.wait([self.work])
        except asyncio.CancelledError:
            self.work.cancel()
            await asyncio.wait([self.work])
            _forgive_cancel()
            return "stopped" if self.reason else "partial"
        if self.work.cancelled():
            return "stopped"
        self.work.result()
        return "complete"

    def outcome(self, session: Session, status: RunStatus = "stopped") -> RunOutcome:
        losses = [*session.losses, *([self.reason] if self.reason else [])]
        if status == "partial":
            losses.append("the run was interrupted: what had not been asked by then is unknown; go on with --resume")
        if turned_away := len(session.transport.turned_away):
            losses.append(not_let_out(turned_away))
        if session.strangers:
            losses.append(
                f"{session.strangers} more addresses outside the written scope answered: neither kept nor asked"
            )
        losses.extend(f"not sent {count} times: {reason}" for reason, count in session.gate.refused.most_common(20))
        return RunOutcome(
            status,
            tuple(losses),
            session.transport.packets,
            len(session.living),
            tuple(interface.label for interface in session.interfaces),
        )


def _session(
    options: ScanOptions,
    gate: Gate,
    log: Log,
    progress: Callable[[Progress], None],
    catalogue: Catalogue,
    interfaces: tuple[Interface, ...],
    transport: Transport,
    stop: _Stop,
) -> Session:
    ground, unwalkable = grounds(gate.scope, (*interfaces, *other_links(gate.scope)))
    session = Session(
        options=options,
        gate=gate,
        transport=transport,
        journal=Journal(log, gate.scope, options.sensor, stop),
        catalogue=catalogue,
        ports=camera_ports().without(gate.scope.limits.never_touch),
        interfaces=interfaces,
        link_local=link_local(interfaces),
        grounds=ground,
        pulse=Pulse(progress),
    )
    session.pace = pace_of(gate.scope.limits, catalogue, session.ports, options)
    session.lose(*unwalkable)
    session.living.update(session.journal.known_hosts())
    return session


async def _phases(session: Session, stop: _Stop) -> None:
    if session.options.tables_only:
        await read_agents(session)
        return
    hearing, asked = Hearing(session), asyncio.Event()
    questions = Questions(session, Distress(stop, session.gate.scope.limits.stop_when_silent))
    async with asyncio.TaskGroup() as work:
        work.create_task(discover(session, hearing, asked))
        work.create_task(read_agents(session))
        await asked.wait()
        await questions.ask_new()
    # Those whom only UDP brought up, and then those who answered it while they were questioned or later.
    await questions.ask_new()
    await late_comers(session)
    await questions.ask_new()
    await questions.ask_hinted()
    session.beat("done", len(session.living), len(session.living))


async def _drop_background(session: Session) -> None:
    for task in session.background:
        task.cancel()
    await asyncio.gather(*session.background, return_exceptions=True)


def _forgive_cancel() -> None:
    """The interruption was taken care of: the caller still has reports to write."""
    task = asyncio.current_task()
    if task is not None:
        task.uncancel()
