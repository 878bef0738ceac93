"""A policy as data: what signatures/policies/ holds, one file a policy. No law is written in code."""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Final

KINDS: Final = (
    "procurement_ban", "use_ban", "removal_order", "equipment_authorisation_ban", "export_control", "sanction",
    "guidance",
)  # fmt: skip
STATUS_WORDS: Final = (
    "in_force", "proposed", "unverified", "mixed", "phase_out", "not_confirmed", "call", "no_ban", "reference",
)  # fmt: skip
# Only these can bind somebody today.
LIVE: Final = ("in_force", "mixed", "phase_out")
TESTS: Final = ("named_maker", "country_of_maker", "certificate", "none")
COUNTED: Final = ("yes", "partly", "no", "not_stated")
REMEDIES: Final = ("remove", "contain", "report", "do_not_deploy", "do_not_buy", "do_not_provide", "check", "none")
EQUIPMENT: Final = ("surveillance", "telecom")
# Which clock starts when a covered unit is found: one then ten business days, 72 hours, or none named.
REGIMES: Final = ("none", "legacy_1_10", "rfo_72h")


@dataclass(frozen=True, slots=True)
class Entity:
    """One entity record. `maker`: id of makers.toml, "" where there is none. `named`: False for descriptions.

    `since`: ISO day from which it is named, "" when from the start. `equipment`: what of this maker is reached.
    """

    name: str
    maker: str
    named: bool
    aliases: tuple[str, ...]
    note: str
    since: str
    equipment: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class Condition:
    """A fact about the unit or its site on which the rule turns, beyond who made it.

    Holds where the fact is one of `applies`, or a day later than `after`. `makers`, `types`: only for these; empty
    means all. `otherwise`: "not_covered", or "contain" where the unit stays covered but may stay with controls.
    """

    fact: str
    makers: tuple[str, ...]
    types: tuple[str, ...]
    applies: tuple[str, ...]
    after: str
    otherwise: str
    because: str


@dataclass(frozen=True, slots=True)
class Binding:
    """Whom the rule binds: `whom` and `camera_owner` in words; `places` and `any` as a test on the owner's facts.

    `any`: one of these must hold; in each, every named fact must have one of the values.
    """

    whom: str
    camera_owner: str
    places: tuple[str, ...]
    any: tuple[Mapping[str, tuple[str, ...]], ...]


@dataclass(frozen=True, slots=True)
class Clause:
    """A wording on affiliates or components: `counted` as one word of COUNTED, `text` as on the fact sheet."""

    counted: str
    text: str


@dataclass(frozen=True, slots=True)
class EffectiveDate:
    """One dated part. `date` as known: a day, a month, a year, or a day with a remark."""

    date: str
    part: str


@dataclass(frozen=True, slots=True)
class RuleTest:
    """How the rule finds its units: `kind` of TESTS; `countries` as ISO 3166 codes; `certificate`: the fact's name.

    `caveat`: what was not read and limits a "no"; `scope`: the rule's own words.
    """

    kind: str
    countries: tuple[str, ...]
    certificate: str
    caveat: str
    scope: str


@dataclass(frozen=True, slots=True)
class Policy:
    """One instrument. `duty`: False where it binds no camera owner, and then it is information only.

    `remedy`: what it asks about an installed unit. `in_force_from`, `deadline`: ISO days or "". `regime`: of REGIMES.
    """

    id: str
    title: str
    jurisdiction: str
    authority: str
    citation: str
    kind: str
    status: str
    status_text: str
    duty: bool
    duty_why: str
    remedy: str
    in_force_from: str
    deadline: str
    deadline_why: str
    binds: Binding
    test: RuleTest
    affiliates: Clause
    components: Clause
    entities: tuple[Entity, ...]
    conditions: tuple[Condition, ...]
    dates: tuple[EffectiveDate, ...]
    asks: str
    exemptions: str
    reporting: str
    regime: str
    sources: tuple[str, ...]
    confidence: str
    unverified: tuple[str, ...]
    last_checked: str

    def facts_asked(self) -> tuple[str, ...]:
        """Return the names of the owner facts this policy turns on, in the order in which they are asked."""
        names = ["jurisdictions"] if self.binds.places else []
        names += [name for alternative in self.binds.any for name in alternative]
        names += [condition.fact for condition in self.conditions]
        names += [self.test.certificate] if self.test.certificate else []
        return tuple(dict.fromkeys(names))
