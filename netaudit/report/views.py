"""The view models: what a report shows, decided once and the same for every format. No text of any language in here."""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Final

from netaudit.evidence.run import RunInfo
from netaudit.identify.device import Device
from netaudit.plan.model import Plan, PriorityPart, Replacement
from netaudit.policy.finding import Finding, Status
from netaudit.report.excerpt import Excerpt
from netaudit.report.limits import Limits
from netaudit.report.message import Message
from netaudit.scope.model import Scope

MAX_TOLD: Final = 4
"""Findings told in a sentence on one card; a unit that waits for facts may have dozens. All are in findings.jsonl."""
MAX_TOLD_LIGHT: Final = 2
_QUIET: Final = frozenset({"not_covered", "not_assessed"})

Counts = Mapping[Status, int]


@dataclass(frozen=True, slots=True)
class PolicyView:
    """One policy as the report needs it. `duty`: False for export control and investment lists: information only.

    `dates`: (ISO date, what begins or ends). `checked`: ISO date on which somebody last read the source.
    `binds_owner`: True, False, or None when the owner's facts do not decide it.
    """

    id: str
    title: str
    jurisdiction: str
    duty: bool
    status: str
    citation: str
    asks: str
    dates: tuple[tuple[str, str], ...] = ()
    checked: str = ""
    binds_owner: bool | None = None
    unverified: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class PolicyRow:
    """A policy, whom it concerns (`group`: binds, may_bind, passes_by, information) and how many units it meets."""

    policy: PolicyView
    group: str
    counts: Counts


@dataclass(frozen=True, slots=True)
class Hit:
    """One signature that matched: what it says ("maker: dahua"), how strong, in which independent layer."""

    signature: str
    says: str
    strength: str
    layer: str


@dataclass(frozen=True, slots=True)
class Evidence:
    """One observation behind a verdict. `more`: signatures left off.

    `excerpt` is None where the observation is not in the log given.
    """

    observation: str
    kind: str
    where: str
    at: str
    origin: str
    hits: tuple[Hit, ...]
    more: int
    excerpt: Excerpt | None


@dataclass(frozen=True, slots=True)
class Place:
    """Where a unit hangs on the network: switch port and recorder channel, empty where nobody said.

    `direct`: False where only others told of the unit (a recorder, tables); it answered nothing itself.
    """

    switch: str = ""
    switch_port: str = ""
    vlan: str = ""
    poe_watts: str = ""
    recorder: str = ""
    channel: str = ""
    channel_name: str = ""
    direct: bool = True


@dataclass(frozen=True, slots=True)
class Card:
    """One device with everything the report says about it.

    `no`: running number on paper. `anchor`: id inside the page. `unit`: belongs into the camera schedule.
    `duties`: findings of policies that bind; `information`: the others. `more_evidence`: observations left off.
    """

    no: int
    anchor: str
    device: Device
    site: str
    status: Status
    unit: bool
    human: bool
    duties: tuple[Finding, ...]
    information: tuple[Finding, ...]
    evidence: tuple[Evidence, ...]
    more_evidence: int
    changes: tuple[Message, ...]
    place: Place
    phase: int | None = None
    score: int | None = None
    replacement: Replacement | None = None
    actions: tuple[str, ...] = ()
    deadline: str = ""

    @property
    def told_duties(self) -> tuple[Finding, ...]:
        """The findings worth a sentence each, most pressing first; where none says anything, one stands for all."""
        told = tuple(finding for finding in self.duties if finding.status not in _QUIET)
        return told[:MAX_TOLD] or self.duties[:1]

    @property
    def told_information(self) -> tuple[Finding, ...]:
        """Findings without a duty that name the maker."""
        return tuple(item for item in self.information if item.basis or item.status not in _QUIET)[:MAX_TOLD_LIGHT]

    @property
    def untold_duties(self) -> Mapping[Status, tuple[str, ...]]:
        """Ids of the other policies with a duty, by status."""
        told = {finding.policy for finding in self.told_duties}
        untold: dict[Status, tuple[str, ...]] = {}
        for item in self.duties:
            if item.policy not in told:
                untold[item.status] = (*untold.get(item.status, ()), item.policy)
        return untold

    @property
    def untold_information(self) -> tuple[str, ...]:
        """Ids of the other policies without a duty."""
        told = {finding.policy for finding in self.told_information}
        return tuple(item.policy for item in self.information if item.policy not in told)


@dataclass(frozen=True, slots=True)
class SiteRow:
    """One building: how many units of each status, how many need a person, how many addresses stayed silent."""

    site: str
    networks: tuple[str, ...]
    units: int
    counts: Counts
    human: int
    not_reached: int


@dataclass(frozen=True, slots=True)
class PlanRow:
    """One unit of the plan. `card` is None when the plan names a device that this run did not hear.

    `because`, `cost`, `cost_note`: only of a plan by periods, else "".
    """

    card: Card | None
    device: str
    site: str
    status: str
    score: int
    parts: tuple[PriorityPart, ...]
    replacement: Replacement | None
    actions: tuple[str, ...]
    deadline: str
    after: tuple[Card, ...]
    because: str = ""
    cost: str = ""
    cost_note: str = ""

    def own_actions(self, shared: tuple[str, ...]) -> tuple[str, ...]:
        """What is to be done for this unit beside what is done for every unit of its phase."""
        return tuple(action for action in self.actions if action not in shared)


@dataclass(frozen=True, slots=True)
class StepRow:
    """One thing to do for several units of a phase. `units`: their numbers as ranges, "1–45"; `count`: how many."""

    text: str
    because: str
    units: tuple[str, ...]
    count: int


@dataclass(frozen=True, slots=True)
class PhaseView:
    """A batch of the plan, how many units of each replacement class it needs, and what is done for several at once."""

    number: int
    title: str
    purpose: str
    deadline: str
    rows: tuple[PlanRow, ...]
    classes: tuple[tuple[str, int], ...]
    steps: tuple[StepRow, ...]

    @property
    def shared(self) -> tuple[str, ...]:
        """What is to be done for every unit of the phase, told once."""
        first = self.rows[0].actions if self.rows else ()
        return tuple(action for action in first if all(action in row.actions for row in self.rows))


@dataclass(frozen=True, slots=True)
class Spot:
    """A unit on a floor plan: the corners of its mark and the place of its number in pixels; `x`, `y` in percent.

    `before`: the number ends at its place instead of beginning there.
    """

    card: Card
    points: str
    label_x: float
    label_y: float
    x: str
    y: str
    before: bool = False


@dataclass(frozen=True, slots=True)
class FloorView:
    """A floor plan. `data`: the picture as a data URL; `width`, `height` and `size` (of a mark) in its pixels."""

    anchor: str
    site: str
    floor: str
    data: str
    width: int
    height: int
    size: float
    spots: tuple[Spot, ...]


@dataclass(frozen=True, slots=True)
class OpenFact:
    """A fact that only the owner can state, and how many units wait for it. `question`: "" where none was given."""

    name: str
    question: str
    units: int


@dataclass(frozen=True, slots=True)
class Answer:
    """The answer in numbers. `matrix`: (status, grade of the maker) to units: risk and confidence, two axes.

    `unidentified`: units among `units` that did not even say what they are.
    """

    covered: int
    covered_sites: int
    likely: int
    human: int
    units: int
    unidentified: int
    others: int
    relabelled: int
    not_reached: int
    counts: Counts
    matrix: Mapping[tuple[str, str], int]
    open_facts: tuple[OpenFact, ...]


@dataclass(frozen=True, slots=True)
class CoverageRow:
    """One network of the scope, in the order of the scope.

    `addresses`: None where too many to count. `answered`: addresses that were heard. `silent`: asked, no answer.
    `not_asked`: nothing was sent to them. `tables`: devices at an address of the network, or without one at its site,
    that only tables of other systems know. `behind`: devices that only a recorder of this network lists.
    `devices`: all devices of the network, however they are known; `named`: those whose maker is known.
    """

    addresses: int | None
    answered: int
    silent: int
    not_asked: int
    tables: int
    behind: int
    devices: int
    named: int

    @property
    def share(self) -> float | None:
        """The part of the devices whose maker is known; None where there is none."""
        return self.named / self.devices if self.devices else None


@dataclass(frozen=True, slots=True)
class Report:
    """The whole report. `date`: ISO date of the run's end. `cards`: units first, in the order of their numbers.

    `coverage`: one row for each network of `limits`, in the same order.
    `evidence_digest`: SHA-256 of EVIDENCE.sha256, the list of all files that the report rests on; "" where not known.
    `redacted`: made for wider sharing: what identifies units and people, and all money, is left out.
    """

    run: RunInfo
    scope: Scope
    scope_digest: str
    date: str
    answer: Answer
    sites: tuple[SiteRow, ...]
    policies: tuple[PolicyRow, ...]
    cards: tuple[Card, ...]
    phases: tuple[PhaseView, ...]
    unplaced: tuple[tuple[str, str], ...]
    limits: Limits
    plan: Plan
    by_device: Mapping[str, Card]
    evidence_digest: str = ""
    coverage: tuple[CoverageRow, ...] = ()
    floors: tuple[FloorView, ...] = ()
    redacted: bool = False

    @property
    def units(self) -> tuple[Card, ...]:
        """The camera schedule: surveillance equipment and whatever a policy may cover."""
        return tuple(card for card in self.cards if card.unit)

    @property
    def others(self) -> tuple[Card, ...]:
        """Other equipment that was heard: listed, so that nothing is dropped without a word."""
        return tuple(card for card in self.cards if not card.unit)
