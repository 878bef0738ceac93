"""What a scan hears on its own links beside the answers to its questions: other subnets' units, SADP without IP."""

from collections import defaultdict
from collections.abc import Collection, Iterator, Mapping, Sequence
from typing import Any, Final

from netaudit.clock import now, rfc3339
from netaudit.evidence.frames.heard import Finding
from netaudit.evidence.observation import Observation
from netaudit.listen.notebook import Notebook, Place
from netaudit.net.interfaces import Interface, vlan_of
from netaudit.net.overhear import FrameAsk
from netaudit.scan.hearing import Hearing
from netaudit.scan.session import Session
from netaudit.scope.gate import plain_address

# A window is short: what is more than this is a flood.
_MOST: Final = 5000
_PROBES: Final[Mapping[str, str]] = {
    "sadp.reply": "sadp", "dhip.reply": "dhip", "ssdp.reply": "ssdp", "mdns.service": "mdns",
    "wsd.probe_match": "ws_discovery", "sadp.frame": "sadp_link",
}  # fmt: skip


class _InJournal:
    """A log for the notebook: what it writes goes through the run's journal, which forgets nothing and never raises."""

    def __init__(self, session: Session) -> None:
        self._journal = session.journal

    def observation(self, observation: Observation) -> bool:
        return self._journal.write(observation)

    def attempt(self, record: Mapping[str, Any]) -> None:
        self._journal.attempt(
            str(record["probe"]), str(record["target"]), record["status"], str(record["reason"]), str(record["started"])
        )


async def overhear(session: Session, hearing: Hearing, interface: Interface) -> bool:
    """Hear a link while its segment is asked, and ask it by frames. False where we may not."""
    asks = _asks(session, interface)
    if session.catalogue.link and not asks:
        # Done by the part of the run that this one resumes.
        return False
    findings: list[Finding] = []

    def take(finding: Finding) -> None:
        if len(findings) < _MOST:
            findings.append(finding)

    hearing.overheard.add(interface.name)
    began = rfc3339(now())
    try:
        sent = await session.transport.overhear(interface, asks, session.options.window, take)
    except OSError as error:
        session.lose(
            f"no right to hear whole frames on {interface.name} ({error.strerror}): units that are set up for another "
            "subnet, and those that answer SADP without IP only, could not be heard"
        )
        hearing.tell_waiting(interface.name, frozenset())
        return False
    told = _keep(session, hearing, interface, findings)
    hearing.tell_waiting(interface.name, told)
    for ask in asks:
        answered = any(finding.kind == "sadp.frame" for finding in findings)
        problem = next((unsent.reason for unsent in sent.unsent if unsent.probe == ask.probe), "")
        status = "answered" if answered else "not_sent" if problem else "silent"
        session.journal.attempt(ask.probe, interface.label, status, problem, began)  # type: ignore[arg-type]
    return True


def _asks(session: Session, interface: Interface) -> Sequence[FrameAsk]:
    return [
        FrameAsk(probe.name, frame, probe.repeats)
        for probe in session.catalogue.link
        for frame in probe.frames(interface.mac, interface.address)
        if not session.journal.finished(probe.name, interface.label)
    ]


def _keep(session: Session, hearing: Hearing, interface: Interface, findings: Sequence[Finding]) -> frozenset[str]:
    """Write down what no socket gave us; return the addresses of other subnets' units."""
    scope = session.gate.scope
    network = scope.segment_of(plain_address(interface.address))
    place = Place(interface.name, interface.address, network.site if network else "", vlan_of(interface.name))
    notebook = Notebook(_InJournal(session), scope, session.options.sensor, lambda _: None)
    for finding in findings:
        if _is_news(session, finding):
            notebook.hear(finding, place)
            _meet(session, hearing, interface, finding)
    session.lose(*notebook.foreign.values(), *_many_named(notebook.foreign, findings))
    return frozenset(finding.ip for finding in findings if finding.mac in notebook.foreign)


def _many_named(foreign: Collection[str], findings: Sequence[Finding]) -> Iterator[str]:
    """One unit that speaks under many addresses: behind a router, or forged; told of by their number."""
    spoken: dict[str, set[str]] = defaultdict(set)
    for finding in findings:
        if finding.mac in foreign and finding.ip:
            spoken[finding.mac].add(finding.ip)
    for mac, addresses in spoken.items():
        if len(addresses) > 1:
            yield f"{mac} spoke under {len(addresses) - 1} more addresses outside the written scope: never asked"


def _is_news(session: Session, finding: Finding) -> bool:
    """False for what the sockets, or the ARP sweep, have already told."""
    if finding.kind == "link.mac":
        known = session.living.get(finding.ip)
        return known is None or known.mac != finding.mac
    return not any(made.kind == finding.kind for made in session.journal.of_host(finding.ip))


def _meet(session: Session, hearing: Hearing, interface: Interface, finding: Finding) -> None:
    if not finding.ip or session.gate.allows(finding.ip, 0) is not None:
        return
    session.meet(finding.ip, "arp" if finding.kind == "link.mac" else "udp", finding.mac, interface.name)
    probe = _PROBES.get(finding.kind) or finding.kind.removesuffix(".reply")
    if probe != finding.kind:
        hearing.heard.add((probe, finding.ip))
        hearing.on_segment.add((probe, interface.label))
