"""The camera schedule as CSV: one flat row a device, the columns that a scan can fill, safe in a spreadsheet."""

import csv
import io
from collections.abc import Callable, Mapping
from typing import Final

from netaudit.policy.finding import Status
from netaudit.report.views import Card, Report
from netaudit.report.visible import clip, visible

# A cell that starts with one of these may be run as a formula; the wide forms are folded by some spreadsheets.
_FORMULA: Final = tuple("=+-@\t\r\n＝＋－＠")
MAX_CELL: Final = 8000


def _of_policies(card: Card, *statuses: Status) -> str:
    return "; ".join(finding.policy for finding in card.duties if finding.status in statuses)


def _trait(name: str) -> Callable[[Card], str]:
    return lambda card: card.device.traits.get(name, "")


def _flag(value: bool | None) -> str:
    return {True: "yes", False: "no", None: ""}[value]


def _percent(value: float) -> str:
    return f"{value:.4f}"


COLUMNS: Final[Mapping[str, Callable[[Card], str]]] = {
    "no": lambda card: str(card.no),
    "netaudit_id": lambda card: card.device.device,
    "site": lambda card: card.site,
    "ip": lambda card: "; ".join(card.device.addresses),
    "mac": lambda card: "; ".join(card.device.macs),
    "hostname": lambda card: "; ".join(card.device.names),
    "serial": lambda card: card.device.serial.value or "",
    "function": lambda card: card.device.type.value or "unknown",
    "in_schedule": lambda card: _flag(card.unit),
    "form_factor": _trait("form_factor"),
    "mount": _trait("mount"),
    "environment": _trait("environment"),
    "megapixels": _trait("megapixels"),
    "lens": _trait("lens"),
    "ir": _trait("ir"),
    "audio": _trait("audio"),
    "channels": _trait("channels"),
    "poe_class": _trait("poe_class"),
    "switch": lambda card: card.place.switch,
    "switch_port": lambda card: card.place.switch_port,
    "vlan": lambda card: card.place.vlan,
    "poe_watts": lambda card: card.place.poe_watts,
    "recorder": lambda card: card.place.recorder,
    "recorder_channel": lambda card: card.place.channel,
    "channel_name": lambda card: card.place.channel_name,
    "brand": lambda card: card.device.brand.name or card.device.brand.value or "",
    "maker": lambda card: card.device.maker.name or card.device.maker.value or "",
    "maker_confidence": lambda card: _percent(card.device.maker.confidence),
    "maker_grade": lambda card: card.device.maker.grade or "unknown",
    "maker_typed_by": lambda card: card.device.maker.typed,
    "relabelled": lambda card: _flag(card.device.relabelled),
    "model": lambda card: card.device.model.value or "",
    "firmware": lambda card: card.device.firmware.value or "",
    "status": lambda card: card.status,
    "needs_a_person": lambda card: _flag(card.human),
    "policies_covered": lambda card: _of_policies(card, "covered"),
    "policies_likely": lambda card: _of_policies(card, "likely"),
    "policies_depends": lambda card: _of_policies(card, "depends"),
    "depends_on": lambda card: "; ".join(sorted({fact for item in card.duties for fact in item.depends_on})),
    "why": lambda card: " | ".join(item.why for item in card.duties if item.status == card.status),
    "contradictions": lambda card: " | ".join(item.text for item in card.device.contradictions),
    "evidence_ids": lambda card: "; ".join(dict.fromkeys(reason.observation for reason in card.device.reasons)),
    "phase": lambda card: "" if card.phase is None else str(card.phase),
    "priority": lambda card: "" if card.score is None else str(card.score),
    "replacement_class": lambda card: card.replacement.name if card.replacement else "",
    "actions": lambda card: "; ".join(card.actions),
    "deadline": lambda card: card.deadline,
    "first_seen": lambda card: card.device.first_seen,
    "last_seen": lambda card: card.device.last_seen,
}
"""Column names are part of the format: they may be added to, never renamed. Columns that only people can fill belong
to the workbook."""


def render(report: Report) -> bytes:
    """Return the schedule of all devices heard as CSV (RFC 4180, UTF-8, CR LF)."""
    out = io.StringIO(newline="")
    writer = csv.writer(out, lineterminator="\r\n")
    writer.writerow(COLUMNS)
    writer.writerows([safe_cell(value(card)) for value in COLUMNS.values()] for card in report.cards)
    return out.getvalue().encode("utf-8")


def safe_cell(text: str) -> str:
    """Return the text as a spreadsheet may hold it: never a formula, no control characters, not endless."""
    risky = text.lstrip(" ").startswith(_FORMULA)
    shown = visible(clip(text, MAX_CELL))
    return f"'{shown}" if risky else shown
