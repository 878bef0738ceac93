"""The findings as CSV: one flat row that carries everything a reader of one finding needs."""

import csv
import io
from collections.abc import Callable, Iterator, Mapping
from typing import Final

from netaudit.policy.finding import Finding
from netaudit.report.csv import safe_cell
from netaudit.report.views import Card, Report

COLUMNS: Final[Mapping[str, Callable[[Card, Finding], str]]] = {
    "no": lambda card, _: str(card.no),
    "netaudit_id": lambda card, _: card.device.device,
    "site": lambda card, _: card.site,
    "ip": lambda card, _: "; ".join(card.device.addresses),
    "brand": lambda card, _: card.device.brand.name or card.device.brand.value or "",
    "maker": lambda card, _: card.device.maker.name or card.device.maker.value or "",
    "maker_grade": lambda card, _: card.device.maker.grade or "unknown",
    "model": lambda card, _: card.device.model.value or "",
    "serial": lambda card, _: card.device.serial.value or "",
    "policy": lambda _, finding: finding.policy,
    "policy_title": lambda _, finding: finding.title,
    "status": lambda _, finding: finding.status,
    "why": lambda _, finding: finding.why,
    "basis": lambda _, finding: finding.basis,
    "depends_on": lambda _, finding: "; ".join(finding.depends_on),
    "binds_owner": lambda _, finding: {True: "yes", False: "no", None: "not known"}[finding.binds_owner],
    "confidence": lambda _, finding: f"{finding.confidence:.4f}",
    "deadline": lambda _, finding: finding.deadline,
    "asks": lambda _, finding: finding.asks,
    "remedy": lambda _, finding: finding.remedy,
    "evidence_ids": lambda _, finding: "; ".join(finding.reasons),
}


def shown(report: Report) -> Iterator[tuple[Card, Finding]]:
    """Yield the findings of the schedule's units that lay a duty on the owner, or may; those not assessed are left out.

    All findings, the others too, are in findings.jsonl.
    """
    for card in report.units:
        for finding in card.duties:
            if finding.status != "not_assessed":
                yield card, finding


def render(report: Report) -> bytes:
    """Return the findings as CSV (RFC 4180, UTF-8, CR LF)."""
    out = io.StringIO(newline="")
    writer = csv.writer(out, lineterminator="\r\n")
    writer.writerow(COLUMNS)
    writer.writerows([safe_cell(value(*row)) for value in COLUMNS.values()] for row in shown(report))
    return out.getvalue().encode("utf-8")
