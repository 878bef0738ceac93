"""From the reasons of a device to the evidence on its card: one entry an observation, strongest first."""

from collections.abc import Mapping, Sequence
from typing import Final

from netaudit.evidence.observation import Observation
from netaudit.identify.device import Device, Reason
from netaudit.report.excerpt import excerpt
from netaudit.report.views import Evidence, Hit

MAX_EVIDENCE: Final = 4
MAX_EVIDENCE_QUIET: Final = 2
"""A unit that asks nothing of anybody shows its two best observations; the others are in the machine data."""
MANY: Final = 2000
"""Devices from which on every card is as short as that: nobody pages through more."""
MAX_HITS: Final = 3
_STRENGTHS: Final = {"proof": 0, "strong": 1, "moderate": 2, "weak": 3, "nothing": 4}


def evidence_of(
    device: Device, log: Mapping[str, Observation], limit: int = MAX_EVIDENCE
) -> tuple[tuple[Evidence, ...], int]:
    """Return the strongest observations behind a device, and how many more there are."""
    groups: dict[str, list[Reason]] = {}
    for reason in sorted((reason for reason in device.reasons if reason.strength != "nothing"), key=_weight):
        groups.setdefault(reason.observation, []).append(reason)
    shown = list(groups.items())[:limit]
    return tuple(_evidence(key, reasons, log.get(key)) for key, reasons in shown), len(groups) - len(shown)


def _weight(reason: Reason) -> tuple[int, str, str]:
    return (_STRENGTHS.get(reason.strength, 9), reason.layer, reason.signature)


def _evidence(key: str, reasons: Sequence[Reason], observation: Observation | None) -> Evidence:
    hits = tuple(Hit(reason.signature, _says(reason), reason.strength, reason.layer) for reason in reasons[:MAX_HITS])
    more = len(reasons) - len(hits)
    if observation is None:
        return Evidence(key, "", "", "", "", hits, more, None)
    shown = excerpt(observation, reasons[0].saw)
    return Evidence(key, observation.kind, _where(observation), observation.at, observation.origin, hits, more, shown)


def _says(reason: Reason) -> str:
    return ", ".join(f"{key}: {value}" for key, value in reason.says.items())


def _where(observation: Observation) -> str:
    target = observation.target
    address = str(target.get("ip") or target.get("mac") or target.get("host") or "")
    port = target.get("port")
    return f"{address} port {port}" if port else address
