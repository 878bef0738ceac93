"""What comes in by UDP: who may speak, who reads it, how much of it is kept."""

import asyncio
from collections import Counter
from collections.abc import Collection, Sequence
from dataclasses import replace
from typing import Final

from netaudit.net.exchange import Datagram, Reply
from netaudit.net.udp import Arrival, Ask
from netaudit.probes.base import AskingAgain, Heard, SegmentProbe
from netaudit.scan.session import Session
from netaudit.scope.foreign import may_be_on_link
from netaudit.scope.gate import plain_address

# A device says what it has to say in a few datagrams; the rest is a fault or a flood.
REPLIES_KEPT: Final = 20
_OUTSIDERS_NAMED: Final = 256
_OUTSIDERS_TOLD: Final = 8
_OUTSIDERS_COUNTED: Final = 10_000
_AGAIN_A_SOURCE: Final = 3
_AGAIN_AT_ONCE: Final = 2
_AGAIN_WAIT: Final = 1.5


class Hearing:
    """Hands every datagram to its probe and its findings to the journal.

    `heard`: (probe, address) that answered. `on_segment`: (probe, label of our interface) on which somebody answered a
    request to all: who answers only when asked by address does not count, so that a deaf segment is seen as one.
    `overheard`: links that are heard whole at this moment: strangers there are told of by that, with their MAC.
    """

    def __init__(self, session: Session) -> None:
        self._session = session
        self.heard: set[tuple[str, str]] = set()
        self.on_segment: set[tuple[str, str]] = set()
        self._replies: Counter[tuple[str, str]] = Counter()
        self._again: Counter[tuple[str, str]] = Counter()
        self.overheard: set[str] = set()
        self._outsiders: set[str] = set()
        self._told = 0
        self._waiting: dict[str, Arrival] = {}

    def arrived(self, arrival: Arrival) -> None:
        """Take one datagram; it may lead to one more question to its sender."""
        self._take(arrival, may_ask=True)

    def arrived_again(self, arrival: Arrival) -> None:
        """Take the answer to such a question: it leads to no further one."""
        self._take(arrival, may_ask=False)

    def _take(self, arrival: Arrival, *, may_ask: bool) -> None:
        source = arrival.reply.source
        if self._session.gate.allows(source, 0) is not None:
            if self._site_of_link(arrival.reply) is None:
                self._turn_away(arrival)
                return
            may_ask = False
        for name in arrival.probes:
            self._replies[name, source] += 1
            probe = self._session.catalogue.segment_named(name)
            if probe is None or self._replies[name, source] > REPLIES_KEPT:
                continue
            findings = self._read(probe, arrival)
            if findings and self._keep(probe, arrival, findings) and may_ask:
                self._ask_again(probe, arrival.reply)

    def _read(self, probe: SegmentProbe, arrival: Arrival) -> Sequence[Heard]:
        try:
            return probe.read(arrival.datagram, arrival.reply)
        except Exception as error:
            # A reader that an answer can break must not take the run with it.
            self._fault(probe, arrival.reply.source, error)
            return ()

    def _keep(self, probe: SegmentProbe, arrival: Arrival, findings: Sequence[Heard]) -> bool:
        source, reply = arrival.reply.source, arrival.reply
        site = self._site_of_link(reply)
        if site is not None:
            self._keep_local(probe, arrival, findings, site)
            return False
        if not self._session.meet(source, "udp", interface=reply.interface):
            return False
        if (probe.name, source) not in self.heard and self._session.journal.finished(probe.name, source):
            self._session.journal.attempt(probe.name, source, "answered", "late")
        self.heard.add((probe.name, source))
        if reply.interface:
            self.on_segment.add((probe.name, f"{reply.interface} {reply.local}"))
        request = arrival.datagram.digest if arrival.datagram else ""
        for finding in findings:
            self._session.journal.keep(finding, reply, probe, request, transport="udp")
        return True

    def _site_of_link(self, reply: Reply) -> str | None:
        """Return the site of the link that an IPv6 link-local address was heard on, None for any other address."""
        if ":" not in reply.source or not plain_address(reply.source).is_link_local or not reply.interface:
            return None
        here = next((one for one in self._session.interfaces if one.name == reply.interface), None)
        network = self._session.gate.scope.segment_of(plain_address(here.address)) if here else None
        return network.site if network else None

    def _keep_local(self, probe: SegmentProbe, arrival: Arrival, findings: Sequence[Heard], site: str) -> None:
        """Keep what a link-local address says: it is on our link, but no address that the scope lets us ask."""
        reply = arrival.reply
        self.on_segment.add((probe.name, f"{reply.interface} {reply.local}"))
        # Such an address means nothing without the link that it is on.
        place = {"ip": f"{reply.source}%{reply.interface}"} | ({"site": site} if site else {})
        request = arrival.datagram.digest if arrival.datagram else ""
        for finding in findings:
            told = replace(finding, target={**finding.target, **place})
            self._session.journal.keep(told, reply, probe, request, transport="udp")

    def _ask_again(self, probe: SegmentProbe, reply: Reply) -> None:
        key = (probe.name, reply.source)
        if not isinstance(probe, AskingAgain) or self._again[key] >= _AGAIN_A_SOURCE:
            return
        try:
            datagrams = list(probe.again(reply))[:_AGAIN_AT_ONCE]
        except Exception as error:
            self._fault(probe, reply.source, error)
            return
        if datagrams:
            self._again[key] += 1
            self._session.later(self._send_again(probe, reply.source, datagrams))

    async def _send_again(self, probe: SegmentProbe, source: str, datagrams: Sequence[Datagram]) -> None:
        asks = [Ask(probe.name, datagram) for datagram in datagrams]
        await self._session.transport.directed([source], asks, self.arrived_again, tries=1, wait=_AGAIN_WAIT)

    def _turn_away(self, arrival: Arrival) -> None:
        """A unit of a foreign subnet is reported, because that may be the very fault to repair; it is never asked."""
        source = arrival.reply.source
        if source in self._outsiders or len(self._outsiders) >= _OUTSIDERS_COUNTED:
            return
        if source.startswith("127."):
            # Another program of this machine, not a device.
            return
        self._outsiders.add(source)
        if arrival.reply.interface in self.overheard and may_be_on_link(plain_address(source)):
            self._waiting[source] = arrival
        else:
            self._tell_of(arrival)

    def tell_waiting(self, interface: str, told: Collection[str]) -> None:
        """Name the outsiders on a link that was heard whole, but for those who were `told` of with their MAC."""
        self.overheard.discard(interface)
        for source in [s for s, arrival in self._waiting.items() if arrival.reply.interface == interface]:
            arrival = self._waiting.pop(source)
            if source not in told:
                self._tell_of(arrival)

    def _tell_of(self, arrival: Arrival) -> None:
        source = arrival.reply.source
        here = f" on {arrival.reply.interface}" if arrival.reply.interface else ""
        # Not by how many were heard: all of those who waited had been by now, and none would be named.
        self._told += 1
        if self._told <= _OUTSIDERS_NAMED:
            reason = f"answered from {source}{here} outside the written scope: not kept, not asked"
            self._session.journal.attempt(arrival.probes[0], source, "not_scheduled", reason)
        if self._told <= _OUTSIDERS_TOLD:
            told = f"{source} answered{here} but is outside the written scope: it was neither kept nor asked"
            self._session.lose(told)
        else:
            self._session.strangers = self._told - _OUTSIDERS_TOLD

    def _fault(self, probe: SegmentProbe, source: str, error: Exception) -> None:
        self._session.journal.attempt(probe.name, source, "error", f"fault in the probe: {error!r}"[:300])


async def settle(session: Session) -> None:
    """Wait for the questions that answers led to."""
    while session.background:
        await asyncio.gather(*session.background)
