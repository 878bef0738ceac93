"""The report as JSON for machines: the same facts as the page, no text of a device shortened. Schema version 1.

Twenty reasons and forty findings a device are whole in devices.jsonl and findings.jsonl; here a device names its
observations with the signatures that matched, the findings that say something, and the ids of the other policies.
"""

import json
from collections.abc import Iterator
from dataclasses import asdict
from typing import Any, Final

from netaudit.identify.device import Device
from netaudit.policy.finding import Finding
from netaudit.report.limits import Limits
from netaudit.report.views import Card, PolicyRow, Report, SiteRow

SCHEMA: Final = "netaudit.report"
SCHEMA_VERSION: Final = 1
_spell: Final = json.JSONEncoder(separators=(",", ":")).encode


def render(report: Report) -> bytes:
    """Return the report as JSON in ASCII: whatever a device said stays an escape, harmless in any terminal."""
    return b"".join(pieces(report))


def pieces(report: Report) -> Iterator[bytes]:
    """Yield what `render` returns, a device at a time."""
    yield from (piece.encode("ascii") for piece in text_pieces(report))
    yield b"\n"


def to_text(report: Report) -> str:
    """Return the report as one line of JSON."""
    return "".join(text_pieces(report))


def text_pieces(report: Report) -> Iterator[str]:
    """Yield that line, a device at a time: as dictionaries all of them are larger than the report itself."""
    before = "{"
    for key, value in _members(report):
        yield f'{before}"{key}":'
        yield from _array(value) if isinstance(value, Iterator) else [_spell(value)]
        before = ","
    yield "}"


def to_dict(report: Report) -> dict[str, Any]:
    """Return the report as a JSON object; keys stay in this order."""
    return {key: list(value) if isinstance(value, Iterator) else value for key, value in _members(report)}


def _array(values: Iterator[Any]) -> Iterator[str]:
    before = "["
    for value in values:
        yield before + _spell(value)
        before = ","
    yield "[]" if before == "[" else "]"


def _members(report: Report) -> Iterator[tuple[str, Any]]:
    yield "schema", SCHEMA
    yield "schema_version", SCHEMA_VERSION
    yield "run", asdict(report.run)
    yield "scope", _scope(report)
    yield "date", report.date
    yield "evidence_sha256", report.evidence_digest
    yield "redacted", report.redacted
    yield "answer", _answer(report)
    yield "sites", [_site(site) for site in report.sites]
    yield "policies", [_policy(row) for row in report.policies]
    yield "devices", map(_card, report.cards)
    yield "plan", report.plan.to_dict()
    yield "limits", _limits(report.limits)
    yield "coverage", [asdict(row) for row in report.coverage]


def _scope(report: Report) -> dict[str, Any]:
    granted = report.scope.authorisation
    return {
        "sha256": report.scope_digest,
        "authorisation": {
            "organisation": granted.organisation, "authorised_by": granted.authorised_by, "role": granted.role,
            "reference": granted.reference, "valid_from": granted.valid_from.isoformat(),
            "valid_until": granted.valid_until.isoformat(),
        },
        "networks": [
            {"cidr": str(network.cidr), "site": network.site, "name": network.name,
             "exclude": [str(out) for out in network.exclude]}
            for network in report.scope.networks
        ],
    }  # fmt: skip


def _answer(report: Report) -> dict[str, Any]:
    out = asdict(report.answer)
    # JSON has no pairs for keys: one row for each pair instead.
    out["matrix"] = [
        {"status": status, "maker_grade": grade, "units": units}
        for (status, grade), units in sorted(report.answer.matrix.items())
    ]
    return out


def _site(site: SiteRow) -> dict[str, Any]:
    return {
        "site": site.site, "networks": list(site.networks), "units": site.units, "counts": dict(site.counts),
        "need_a_person": site.human, "addresses_not_reached": site.not_reached,
    }  # fmt: skip


def _policy(row: PolicyRow) -> dict[str, Any]:
    view = row.policy
    return {
        "id": view.id, "title": view.title, "jurisdiction": view.jurisdiction, "duty": view.duty,
        "group": row.group, "status": view.status, "citation": view.citation, "asks": view.asks,
        "dates": [{"date": when, "what": what} for when, what in view.dates], "checked": view.checked,
        "unverified": list(view.unverified), "counts": dict(row.counts),
    }  # fmt: skip


def _card(card: Card) -> dict[str, Any]:
    device = card.device.to_dict()
    del device["reasons"], device["observations"]
    return {
        "no": card.no, **device, "site": card.site, "status": card.status, "unit": card.unit,
        "needs_a_person": card.human,
        "evidence": _evidence(card.device),
        "findings": [_finding(finding) for finding in (*card.told_duties, *card.told_information)],
        "other_policies": {**card.untold_duties, "information": card.untold_information},
        "place": {name: value for name, value in asdict(card.place).items() if value},
    }  # fmt: skip


def _evidence(device: Device) -> list[dict[str, Any]]:
    signatures: dict[str, list[str]] = {}
    for reason in device.reasons:
        signatures.setdefault(reason.observation, []).append(reason.signature)
    return [{"observation": key, "signatures": names} for key, names in signatures.items()]


def _finding(finding: Finding) -> dict[str, Any]:
    # Title and demands are with the policy, maker, confidence and observations with the device.
    return {
        "policy": finding.policy, "status": finding.status, "why": finding.why, "basis": finding.basis,
        "depends_on": list(finding.depends_on), "binds_owner": finding.binds_owner, "deadline": finding.deadline,
        "remedy": finding.remedy,
    }  # fmt: skip


def _limits(limits: Limits) -> dict[str, Any]:
    return {
        "addresses_not_reached": limits.not_reached,
        "never_asked": limits.never_asked,
        "networks": [
            {"cidr": item.cidr, "name": item.name, "site": item.site, "addresses": item.addresses,
             "excluded": item.excluded, "heard": item.heard, "missed": dict(item.missed)}
            for item in limits.networks
        ],
        "not_seen": [
            {"outcome": group.outcome, "addresses": group.addresses, "ranges": list(group.ranges),
             "more_ranges": group.more, "reasons": [{"reason": why, "addresses": n} for why, n in group.reasons]}
            for group in limits.groups
        ],
        "probes": [{"probe": row.probe, **row.counts} for row in limits.probes],
        "behind_recorders": [{"device": device, "channels": channels} for device, channels in limits.hidden],
        "losses": list(limits.losses),
        "devices_outside_scope": limits.outside,
    }  # fmt: skip
