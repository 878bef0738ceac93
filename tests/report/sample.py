"""A run of a city's buildings, made by hand: 60 devices at 3 sites, relabelled, contradictory and hostile ones too."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date
from ipaddress import ip_network
from typing import Any

from netaudit.evidence.observation import Observation
from netaudit.evidence.run import RunInfo
from netaudit.identify.device import Device
from netaudit.plan.model import Plan
from netaudit.policy.finding import Finding
from netaudit.report.model import build_report
from netaudit.report.views import PolicyView, Report
from netaudit.scope.model import Authorisation, Network, Scope
from tests.report.sample_devices import HOSTILE, SITES, hostile_device, other, unit
from tests.report.sample_verdicts import POLICIES, findings_of, plan_of


@dataclass(frozen=True, slots=True)
class Input:
    """Everything that build_report takes."""

    run: RunInfo
    scope: Scope
    devices: tuple[Device, ...]
    findings: tuple[Finding, ...]
    plan: Plan
    observations: tuple[Observation, ...]
    attempts: tuple[dict[str, Any], ...]
    policies: tuple[PolicyView, ...]

    def report(self) -> Report:
        """Build the report."""
        return build_report(
            self.run,
            self.scope,
            self.devices,
            self.findings,
            self.plan,
            self.observations,
            self.attempts,
            self.policies,
        )


RUN = RunInfo(
    run="2026-11-20-9f2c41",
    version="0.1.0",
    started="2026-11-20T08:02:11.000Z",
    ended="2026-11-20T08:19:47.000Z",
    status="complete",
    sensor="audit-laptop",
    interfaces=("eth0", "eth0.30"),
    losses=(
        "No privilege to open raw sockets: MAC addresses are known only on 10.20.0.0/24, from the neighbour table.",
        "Interface eth0.30 was down for 41 s; 12 addresses were asked again afterwards.",
    ),
    scope_digest="5a1f0d7c9be3482216d0c4a7f3e8b95d1c6072ea94b3d8f10e57a6c2b948d3f1",
    knowledge_digest="c07e4b1a58d92f6630e1b7a49c5d8f22716ae03b94cd58f7e2016a3b9d4c8e57",
    chain_head="e81d3c5f7a9b02461e8c3d5f7a9b02461e8c3d5f7a9b02461e8c3d5f7a9b0246",
    observations=1284,
    attempts=6120,
    packets=9431,
)

SCOPE = Scope(
    Authorisation(
        "City of Example", "A. Sample", "Head of IT security", "ITS-2026-114", date(2026, 11, 1), date(2027, 10, 31)
    ),
    (
        Network(
            ip_network("10.20.0.0/24"), "Town hall", "CCTV", (ip_network("10.20.0.1/32"), ip_network("10.20.0.240/28"))
        ),
        Network(ip_network("10.20.4.0/25"), "Central library", "Building services"),
        Network(ip_network("10.20.8.0/24"), "Bus depot", "Office and CCTV"),
        Network(ip_network("fd00:20::/64"), "Town hall", "CCTV, IPv6"),
    ),
    raw=b"# scope",
)


def _attempts(devices: Sequence[Device]) -> tuple[dict[str, Any], ...]:
    out: list[dict[str, Any]] = []

    def tried(probe: str, target: str, status: str, reason: str = "") -> None:
        out.append({"probe": probe, "target": target, "status": status, "reason": reason})

    for device in devices:
        for probe, status in (
            ("http_front", "answered"),
            ("rtsp_options", "answered"),
            ("tls_cert", "refused"),
            ("snmp_system", "silent"),
        ):
            tried(probe, f"{device.addresses[0]}:80", status)
    heard = {device.addresses[0] for device in devices}
    for site, prefix in SITES:
        for last in range(2, 127 if site == "Central library" else 240):
            address = f"{prefix}.{last}"
            if address in heard:
                continue
            if last > 200:
                tried("tcp_sweep", address, "not_scheduled", "the time allowed for the run was over")
            elif last % 37 == 0:
                tried("tcp_sweep", address, "refused")
            elif last % 41 == 0:
                tried("tcp_sweep", address, "timeout", "the connection opened, nothing was said in 6 s")
            else:
                tried("tcp_sweep", address, "silent")
    tried("ws_discovery", "239.255.255.250:3702", "answered")
    tried("tcp_sweep", "10.20.8.250:9100", "not_sent", "port 9100 is on the never-touch list")
    return tuple(out)


def sample(*, hostile: bool = True, units: int = 48) -> Input:
    """The whole input of a report: `units` cameras and recorders, twelve other devices, hostile ones if wanted."""
    made = [unit(number) for number in range(units)]
    if hostile:
        made[: len(HOSTILE)] = [hostile_device(number, text) for number, text in enumerate(HOSTILE)]
    devices = tuple(device for device, _ in made) + tuple(other(number) for number in range(12))
    findings = tuple(finding for number, (device, _) in enumerate(made) for finding in findings_of(device, number))
    heard = tuple(item for _, items in made for item in items)
    return Input(RUN, SCOPE, devices, findings, plan_of(devices, findings), heard, _attempts(devices), POLICIES)
