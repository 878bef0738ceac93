"""The three tests: named maker (with affiliates), country of the maker, certificate. The law itself is data."""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date
from typing import Final, Literal

from netaudit.identify.device import Device
from netaudit.policy.made import WORST_FIRST, Made, made_while
from netaudit.policy.model import Entity, Policy
from netaudit.policy.owner import OwnerFacts
from netaudit.policy.relations import Relations

_CONFIDENCE: Final = ("high", "medium", "low")


@dataclass(frozen=True, slots=True)
class Hit:
    """What a test says of one unit.

    `reach`: yes, no, unknown, or depends (on `missing`). `basis` as in Finding. `entity`: the name in the rule.
    `doubt`: what makes the hit itself less than sure, "" where nothing does. `because`: one clause for people.
    `by_label`: the company hit is the brand, not the maker.
    """

    reach: Literal["yes", "no", "unknown", "depends"]
    because: str
    basis: str = ""
    entity: Entity | None = None
    doubt: str = ""
    missing: tuple[str, ...] = ()
    by_label: bool = False


@dataclass(frozen=True, slots=True)
class Case:
    """One unit before one rule, with all that the tests may look at. `seen`: ids of the telling observations."""

    policy: Policy
    device: Device
    facts: OwnerFacts
    relations: Relations
    on: date
    seen: tuple[str, ...] = ()

    @property
    def day(self) -> str:
        """The day of judging as an ISO date."""
        return self.on.isoformat()


def apply_test(case: Case) -> Hit:
    """Run the policy's own test. A maker that nobody knows is never "no"."""
    kind = case.policy.test.kind
    if kind == "named_maker":
        return _named(case)
    if case.device.maker.value is None:
        return Hit("unknown", "its maker is not known")
    return _country(case) if kind == "country_of_maker" else _certificate(case)


def _named(case: Case) -> Hit:
    maker = case.device.maker.value
    if entity := _entity(case, maker):
        return Hit("yes", f"{_maker(case)} is named in the rule as {entity.name}", "named_maker", entity)
    affiliate = _affiliate(case)
    if affiliate and affiliate.reach != "no":
        return affiliate
    if maker is None:
        return Hit("unknown", "its maker is not known")
    if not case.relations.knows(maker):
        return Hit("unknown", "its maker is in no word list, so nobody knows whom it belongs to")
    name = case.relations.name(maker)
    return affiliate or Hit("no", f"{name} is neither named in the rule nor known to belong to a named maker")


def _maker(case: Case) -> str:
    """Name the maker, and the label where it is another one: that is the fact that decides."""
    device = case.device
    name = case.relations.name(device.maker.value or "")
    label = device.brand.name or case.relations.name(device.brand.value or "")
    return f"its maker {name} (sold as {label})" if device.relabelled and label else f"its maker {name}"


def _entity(case: Case, maker: str | None) -> Entity | None:
    """Return the record that names this maker on the day of judging."""
    if maker is None:
        return None
    day = case.day
    return next((e for e in case.policy.entities if e.named and e.maker == maker and e.since <= day), None)


def _affiliate(case: Case) -> Hit | None:
    """Follow the links of the maker, then of the label's company, to a named maker; the surest hit wins."""
    hits = [hit for company, by_label in _companies(case.device) for hit in _links(case, company, by_label)]
    order = ("yes", "depends", "unknown", "no")
    return min(hits, key=lambda hit: (order.index(hit.reach), bool(hit.doubt)), default=None)


def _companies(device: Device) -> Iterable[tuple[str, bool]]:
    if device.maker.value:
        yield device.maker.value, False
    if device.brand.value and device.brand.value != device.maker.value:
        yield device.brand.value, True


def _links(case: Case, company: str, by_label: bool) -> Iterable[Hit]:
    for chain in case.relations.chains.get(company, ()):
        if entity := _entity(case, chain[-1].target):
            made = min((made_while(link, case.device, case.facts, case.on) for link in chain), key=WORST_FIRST.index)
            weakest = max((link.confidence for link in chain), key=_CONFIDENCE.index)
            yield _affiliate_hit(case, _Tie(entity, case.relations.name(company), made, weakest, by_label))


@dataclass(frozen=True, slots=True)
class _Tie:
    """A chain from a company to a named maker, weighed. `confidence`: of its weakest link."""

    entity: Entity
    company: str
    made: Made
    confidence: str
    by_label: bool


def _affiliate_hit(case: Case, tie: _Tie) -> Hit:
    counted, made, entity = case.policy.affiliates.counted, tie.made, tie.entity
    text = f"{tie.company} belongs or belonged to {entity.name}, which is named in the rule"
    if counted == "no":
        return Hit("no", f"{text}, but the rule reaches listed names only")
    if tie.confidence == "low" or (made == "no" and tie.confidence != "high"):
        return Hit("unknown", f"{text}, but how far that tie reaches is contested or not confirmed", entity=entity)
    if made == "no":
        return Hit("no", f"{tie.company} did not belong to {entity.name} when this unit was bought")
    if counted != "yes":
        return Hit(
            "unknown", f"{text}; whether affiliates count is not stated in the text that was read", entity=entity
        )
    if made == "depends":
        text += "; whether this unit was made in that time is not known"
        return Hit("depends", text, "affiliate", entity, missing=("purchase_date",), by_label=tie.by_label)
    doubt = "" if tie.confidence == "high" else "that tie is reported and not confirmed"
    doubt = doubt or ("" if made == "yes" else "only its firmware's date tells when it was made")
    return Hit("yes", f"{text}, and affiliates count", "affiliate", entity, doubt=doubt, by_label=tie.by_label)


def _country(case: Case) -> Hit:
    maker = case.device.maker.value or ""
    name = case.relations.name(maker)
    if entity := _entity(case, maker):
        return Hit("yes", f"{_maker(case)} is named with the rule as {entity.name}", "named_maker", entity)
    countries = case.relations.countries_above(maker)
    wanted = case.policy.test.countries
    if any(country in wanted for country in countries):
        where = next(country for country in countries if country in wanted)
        text = f"{_maker(case)}, or the owner of that maker, is a company of {where}"
        return Hit("yes", text, "country_of_maker", _described(case.policy))
    if "" in countries or not case.relations.knows(maker):
        return Hit("unknown", f"the country of {name} or of its owner is not known")
    caveat = f"; {case.policy.test.caveat}" if case.policy.test.caveat else ""
    return Hit("no", f"{name} is a company of {countries[0]}, which the rule does not reach as far as read{caveat}")


def _described(policy: Policy) -> Entity | None:
    return next((entity for entity in policy.entities if not entity.named), None)


def _certificate(case: Case) -> Hit:
    fact = case.policy.test.certificate
    answer = case.facts.value(fact, case.device.site, case.device.device)
    if answer is None:
        return Hit("depends", "whether this model holds the certificate is not known", "certificate", missing=(fact,))
    if "yes" in answer:
        return Hit("no", "the owner says that this model holds the certificate")
    return Hit("yes", "the owner says that this model holds no certificate", "certificate")
