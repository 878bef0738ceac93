"""What the findings of one device come to: one leading status, and whether a person has to look."""

from collections import Counter
from collections.abc import Iterable, Mapping
from typing import Final

from netaudit.identify.device import SURVEILLANCE_TYPES, Device
from netaudit.policy.finding import STATUS_ORDER, Finding, Status
from netaudit.policy.lead import binds, lead, rank

__all__ = ["ACTION", "binding", "count", "is_unit", "lead_status", "rank"]

STATUS_COLOURS: Final[Mapping[str, str]] = {
    "covered": "#96161B", "likely": "#8A4200", "depends": "#6A5000", "unknown": "#3D4858", "not_assessed": "#59626D",
    "excluded": "#5A3D8A", "not_covered": "#1F5F4E",
}  # fmt: skip
"""Colours on white, the same as in style.css; they only underline what words and shapes say."""
ACTION: Final = frozenset({"covered", "likely", "depends"})
_OPEN: Final = frozenset({"likely", "depends", "unknown"})


def count(statuses: Iterable[Status]) -> Mapping[Status, int]:
    """Count statuses; always in the same order, so that the same input gives the same bytes."""
    counts = Counter(statuses)
    return {status: counts[status] for status in STATUS_ORDER if counts[status]}


def binding(finding: Finding) -> bool:
    """True when the policy lays a duty on camera owners and is not known to pass this owner by."""
    return binds(finding.duty, finding.binds_owner)


def lead_status(findings: Iterable[Finding]) -> Status:
    """Return the status that needs action most, of the policies that bind; the others are information only.

    Its rule is `policy.lead`; a policy that could not be assessed is named on the card all the same.
    """
    return lead(item.status for item in findings if binding(item))


def is_unit(device: Device, status: Status) -> bool:
    """True when the device belongs into the camera schedule: surveillance equipment, or anything a policy may cover."""
    if device.type.value in SURVEILLANCE_TYPES or status in ACTION:
        return True
    return device.type.value in (None, "unknown") and status == "unknown"


def needs_human(device: Device, status: Status) -> bool:
    """True when a person has to look before anything can be signed about this unit. Never true for a covered one."""
    if status == "covered" or not is_unit(device, status):
        return False
    if status in _OPEN or status == "not_assessed":
        return True
    return status == "not_covered" and any(item.question == "maker" for item in device.contradictions)
