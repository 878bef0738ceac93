"""The view models: what a report shows, decided once and the same for every format. No text of any language in here."""

from collections.abc import Mapping
from dataclasses import dataclass

from netaudit.evidence.run import RunInfo
from netaudit.identify.device import Device
from netaudit.plan.model import Plan, PriorityPart, Replacement
from netaudit.policy.finding import Finding, Status
from netaudit.report.excerpt import Excerpt
from netaudit.report.limits import Limits
from netaudit.report.message import Message
from netaudit.scope.model import Scope

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
    """One observation behind a verdict. `excerpt` is None where the observation is not in the log given."""

    observation: str
    kind: str
    where: str
    at: str
    origin: str
    hits: tuple[Hit, ...]
    excerpt: Excerpt | None


@dataclass(frozen=True, slots=True)
class Place:
    """Where a unit hangs on the network: switch port and recorder channel, empty where nobody said."""

    switch: str = ""
    switch_port: str = ""
    vlan: str = ""
    poe_watts: str = ""
    recorder: str = ""
    channel: str = ""
    channel_name: str = ""


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
        """Findings worth a sentence each: all that say something, and one that stands for all "not covered"."""
        return self.duties[: self._quiet_from + 1]

    @property
    def same_duties(self) -> tuple[str, ...]:
        """Ids of the other policies under which the unit is not covered."""
        return tuple(finding.policy for finding in self.duties[self._quiet_from + 1 :])

    @property
    def told_information(self) -> tuple[Finding, ...]:
        """Findings without a duty that name the maker."""
        return tuple(finding for finding in self.information if finding.status != "not_covered")

    @property
    def same_information(self) -> tuple[str, ...]:
        """Ids of the policies without a duty that do not name it."""
        return tuple(finding.policy for finding in self.information if finding.status == "not_covered")

    @property
    def _quiet_from(self) -> int:
        # Findings are sorted: "not covered" comes last.
        return next((n for n, item in enumerate(self.duties) if item.status == "not_covered"), len(self.duties))


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
    """One unit of the plan. `card` is None when the plan names a device that this run did not hear."""

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


@dataclass(frozen=True, slots=True)
class PhaseView:
    """A batch of the plan, and how many units of each replacement class it needs."""

    number: int
    title: str
    purpose: str
    deadline: str
    rows: tuple[PlanRow, ...]
    classes: tuple[tuple[str, int], ...]


@dataclass(frozen=True, slots=True)
class Answer:
    """The answer in numbers. `matrix`: (status, grade of the maker) to units: risk and confidence, two axes."""

    covered: int
    covered_sites: int
    likely: int
    human: int
    units: int
    others: int
    relabelled: int
    not_reached: int
    counts: Counts
    matrix: Mapping[tuple[str, str], int]


@dataclass(frozen=True, slots=True)
class Report:
    """The whole report. `date`: ISO date of the run's end. `cards`: units first, in the order of their numbers."""

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

    @property
    def units(self) -> tuple[Card, ...]:
        """The camera schedule: surveillance equipment and whatever a policy may cover."""
        return tuple(card for card in self.cards if card.unit)

    @property
    def others(self) -> tuple[Card, ...]:
        """Other equipment that was heard: listed, so that nothing is dropped without a word."""
        return tuple(card for card in self.cards if not card.unit)
