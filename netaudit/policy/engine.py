"""Holds devices against policies. Pure: the same devices, data, facts and day give the same findings, in order."""

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass, replace
from datetime import date
from typing import Final

from netaudit.identify.device import SURVEILLANCE_TYPES, Device
from netaudit.policy import explain
from netaudit.policy.binding import Conditions, Holds, binds, conditions
from netaudit.policy.doubts import doubts, has_evidence, other_side
from netaudit.policy.finding import Finding, Status
from netaudit.policy.model import Policy
from netaudit.policy.owner import Exclusion, OwnerFacts
from netaudit.policy.relations import Relations
from netaudit.policy.rule import Case, Hit, apply_test

TELECOM_TYPES: Final = frozenset({"network", "phone"})
_TELLING: Final = frozenset({"maker", "platform", "brand", "brand_text", "type"})
# As for a maker: below even odds a label is a guess.
_LEAST_LABEL: Final = 0.5
_CAN_BE_EXCLUDED: Final = frozenset({"covered", "likely", "depends", "unknown"})


def judge(
    devices: Iterable[Device],
    policies: Sequence[Policy],
    facts: OwnerFacts,
    relations: Relations,
    on: date,
    exclusions: Sequence[Exclusion] | None = None,
) -> list[Finding]:
    """Return one finding for each device and policy, devices in their order, policies in theirs.

    `on`: the day of judging. `exclusions`: those of owner.toml by default; a run-out one is named and not applied.
    """
    bound = [(policy, binds(policy, facts)) for policy in policies]
    held = facts.exclusions if exclusions is None else tuple(exclusions)
    return [
        _with_exclusion(_judge(Case(policy, device, facts, relations, on, seen), binding), device, held, on)
        for device in devices
        for seen in (_observations(device),)
        for policy, binding in bound
    ]


@dataclass(frozen=True, slots=True)
class _Ruling:
    """What is known before it is written down as a finding."""

    case: Case
    binding: Holds

    def finding(
        self, status: Status, why: str, hit: Hit | None = None, missing: tuple[str, ...] = (), remedy: str = ""
    ) -> Finding:
        policy, device = self.case.policy, self.case.device
        source = device.brand if hit and hit.by_label else device.maker
        acts = status in ("covered", "likely", "depends")
        return Finding(
            device=device.device, policy=policy.id, title=policy.title, status=status, why=why,
            basis=hit.basis if hit and hit.reach in ("yes", "depends") else "", depends_on=missing, duty=policy.duty,
            binds_owner=self.binding.value if policy.duty else False, confidence=source.confidence,
            deadline=policy.deadline if acts and remedy != "contain" else "", asks=policy.asks if policy.duty else "",
            reasons=self.case.seen, remedy=(remedy or policy.remedy) if acts else "",
        )  # fmt: skip


def _judge(case: Case, binding: Holds) -> Finding:
    ruling = _Ruling(case, binding)
    policy, device = case.policy, case.device
    if not _right_kind(device, None):
        return ruling.finding("not_assessed", explain.other_equipment(device))
    if policy.test.kind == "none":
        why = explain.NO_TEST if policy.duty else explain.information(case, None)
        return ruling.finding("not_assessed", why)
    hit = apply_test(case)
    if not _right_kind(device, hit):
        return ruling.finding("not_assessed", explain.other_equipment(device))
    if not policy.duty:
        return ruling.finding("not_assessed", explain.information(case, hit), hit)
    if binding.value is False:
        return ruling.finding("not_assessed", explain.not_bound(hit), hit)
    if policy.in_force_from > case.day:
        return ruling.finding("not_assessed", explain.not_yet(policy), hit)
    return _reached(ruling, _checked(case, hit))


def _checked(case: Case, hit: Hit) -> Hit:
    """Take back an answer that the evidence does not carry: a "no" above all needs a maker that is known."""
    device = case.device
    if hit.reach == "unknown":
        return hit
    if not has_evidence(device):
        return Hit("unknown", "no observation behind the maker is recorded")
    if hit.reach != "no" and _too_weak(device, hit):
        return Hit("unknown", f"{hit.because}, but that this is its maker or label is a guess only")
    if hit.reach == "no" and not _clearable(case):
        return Hit("unknown", "its maker is not known well enough to say that the rule does not reach it")
    if hit.reach == "no" and (named := other_side(case)):
        return Hit("unknown", f"some clues name {case.relations.name(named)}, others another maker")
    if hit.basis == "country_of_maker" and not _kind_known(device):
        return Hit("unknown", "what kind of unit it is is not known")
    return hit


def _reached(ruling: _Ruling, hit: Hit) -> Finding:
    case = ruling.case
    if hit.reach == "unknown":
        return ruling.finding("unknown", explain.unknown(hit.because), hit)
    if hit.reach == "no":
        return ruling.finding("not_covered", explain.not_covered(hit.because), hit)
    state = conditions(case.policy, hit.entity.maker if hit.entity else "", case.device, case.facts)
    spared = state.spares
    if spared and not _clearable(case):
        text = f"{hit.because}, and {spared.because}; but its maker is not known well enough to clear it"
        return ruling.finding("unknown", explain.unknown(text), hit)
    if spared:
        return ruling.finding("not_covered", explain.not_covered(f"{hit.because}, but {spared.because}"), hit)
    doubted = doubts(case, hit, kind_known=_kind_known(case.device))
    missing = tuple(dict.fromkeys((*ruling.binding.missing, *hit.missing, *state.missing)))
    if missing:
        return ruling.finding("depends", explain.depends(hit, missing, not doubted), hit, missing)
    return _covered(ruling, hit, state, doubted)


def _covered(ruling: _Ruling, hit: Hit, state: Conditions, doubted: tuple[str, ...]) -> Finding:
    contained = state.contains
    why = explain.covered(hit, doubted, contained.because if contained else "")
    remedy = "contain" if contained else ""
    return ruling.finding("likely" if doubted else "covered", why, hit, remedy=remedy)


def _clearable(case: Case) -> bool:
    """A maker must be known, and be known to the word lists, before a unit can be set outside a rule."""
    maker = case.device.maker
    # A certificate is of the model; whose word lists know the maker plays no part in it.
    listed = case.policy.test.kind == "certificate" or case.relations.knows(maker.value or "")
    return listed and maker.value is not None and maker.grade in ("confirmed", "probable")


def _too_weak(device: Device, hit: Hit) -> bool:
    if hit.by_label:
        return device.brand.confidence < _LEAST_LABEL
    return device.maker.grade not in ("confirmed", "probable", "possible")


def _kind_known(device: Device) -> bool:
    return device.type.value not in (None, "unknown")


def _right_kind(device: Device, hit: Hit | None) -> bool:
    """Surveillance equipment always; telecommunications equipment where the rule names it; unknown kinds stay in."""
    kind = device.type.value
    if kind in SURVEILLANCE_TYPES or not _kind_known(device):
        return True
    if kind not in TELECOM_TYPES:
        return False
    return hit is None or (hit.entity is not None and "telecom" in hit.entity.equipment)


def _observations(device: Device) -> tuple[str, ...]:
    """Return the ids of the observations that tell maker, label or kind, each once."""
    return tuple(dict.fromkeys(r.observation for r in device.reasons if _TELLING & r.says.keys()))


def _with_exclusion(finding: Finding, device: Device, exclusions: Sequence[Exclusion], on: date) -> Finding:
    if finding.status not in _CAN_BE_EXCLUDED:
        return finding
    for item in _matching(finding, device, exclusions):
        if item.expires >= on.isoformat():
            why = explain.excluded(item, finding.why)
            return replace(finding, status="excluded", why=why, deadline="", remedy="")
        finding = replace(finding, why=finding.why + explain.ran_out(item))
    return finding


def _matching(finding: Finding, device: Device, exclusions: Sequence[Exclusion]) -> Iterator[Exclusion]:
    for item in exclusions:
        same_unit = item.device == device.device if item.device else item.site == device.site
        if same_unit and item.policy in ("*", finding.policy):
            yield item
