"""The first phase: segments are asked while the sweep runs; then single addresses by UDP."""

import asyncio
from collections.abc import Awaitable, Sequence
from typing import Final

from netaudit.clock import now, rfc3339
from netaudit.net.interfaces import Interface
from netaudit.net.udp import Ask, Sent
from netaudit.probes.base import SegmentProbe, announcements
from netaudit.scan.hearing import Hearing, settle
from netaudit.scan.journal import SWEEP
from netaudit.scan.nmap_phase import sweep_by_nmap
from netaudit.scan.on_link import overhear
from netaudit.scan.session import Session
from netaudit.scan.sweeping import sweep, sweep_open_ports

CHEAP: Final = ("ws_discovery", "dhip", "sadp")
"""Probes whose first request also goes, once, to routed addresses that are silent on TCP: the three that cover most
cameras. The others would more than double the packets of a sparse network (perf.md 5: the silent decide)."""


async def discover(session: Session, hearing: Hearing, asked: asyncio.Event) -> None:
    """Find every host of the scope that gives a sign of life, its open ports, and what it says of itself by UDP.

    `asked` is set when the ports of those that the sweep met are known, the questions by UDP are out, and the first
    answers have had a moment: hosts can be questioned while this waits for the slow and goes on for the silent.
    """
    async with asyncio.TaskGroup() as work:
        for interface in (*session.interfaces, *session.link_local):
            work.create_task(_ask_segment(session, hearing, interface))
        work.create_task(_walk(session, hearing, asked))
    await settle(session)
    # Those that only UDP brought up.
    await sweep_open_ports(session)


async def late_comers(session: Session) -> None:
    """Find the ports of hosts that only answered while the others were questioned."""
    await settle(session)
    await sweep_open_ports(session)


async def _walk(session: Session, hearing: Hearing, asked: asyncio.Event) -> None:
    async with asyncio.TaskGroup() as work:
        early: list[asyncio.Task[None]] = []
        if session.options.engine == "nmap":
            await sweep_by_nmap(session)
        else:
            await sweep(session, lambda: early.append(work.create_task(sweep_open_ports(session, shown=False))))
        # Waits for late answers of others than those whose ports are tried meanwhile.
        work.create_task(_direct_to_mute(session, hearing))
        await asyncio.gather(*early)
        await sweep_open_ports(session)
        rounds = [(probe, asyncio.Event()) for probe in session.catalogue.segment]
        for probe, once in rounds:
            work.create_task(_direct(session, hearing, probe, once))
        for _, once in rounds:
            await once.wait()
        asked.set()


async def _ask_segment(session: Session, hearing: Hearing, interface: Interface) -> None:
    """Ask a segment, and hear its link whole meanwhile: answers that no socket shows are among it."""
    async with asyncio.TaskGroup() as work:
        heard = work.create_task(_overhear(session, hearing, interface))
        await _announce(session, hearing, interface, heard)


async def _overhear(session: Session, hearing: Hearing, interface: Interface) -> bool:
    is_link = interface.version == 4 and bool(interface.mac)
    return is_link and await overhear(session, hearing, interface)


async def _announce(session: Session, hearing: Hearing, interface: Interface, heard: Awaitable[bool]) -> None:
    probes = [p for p in session.catalogue.segment if not session.journal.finished(p.name, interface.label)]
    asks = [
        Ask(probe.name, datagram)
        for probe in probes
        for datagram in announcements(probe, interface.mac, interface.address)
    ]
    if not asks:
        await heard
        return
    began = rfc3339(now())
    sent = await session.transport.announce(interface, asks, session.options.window, hearing.arrived)
    # A port that another program holds hides nothing from who hears the whole link.
    if not await heard:
        session.lose(*sent.losses)
    for probe in probes:
        if any(ask.probe == probe.name for ask in asks):
            _conclude_announcement(session, hearing, probe.name, interface, sent, began)


def _conclude_announcement(
    session: Session, hearing: Hearing, probe: str, interface: Interface, sent: Sent, began: str
) -> None:
    problems = [unsent.reason for unsent in sent.unsent if unsent.probe == probe]
    if (probe, interface.label) in hearing.on_segment:
        session.journal.attempt(probe, interface.label, "answered", "; ".join(dict.fromkeys(problems)), began)
    elif problems:
        session.journal.attempt(probe, interface.label, "not_sent", "; ".join(dict.fromkeys(problems)), began)
        session.lose(f"{probe} could not be asked on {interface.label}: {problems[0]}")
    else:
        session.journal.attempt(
            probe, interface.label, "silent", f"no answer within {session.options.window:g} s", began
        )


async def _direct(session: Session, hearing: Hearing, probe: SegmentProbe, once: asyncio.Event) -> None:
    """Ask the living that have not answered this probe yet: behind routers twice, near hosts once more.

    `once` is set when all of them were asked.
    """
    asks = [Ask(probe.name, datagram) for datagram in probe.directed()]
    near, away = _worth_asking(session) if asks else ([], [])
    groups = [(hosts, tries) for hosts, tries in ((near, 1), (away, 2)) if hosts]
    for number, (hosts, tries) in enumerate(groups, 1):
        targets = [ip for ip in hosts if not session.journal.finished(probe.name, ip)]
        unheard = [ip for ip in targets if (probe.name, ip) not in hearing.heard]
        sent, began = Sent(), rfc3339(now())
        if unheard:
            wait = session.options.directed_wait
            asked = once.set if number == len(groups) else lambda: None
            sent = await session.transport.directed(
                unheard, asks, hearing.arrived, tries=tries, wait=wait, linger=True, asked=asked
            )
            session.lose(*sent.losses)
        _conclude_directed(session, hearing, probe.name, targets, sent, began)
    once.set()


async def _direct_to_mute(session: Session, hearing: Hearing) -> None:
    """Ask routed addresses that are silent on TCP by the cheap probes; one attempt for each says all that was tried."""
    probes = [probe for probe in session.catalogue.segment if probe.name in CHEAP]
    asks = [Ask(probe.name, datagram) for probe in probes for datagram in probe.directed()[:1]]
    if session.mute and asks:
        wait = session.options.directed_wait
        mute = list(session.mute)
        sent = await session.transport.directed(mute, asks, hearing.arrived, tries=1, wait=wait, linger=True)
        session.lose(*sent.losses)
    tried = "".join(f", {ask.probe}" for ask in asks)
    for ip, ports in session.mute.items():
        if ip in session.living:
            session.journal.attempt(SWEEP, ip, "answered", "UDP")
        else:
            session.journal.attempt(SWEEP, ip, "silent", f"no answer on {ports}{tried}")


def _worth_asking(session: Session) -> tuple[list[str], list[str]]:
    """Living hosts near and behind routers; of the near ones, which heard the announcement, those with open ports."""
    away = {ip for ground in session.grounds if ground.reach == "routed" for ip in ground.addresses}
    near = [ip for ip, host in session.living.items() if host.open_ports and ip not in away]
    if session.crowded and near:
        session.lose(
            f"{len(near)} hosts to be asked live on our own links, more than the kernel's neighbour table holds: they "
            "were asked slowly, and by UDP only as a segment (an administrator can raise "
            "net.ipv4.neigh.default.gc_thresh3)"
        )
        near = []
    return near, [ip for ip in session.living if ip in away]


def _conclude_directed(
    session: Session, hearing: Hearing, probe: str, targets: Sequence[str], sent: Sent, began: str
) -> None:
    problems = {unsent.target: unsent.reason for unsent in sent.unsent if unsent.probe == probe}
    for ip in targets:
        if (probe, ip) in hearing.heard:
            session.journal.attempt(probe, ip, "answered", "", began)
        elif ip in problems:
            session.journal.attempt(probe, ip, "not_sent", problems[ip], began)
        else:
            session.journal.attempt(probe, ip, "silent", "no answer", began)
