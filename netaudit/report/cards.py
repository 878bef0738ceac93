"""From devices, findings and plan to numbered cards, in the one order that every format keeps."""

import hashlib
from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import replace
from typing import Final

from netaudit.evidence.fields import first
from netaudit.evidence.observation import Observation
from netaudit.identify.device import Device
from netaudit.identify.edge_ports import EdgePort, edge_ports
from netaudit.plan.model import Plan, PlanItem
from netaudit.policy.finding import Finding
from netaudit.report.addresses import address_key
from netaudit.report.advice import what_would_change
from netaudit.report.evidence_view import MANY, MAX_EVIDENCE, MAX_EVIDENCE_QUIET, evidence_of
from netaudit.report.verdict import binding, is_unit, lead_status, needs_human, rank
from netaudit.report.views import Card, Place

_OF_OTHERS: Final = ("table.", "recorder.channel", "switch.port", "typed.", "dhcp.lease")
"""How the kinds begin in which others tell of a unit."""


def build_cards(
    devices: Sequence[Device],
    findings: Iterable[Finding],
    plan: Plan,
    log: Mapping[str, Observation],
    site_of: Callable[[Device], str],
) -> tuple[Card, ...]:
    """Return one card a device: units before other equipment, by site, status, address; numbered from 1."""
    judged: dict[str, list[Finding]] = {}
    for finding in findings:
        judged.setdefault(finding.device, []).append(finding)
    planned = {item.device: item for phase in plan.phases for item in phase.items}
    brief = len(devices) > MANY
    edges = edge_ports(log.values())
    cards = [
        _card(device, judged.get(device.device, ()), planned.get(device.device), log, site_of, edges, brief=brief)
        for device in devices
    ]
    return tuple(replace(card, no=number) for number, card in enumerate(sorted(cards, key=_order), 1))


def anchor(device: str) -> str:
    """Return an id for use inside a page: device ids come from the network and may hold anything."""
    return "d-" + hashlib.sha256(device.encode("utf-8", "surrogatepass")).hexdigest()[:12]


def _order(card: Card) -> tuple[bool, str, int, tuple[int, int, str], str]:
    where = address_key(card.device.addresses[0]) if card.device.addresses else (9, 1, "")
    return (not card.unit, card.site, rank(card.status), where, card.device.device)


def _card(
    device: Device,
    findings: Sequence[Finding],
    item: PlanItem | None,
    log: Mapping[str, Observation],
    site_of: Callable[[Device], str],
    edges: Mapping[str, EdgePort],
    *,
    brief: bool,
) -> Card:
    status = lead_status(findings)
    human = needs_human(device, status)
    quiet = status in ("not_covered", "excluded") and not human
    evidence, more = evidence_of(device, log, MAX_EVIDENCE_QUIET if quiet or brief else MAX_EVIDENCE)
    ordered = sorted(findings, key=lambda finding: (rank(finding.status), finding.policy))
    card = Card(
        no=0,
        anchor=anchor(device.device),
        device=device,
        site=site_of(device),
        status=status,
        unit=is_unit(device, status),
        human=human,
        duties=tuple(finding for finding in ordered if binding(finding)),
        information=tuple(finding for finding in ordered if not binding(finding)),
        evidence=evidence,
        more_evidence=more,
        changes=what_would_change(device, status, findings),
        place=_place(device, log, edges),
    )
    return card if item is None else _planned(card, item)


def _planned(card: Card, item: PlanItem) -> Card:
    return replace(
        card,
        phase=item.phase,
        score=item.score,
        replacement=item.replacement,
        actions=item.actions,
        deadline=item.deadline,
    )


def _place(device: Device, log: Mapping[str, Observation], edges: Mapping[str, EdgePort]) -> Place:
    place = Place(direct=heard_directly(device, log))
    for key in device.observations:
        heard = log.get(key)
        if heard is not None and heard.kind == "switch.port":
            place = replace(
                place,
                switch=first(heard.fields, "switch") or place.switch,
                switch_port=first(heard.fields, "port") or place.switch_port,
                vlan=first(heard.fields, "vlan") or place.vlan,
                poe_watts=first(heard.fields, "poe_watts") or place.poe_watts,
            )
        elif heard is not None and heard.kind == "recorder.channel":
            place = replace(
                place,
                recorder=str(heard.target.get("ip") or heard.target.get("host") or ""),
                channel=first(heard.fields, "channel"),
                channel_name=first(heard.fields, "name"),
            )
    return _hanging(place, next((edges[mac] for mac in device.macs if mac in edges), None))


def heard_directly(device: Device, log: Mapping[str, Observation]) -> bool:
    """True where the unit itself was heard; False where only recorders, tables or people told of it."""
    kinds = {log[key].kind for key in device.observations if key in log}
    return not kinds or any(not kind.startswith(_OF_OTHERS) for kind in kinds)


def _hanging(place: Place, edge: EdgePort | None) -> Place:
    """What all tables together say outweighs one neighbour's row, which knows neither VLAN nor watts."""
    if edge is None:
        return place
    watts = edge.watts or place.poe_watts
    return replace(place, switch=edge.switch, switch_port=edge.port, vlan=edge.vlan or place.vlan, poe_watts=watts)
