"""One listening run, from the first socket to the last sentence."""

import asyncio
from collections.abc import Callable, Sequence
from contextlib import ExitStack
from dataclasses import dataclass, field
from time import monotonic
from typing import Final

from netaudit.clock import now, rfc3339
from netaudit.evidence.frames.heard import Finding
from netaudit.evidence.run import RunStatus
from netaudit.listen.links import Link, join_groups, links_of, open_ear, open_ports
from netaudit.listen.notebook import Notebook, Place
from netaudit.listen.options import ListenOptions, ListenOutcome, ListenProgress, Log
from netaudit.net.ear import Ear
from netaudit.net.sockets import Door
from netaudit.scope.gate import Gate

_BEAT: Final = 0.5
_NO_RIGHT: Final = (
    "no right to hear whole frames on {link}: only broadcasts{groups} to the known ports were heard; ARP, DHCP, LLDP, "
    "CDP, SADP on layer 2, MAC addresses and units of other subnets were not (run as root, or give CAP_NET_RAW)"
)
_NOT_JOINED: Final = (
    "no multicast group was joined, so that nothing was sent: a switch with IGMP snooping may have kept announcements "
    "from this port (--join makes the kernel report a membership)"
)
_SILENT: Final = (
    "this run only listened, for {time} on {links}: devices that said nothing in that time are unknown (most cameras "
    "speak only when asked, or after a restart)"
)


async def run_listen(
    options: ListenOptions,
    gate: Gate,
    log: Log,
    progress: Callable[[ListenProgress], None] = lambda _: None,
    tell: Callable[[str], None] = lambda _: None,
) -> ListenOutcome:
    """Listen on the links of the gate's scope until the time is over or the task is cancelled. Sends nothing.

    `tell`: called once the sockets are open with each sentence about what cannot be heard, which is in the outcome too.
    Never raises for what the network does. Raises UsageError where there is no link to listen on. Status: complete;
    partial where it was cancelled before its time; stopped where the log could not be written.
    """
    links, losses = links_of(gate.scope, options.interfaces)
    run = _Run(options, gate, links, list(losses), progress, tell)
    run.notebook = Notebook(log, gate.scope, options.sensor, run.stop)
    return await run.go()


@dataclass(slots=True)
class _Run:
    options: ListenOptions
    gate: Gate
    links: Sequence[Link]
    losses: list[str]
    progress: Callable[[ListenProgress], None]
    tell: Callable[[str], None]
    notebook: Notebook = field(init=False)
    messages: int = 0
    ears: dict[str, Ear] = field(default_factory=dict)
    begun: float = field(default_factory=monotonic)
    over: asyncio.Event = field(default_factory=asyncio.Event)

    def stop(self, reason: str) -> None:
        self.over.set()

    async def go(self) -> ListenOutcome:
        started = rfc3339(now())
        with ExitStack() as sockets:
            for where in self.links:
                self._open(where, sockets)
            for loss in dict.fromkeys(self.losses):
                self.tell(loss)
            status = await self._until_over()
            lost = sum(ear.count_lost() for ear in self.ears.values())
        self._conclude(started, lost)
        labels = tuple(where.label for where in self.links)
        return ListenOutcome(status, tuple(dict.fromkeys(self.losses)), len(self.notebook.units), labels)

    def _open(self, where: Link, sockets: ExitStack) -> None:
        place = self._place(where)

        def hear(finding: Finding) -> None:
            self.messages += 1
            self.notebook.hear(finding, place)

        door, join = Door(self.gate), self.options.join
        try:
            self.ears[where.name] = open_ear(door, where, sockets, hear, everything=self.options.everything)
        except OSError as error:
            groups = " and groups" if join else ""
            self.losses.append(f"{_NO_RIGHT.format(link=where.label, groups=groups)}: {error.strerror}")
            self.losses.extend(open_ports(door, where, sockets, hear, join=join))
            return
        if join:
            self.losses.extend(join_groups(door, where, sockets))

    def _place(self, where: Link) -> Place:
        here = where.here[0] if where.here else None
        network = self.gate.scope.segment_of(here.network.network_address) if here else None
        return Place(where.name, here.address if here else "", network.site if network else "", where.vlan)

    async def _until_over(self) -> RunStatus:
        try:
            while not self.over.is_set() and (left := self._left()) > 0:
                self._beat()
                try:
                    await asyncio.wait_for(self.over.wait(), min(_BEAT, left))
                except TimeoutError:
                    continue
        except asyncio.CancelledError:
            _forgive_cancel()
            self._beat()
            return "complete" if self.options.seconds is None else "partial"
        self._beat()
        return "stopped" if self.notebook.broken else "complete"

    def _left(self) -> float:
        seconds = self.options.seconds
        return _BEAT if seconds is None else self.begun + seconds - monotonic()

    def _beat(self) -> None:
        book, elapsed = self.notebook, monotonic() - self.begun
        kept = book.kept.total()
        self.progress(
            ListenProgress(elapsed, self.options.seconds, self.messages, kept, len(book.units), len(book.outside))
        )

    def _conclude(self, started: str, lost: int) -> None:
        book, elapsed = self.notebook, monotonic() - self.begun
        time = f"{elapsed:.0f} s"
        for where in self.links:
            kept = {kind: count for (name, kind), count in sorted(book.kept.items()) if name == where.name}
            what = ", ".join(f"{kind} {count}" for kind, count in kept.items())
            heard = f"{what} in {time}" if kept else f"nothing heard in {time}"
            book.note(where.label, "answered" if kept else "silent", heard, started)
        links = ", ".join(where.label for where in self.links)
        self.losses.append(_SILENT.format(time=time, links=links))
        if not self.options.join:
            self.losses.append(_NOT_JOINED)
        self.losses.extend(self._counts(lost))

    def _counts(self, lost: int) -> list[str]:
        """Sentences about what was heard and not kept."""
        book = self.notebook
        told = list(book.foreign.values())
        if book.outside:
            told.append(f"{len(book.outside)} addresses outside the written scope were heard: counted, not kept")
        if book.excluded:
            told.append(f"{len(book.excluded)} addresses that the scope leaves out were heard: counted, not kept")
        if lost:
            told.append(f"{lost} frames came faster than they could be read and were lost")
        if book.crowded:
            told.append("more units spoke than any real network has: later ones were not kept")
        return [*told, book.broken] if book.broken else told


def _forgive_cancel() -> None:
    """The interruption was taken care of: the caller still has reports to write."""
    task = asyncio.current_task()
    if task is not None:
        task.uncancel()
