"""From the results of a run to the report, without any format. Pure: no clock, no file, no network."""

import hashlib
from collections import Counter
from collections.abc import Iterable, Mapping, Sequence
from types import MappingProxyType
from typing import Any

from netaudit.evidence.observation import Observation
from netaudit.evidence.run import RunInfo
from netaudit.identify.device import Device
from netaudit.plan.model import Plan
from netaudit.policy.finding import Finding
from netaudit.report.cards import build_cards, heard_directly
from netaudit.report.coverage import coverage_rows
from netaudit.report.floors import FloorPlan, floor_views
from netaudit.report.limits import Limits, build_limits
from netaudit.report.pause import cycles_kept
from netaudit.report.phases import phase_views
from netaudit.report.policies import policy_rows
from netaudit.report.sites import site_finder, site_rows
from netaudit.report.verdict import count
from netaudit.report.views import Answer, Card, OpenFact, PolicyView, Report
from netaudit.scope.model import Scope

__all__ = ["PolicyView", "Report", "build_report"]


@cycles_kept()
def build_report(
    run: RunInfo,
    scope: Scope,
    devices: Sequence[Device],
    findings: Sequence[Finding],
    plan: Plan,
    observations: Mapping[str, Observation] | Iterable[Observation],
    attempts: Iterable[Mapping[str, Any]],
    policies: Sequence[PolicyView | Mapping[str, Any]],
    questions: Mapping[str, str] = MappingProxyType({}),
    evidence_digest: str = "",
    floors: Sequence[FloorPlan] = (),
) -> Report:
    """Return the whole report as data. The same input gives the same report, whatever order it comes in.

    `observations`: the log, or a mapping from observation id. `attempts`: lines of attempts.jsonl.
    `policies`: those that were applied, as PolicyView or mappings with its keys.
    `questions`: the owner facts that findings may depend on, name to question, in the order in which to ask them.
    `evidence_digest`: SHA-256 of the list of everything the report rests on; it goes on the cover.
    `floors`: pictures of floors with the places of units on them.
    """
    log = observations if isinstance(observations, Mapping) else {item.id: item for item in observations}
    # What only others told of was not heard.
    heard = [device for device in devices if heard_directly(device, log)]
    limits = build_limits(scope, attempts, heard, run.losses)
    cards = build_cards(devices, findings, plan, log, site_finder(scope))
    by_device = {card.device.device: card for card in cards}
    return Report(
        run=run,
        scope=scope,
        scope_digest=run.scope_digest or hashlib.sha256(scope.raw).hexdigest(),
        date=(run.ended or run.started)[:10],
        answer=_answer(cards, limits, questions),
        sites=site_rows(scope, cards, limits),
        policies=policy_rows(policies, findings, {card.device.device for card in cards if card.unit}),
        cards=cards,
        phases=phase_views(plan, by_device),
        unplaced=plan.unplaced,
        limits=limits,
        plan=plan,
        by_device=by_device,
        evidence_digest=evidence_digest,
        coverage=coverage_rows(scope.networks, limits.networks, cards),
        floors=floor_views(floors, by_device),
    )


def _answer(cards: Sequence[Card], limits: Limits, questions: Mapping[str, str]) -> Answer:
    units = [card for card in cards if card.unit]
    counts = count(card.status for card in units)
    return Answer(
        covered=counts.get("covered", 0),
        covered_sites=len({card.site for card in units if card.status == "covered"}),
        likely=counts.get("likely", 0),
        human=sum(card.human for card in units),
        units=len(units),
        unidentified=sum(card.device.type.value in (None, "unknown") for card in units),
        others=len(cards) - len(units),
        relabelled=sum(card.device.relabelled is True for card in units),
        not_reached=limits.not_reached,
        counts=counts,
        matrix=dict(sorted(Counter((card.status, card.device.maker.grade or "unknown") for card in units).items())),
        open_facts=_open_facts(units, questions),
    )


def _open_facts(units: Iterable[Card], questions: Mapping[str, str]) -> tuple[OpenFact, ...]:
    waiting: Counter[str] = Counter()
    for card in units:
        waiting.update({fact for finding in card.duties for fact in finding.depends_on})
    place = {name: number for number, name in enumerate(questions)}
    ordered = sorted(waiting.items(), key=lambda item: (-item[1], place.get(item[0], len(place)), item[0]))
    return tuple(OpenFact(name, questions.get(name, ""), number) for name, number in ordered)
