"""Devices, findings and runs for the tests of the store."""

from collections.abc import Iterable, Mapping
from pathlib import Path
from typing import Any

from netaudit.evidence.run import RunInfo, RunStatus
from netaudit.identify.device import Answer, Device
from netaudit.policy.finding import Finding, Status
from netaudit.store.record import Recorded


def device(name: str, maker: str | None = "dahua", address: str = "192.0.2.7", names: tuple[str, ...] = ()) -> Device:
    empty = Answer()
    return Device(
        device=name, subject=None, addresses=(address,), macs=(), ports=(80,), type=Answer("camera", 0.99),
        maker=Answer(maker, 0.99, maker and maker.title(), "confirmed"), brand=Answer("amcrest", 0.9, "Amcrest"),
        model=empty, firmware=empty, serial=empty, soc=empty, relabelled=True, site="HQ", names=names,
    )  # fmt: skip


def finding(name: str, status: Status = "covered", policy: str = "US-NDAA19-889B", deadline: str = "") -> Finding:
    return Finding(name, policy, "Part B", status, "Dahua is named", deadline=deadline)


def info(name: str, started: str, status: RunStatus = "complete") -> RunInfo:
    return RunInfo(run=name, version="0", started=started, status=status)


def recorded(
    name: str, started: str, devices: Iterable[Device], findings: Iterable[Finding] = (),
    folder: Path = Path("runs"), status: RunStatus = "complete", organisation: str = "School",
) -> Recorded:  # fmt: skip
    lines: list[Mapping[str, Any]] = [item.to_dict() for item in devices]
    judged = [item.to_dict() for item in findings]
    networks = [("HQ", "192.0.2.0/24", "CCTV")]
    return Recorded(info(name, started, status), folder, organisation, lines, judged, networks)
