"""Which devices need something done, and why; and which were set aside, and why."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import date
from typing import Final

from netaudit.identify.device import Device
from netaudit.policy.finding import STATUS_ORDER, Finding

ACTS: Final = ("covered", "likely", "depends")
# What asks most of an installed unit stands first.
_REMEDIES: Final = ("remove", "do_not_deploy", "do_not_provide", "do_not_buy", "report", "check", "contain", "")


@dataclass(frozen=True, slots=True)
class Need:
    """One device that needs action. `findings`: those that say so, worst first. `deadline`: the earliest, or ""."""

    device: Device
    findings: tuple[Finding, ...]

    @property
    def status(self) -> str:
        """The worst status among the findings."""
        return self.findings[0].status

    @property
    def deadline(self) -> str:
        """The earliest deadline of a rule that reaches the unit, "" where none has one."""
        return min((finding.deadline for finding in self.findings if finding.deadline), default="")

    @property
    def remedy(self) -> str:
        """The strongest thing that any rule asks about the unit."""
        return min((finding.remedy for finding in self.findings), key=_REMEDIES.index)

    def state(self, on: date) -> str:
        """Return overdue, dated, covered, likely or depends, for the priority."""
        if self.status != "covered":
            return self.status
        dated = [finding.deadline for finding in self.findings if finding.status == "covered" and finding.deadline]
        if not dated:
            return "covered"
        return "overdue" if min(dated) < on.isoformat() else "dated"


def needs(devices: Iterable[Device], findings: Iterable[Finding]) -> list[Need]:
    """Return the devices that a duty covers, likely covers or may cover, in the devices' order.

    Information-only findings never make a need.
    """
    acting: dict[str, list[Finding]] = {}
    for finding in findings:
        if finding.duty and finding.status in ACTS:
            acting.setdefault(finding.device, []).append(finding)
    return [
        Need(device, tuple(sorted(acting[device.device], key=_worst_first)))
        for device in devices
        if device.device in acting
    ]


def set_aside(devices: Sequence[Device], findings: Sequence[Finding]) -> tuple[tuple[str, str], ...]:
    """Return (device, why) for each unit without a need that somebody must still look at: unknown or excluded ones."""
    known = {device.device for device in devices}
    needing = {finding.device for finding in findings if finding.duty and finding.status in ACTS}
    open_: dict[str, Finding] = {}
    for finding in findings:
        if not finding.duty:
            continue
        if finding.device not in known and finding.status in ACTS:
            open_.setdefault(finding.device, finding)
        elif finding.device not in needing and finding.status in ("unknown", "excluded"):
            held = open_.setdefault(finding.device, finding)
            open_[finding.device] = min((held, finding), key=_worst_first)
    return tuple((device, _why(finding, device in known)) for device, finding in open_.items())


def _why(finding: Finding, listed: bool) -> str:
    return finding.why if listed else f"Judged, but not in the list of devices. {finding.why}"


def _worst_first(finding: Finding) -> tuple[int, str, str]:
    return STATUS_ORDER.index(finding.status), finding.deadline or "9999", finding.policy
