"""A report for wider sharing: no address, no serial number, no name of a device or a person, no bytes heard, no money.

Devices and observations get pseudonyms from a key that only the holder of the whole log can make: the same log gives
the same redacted report, and nobody can find a device by trying addresses. Verdicts, makers, models, sites, counts,
signatures, and the order of the plan with its days of work stay.
"""

import hashlib
import hmac
import re
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field, replace
from ipaddress import ip_address
from typing import Final

from netaudit.identify.device import Answer, Contradiction, Device, Reason
from netaudit.identify.oui import normal_mac
from netaudit.plan.model import Plan, PriorityPart
from netaudit.plan.priority import OWNERS_CHANGE
from netaudit.plan.timetable import Timetable
from netaudit.policy.finding import Finding
from netaudit.report.cards import anchor
from netaudit.report.limits import Limits
from netaudit.report.message import Message
from netaudit.report.phases import phase_views
from netaudit.report.views import Card, Evidence, Place, Report
from netaudit.scope.model import Scope

WITHHELD: Final = "[withheld]"
_KEPT: Final = frozenset({"maker", "brand", "type", "platform", "soc"})
_IDS: Final = re.compile(r"\bd-[0-9a-f]{12}\b")
_COLONS: Final = re.compile(r"(?<![\w:.-])[0-9A-Fa-f]{0,4}(?:[:-][0-9A-Fa-f]{0,4}){2,}(?:%\w+)?")
_DOTTED: Final = re.compile(r"(?<![\w.])(?:\d{1,3}\.){3}\d{1,3}(?:/\d+)?(?![\w])")


def key_of(log: bytes) -> bytes:
    """Return the key for pseudonyms from the bytes of observations.jsonl."""
    return hashlib.sha256(b"netaudit redaction 1\n" + log).digest()


def redact(report: Report, key: bytes, people: Iterable[str] = ()) -> Report:
    """Return the report without what identifies a single device, address or person.

    `people`: words that findings may hold, longest first: names and reasons of those who decided on exclusions.
    """
    cutter = Cutter(key, tuple(people))
    plan = cutter.plan(report.plan)
    cards = tuple(cutter.card(card) for card in report.cards)
    by_device = {card.device.device: card for card in cards}
    granted = report.scope.authorisation
    granted = replace(granted, authorised_by=WITHHELD, reference=cutter.text(granted.reference))
    return replace(
        report,
        run=replace(
            report.run, sensor=WITHHELD, interfaces=(), losses=tuple(cutter.text(text) for text in report.run.losses)
        ),
        scope=Scope(granted, (), report.scope.limits),
        sites=tuple(replace(site, networks=()) for site in report.sites),
        cards=cards,
        phases=phase_views(plan, by_device),
        unplaced=plan.unplaced,
        limits=cutter.limits(report.limits),
        plan=plan,
        by_device=by_device,
        coverage=report.coverage,
        # A drawing shows where units hang, and its marks hold the units themselves.
        floors=(),
        redacted=True,
    )


@dataclass(frozen=True, slots=True)
class Cutter:
    """Takes out what identifies a unit, the same way everywhere. `key`: see `key_of`; `people`: names to cut out."""

    key: bytes
    people: tuple[str, ...] = ()
    _known: dict[str, str] = field(default_factory=dict)

    def name(self, text: str) -> str:
        """Return the pseudonym of a device or an observation."""
        if text not in self._known:
            digest = hmac.new(self.key, text.encode("utf-8", "surrogatepass"), hashlib.sha256).hexdigest()
            self._known[text] = f"u-{digest[:12]}"
        return self._known[text]

    def text(self, text: str, tokens: Iterable[str] = ()) -> str:
        """Return a sentence with ids replaced, and addresses and the words of `tokens` cut out."""
        for token in (*tokens, *self.people):
            text = text.replace(token, WITHHELD)
        text = _DOTTED.sub(WITHHELD, _IDS.sub(lambda found: self.name(found.group()), text))
        return _COLONS.sub(lambda found: WITHHELD if _is_address(found.group()) else found.group(), text)

    def card(self, card: Card) -> Card:
        """Return a card without place, bytes and whatever names the unit."""
        tokens = _tokens(card)
        device = self.device(card.device, tokens)
        return replace(
            card,
            anchor=anchor(device.device),
            device=device,
            duties=tuple(self.finding(item, tokens) for item in card.duties),
            information=tuple(self.finding(item, tokens) for item in card.information),
            evidence=tuple(self._evidence(item) for item in card.evidence),
            changes=tuple(self._message(item, tokens) for item in card.changes),
            place=Place(),
            actions=tuple(self.text(item, tokens) for item in card.actions),
        )

    def device(self, device: Device, tokens: Iterable[str] = ()) -> Device:
        """Return a device that can be judged as before, but not found."""
        return replace(
            device,
            device=self.name(device.device), subject=None, addresses=(), macs=(), names=(), serial=Answer(),
            maker=_unnamed(device.maker), brand=_unnamed(device.brand), type=_unnamed(device.type),
            model=_unnamed(device.model),
            reasons=tuple(self._reason(item) for item in device.reasons),
            contradictions=tuple(self._contradiction(item, tokens) for item in device.contradictions),
            observations=tuple(map(self.name, device.observations)),
        )  # fmt: skip

    def finding(self, finding: Finding, tokens: Iterable[str] = ()) -> Finding:
        """Return a finding about the pseudonym."""
        return replace(
            finding, device=self.name(finding.device), why=self.text(finding.why, tokens),
            reasons=tuple(map(self.name, finding.reasons)),
        )  # fmt: skip

    def plan(self, plan: Plan) -> Plan:
        """Return the plan for the pseudonyms."""
        phases = (
            replace(
                phase,
                items=tuple(
                    replace(
                        item, device=self.name(item.device), after=tuple(map(self.name, item.after)),
                        because=self.text(_without_wishes(item.because)), parts=tuple(map(self._part, item.parts)),
                        cost="", cost_note="",
                    )
                    for item in phase.items
                ),
                steps=tuple(replace(step, devices=tuple(map(self.name, step.devices))) for step in phase.steps),
            )
            for phase in plan.phases
        )  # fmt: skip
        unplaced = tuple((self.name(device), self.text(_without_amounts(why))) for device, why in plan.unplaced)
        return replace(plan, phases=tuple(phases), unplaced=unplaced, timetable=_plain_timetable(plan.timetable))

    def _part(self, part: PriorityPart) -> PriorityPart:
        """Return a part of a priority; why somebody changed it, and who, is between people."""
        return replace(part, because=WITHHELD if part.label == OWNERS_CHANGE else self.text(part.because))

    def limits(self, limits: Limits) -> Limits:
        """Return what was not seen, by network number and count instead of by address."""
        networks = tuple(
            replace(network, cidr=f"network {number}") for number, network in enumerate(limits.networks, 1)
        )
        groups = tuple(
            replace(
                group, ranges=(), more=len(group.ranges) + group.more,
                reasons=tuple((self.text(why), count) for why, count in group.reasons),
            )
            for group in limits.groups
        )  # fmt: skip
        hidden = tuple((self.name(device), channels) for device, channels in limits.hidden)
        losses = tuple(self.text(text) for text in limits.losses)
        return replace(limits, networks=networks, groups=groups, hidden=hidden, losses=losses)

    def _reason(self, reason: Reason) -> Reason:
        says = {name: value for name, value in reason.says.items() if name in _KEPT}
        return Reason(self.name(reason.observation), reason.signature, says, reason.strength, "", reason.layer)

    def _contradiction(self, item: Contradiction, tokens: Iterable[str]) -> Contradiction:
        sides = tuple(replace(side, value=self.text(side.value, tokens)) for side in item.sides)
        return replace(item, text=self.text(item.text, tokens), sides=sides)

    def _evidence(self, item: Evidence) -> Evidence:
        hits = tuple(replace(hit, says=_told(hit.says)) for hit in item.hits)
        return replace(item, observation=self.name(item.observation), where="", hits=hits, excerpt=None)

    def _message(self, message: Message, tokens: Iterable[str]) -> Message:
        values: Mapping[str, str | int] = {
            name: self.text(value, tokens) if isinstance(value, str) else value
            for name, value in message.values.items()
        }
        return replace(message, values=values)


def _is_address(text: str) -> bool:
    """True for an IPv6 address or a MAC; times and dates are neither."""
    if normal_mac(text):
        return True
    try:
        ip_address(text)
    except ValueError:
        return False
    return True


def _tokens(card: Card) -> tuple[str, ...]:
    """Return the words that name this unit, longest first, so that none is left in halves."""
    device = card.device
    words = {*device.addresses, *device.macs, *device.names, device.serial.value or "", device.subject or ""}
    place = card.place
    words |= {place.switch, place.recorder, place.channel_name}
    return tuple(sorted((word for word in words if len(word) > 2), key=lambda word: (-len(word), word)))


def _unnamed(answer: Answer) -> Answer:
    """Leave out who typed an answer, not that it was typed."""
    return replace(answer, typed=WITHHELD) if answer.typed else answer


def _told(says: str) -> str:
    return ", ".join(part for part in says.split(", ") if part.partition(":")[0] in _KEPT)


def _without_wishes(because: str) -> str:
    """Leave out what kept a unit out of earlier periods: people's wishes are among it, with their names."""
    return because.partition(" Not earlier:")[0]


def _without_amounts(why: str) -> str:
    """Leave out what would have to give way, and by how much: budgets are among it."""
    return why.partition(" It would fit")[0]


def _plain_timetable(timetable: Timetable | None) -> Timetable | None:
    """Return the timetable without money, and without remarks, refusals and sources: they name units, files, people."""
    if timetable is None:
        return None
    reliefs = tuple(replace(relief, where=()) for relief in timetable.reliefs)
    periods = tuple(replace(period, spent=0, budget=None) for period in timetable.periods)
    return replace(
        timetable, currency="", gap="0.00" if timetable.outcome == "proven" else timetable.gap, weighed=0, bound=0,
        terms={}, periods=periods, reliefs=reliefs, lines=(), priced=0, refused=(), notes=(),
    )  # fmt: skip
