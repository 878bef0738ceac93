"""A run of a city's buildings, made by hand: 60 devices at 3 sites, relabelled, contradictory and hostile ones among them."""

from collections.abc import Sequence
from dataclasses import dataclass, replace
from datetime import date
from ipaddress import ip_network
from typing import Any

from netaudit.evidence.observation import Observation
from netaudit.evidence.run import RunInfo
from netaudit.identify.device import Answer, Contradiction, Device, Grade, Reason, Side, Strength
from netaudit.plan.model import Phase, Plan, PlanItem, PriorityPart, Replacement
from netaudit.policy.finding import Finding, Status
from netaudit.report.model import build_report
from netaudit.report.views import PolicyView, Report
from netaudit.scope.model import Authorisation, Network, Scope

HOSTILE = (
    "<script>window.pwned=1</script>",
    '"><img src=x onerror=window.pwned=1>',
    '=HYPERLINK("http://203.0.113.9/","click")',
    "@SUM(1+1)*cmd|' /C calc'!A0",
    "\x1b[31mred\x1b[0m\x07\x00 end",
    "photo\u202egpj.exe",
    "</script><script>window.pwned=1</script>",
    "{{ 7*7 }} {% raw %}",
    "M" * 4096,
    "Z\u0338" + "\u0301" * 60,
    "tab\there\r\nnew line",
    "\ud800 lone surrogate",
    "مرحبا بالعالم",
)
"""What a hostile device may call itself."""


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

POLICIES = (
    PolicyView(
        "US-NDAA19-889B", "NDAA FY2019 s.889(a)(1)(B): no federal contract with an entity that uses covered equipment",
        "US-federal", True, "in_force", "Pub. L. 115-232 s.889(a)(1)(B); FAR 52.204-25(b)(2)",
        "Make a reasonable inquiry into who made the equipment in use, then represent whether covered equipment is used.",
        (("2020-08-13", "use prohibition"),), "2026-11-23", True, ("how far affiliate reaches successors by asset transfer",),
    ),
    PolicyView(
        "US-2CFR-200.216", "2 CFR 200.216: no grant or loan money for covered equipment", "US-federal", True, "in_force",
        "2 CFR 200.216", "Show that award money did not buy or extend covered equipment.",
        (("2020-08-13", "in force"),), "2026-11-23", None,
    ),
    PolicyView(
        "UK-REMOVAL-2025-04", "Removal from sensitive sites of central government", "UK", True, "in_force",
        "Written statement of April 2025", "Remove covered units from sensitive sites.", (), "2026-11-23", False,
    ),
    PolicyView(
        "US-BIS-EL-2019-10", "Entity List additions of October 2019", "US-federal", False, "in_force",
        "84 FR 54002", "", (("2019-10-09", "export licence required"),), "2026-11-23", None,
    ),
)  # fmt: skip

MAKERS = {
    "dahua": ("Zhejiang Dahua Technology", "covered"),
    "hikvision": ("Hangzhou Hikvision Digital Technology", "covered"),
    "axis": ("Axis Communications", "not_covered"),
    "hanwha": ("Hanwha Vision", "not_covered"),
    "uniview": ("Zhejiang Uniview Technologies", "not_covered"),
}
# maker, brand, brand name, model, type, form, megapixels
UNITS = (
    ("dahua", "amcrest", "Amcrest", "IP8M-2496E", "camera", "bullet", "8"),
    ("hikvision", "hikvision", "Hikvision", "DS-2CD2143G0-I", "camera", "dome", "4"),
    ("axis", "axis", "AXIS", "P3265-LVE", "camera", "dome", "2"),
    ("hikvision", "lts", "LTS", "CMIP7442-28M", "camera", "turret", "4"),
    ("dahua", "lorex", "Lorex", "N841A81", "recorder", "", ""),
    ("hanwha", "hanwha", "Hanwha Vision", "XNV-8081R", "camera", "dome", "5"),
    ("uniview", "uniview", "Uniview", "IPC2124LB-SF40KM-G", "camera", "bullet", "4"),
    ("dahua", "dahua", "Dahua", "IPC-HDW2431T-AS", "camera", "turret", "4"),
)  # fmt: skip
SITES = (("Town hall", "10.20.0"), ("Central library", "10.20.4"), ("Bus depot", "10.20.8"))
REALM = b'RTSP/1.0 401 Unauthorized\r\nCSeq: 2\r\nWWW-Authenticate: Digest realm="Login to %s", nonce="5f1c"\r\n\r\n'


def grade(confidence: float) -> Grade:
    """Grade of a maker, as design 4.2 has it."""
    return (
        "confirmed"
        if confidence >= 0.99
        else "probable"
        if confidence >= 0.9
        else "possible"
        if confidence >= 0.5
        else "unknown"
    )


def observation(number: int, kind: str, ip: str, raw: bytes | None, **more: Any) -> Observation:
    """Make an observation whose id is a readable number, whatever reads the raw bytes elsewhere."""
    return Observation(
        kind=kind, at="2026-11-20T08:05:00.000Z", target={"ip": ip, "port": more.get("port", 554)},
        origin=more.get("origin", "probe"), via={"interface": "eth0"}, raw=raw, fields=more.get("fields", {}),
        id=f"{number:064x}",
    )  # fmt: skip


def _unit(number: int) -> tuple[Device, tuple[Observation, ...]]:
    site, prefix = SITES[number % 3]
    ip = f"{prefix}.{20 + number}"
    maker, brand, brand_name, model, kind, form, megapixels = UNITS[number % len(UNITS)]
    confidence = (0.9964, 0.9991, 0.94, 0.62)[number % 4] if number % 11 else 0.0
    serial = f"4E0{number:04d}PAZ{number:05d}"
    heard = [
        observation(number * 10 + 1, "rtsp.response", ip, REALM % serial.encode()),
        observation(
            number * 10 + 2,
            "http.response",
            ip,
            b"HTTP/1.1 200 OK\r\nServer: webs\r\n\r\n<title>%s</title>" % model.encode(),
            port=80,
        ),
        observation(number * 10 + 3, "dhip.reply", ip, bytes(range(256)) + model.encode(), port=37810),
    ]
    says: tuple[tuple[Strength, str, str, str], ...] = (
        ("strong", "rtsp", f"Login to {serial}", "rtsp-realm-serial"),
        ("moderate", "http", model, "http-title-model"),
        ("proof", "discovery", model, "dhip-device-type"),
    )
    reasons = tuple(
        Reason(item.id, signature, {"maker": maker, "model": model}, strength, saw, layer)
        for item, (strength, layer, saw, signature) in zip(heard, says, strict=True)
    )
    if site == "Town hall":
        fields = {"switch": "sw-th-02", "port": f"Gi1/0/{number % 48}", "vlan": "30", "poe_watts": "6.2"}
        heard.append(observation(number * 10 + 4, "switch.port", ip, None, fields=fields, origin="import:switch"))
    known = confidence > 0
    clash = ()
    if number % 9 == 4:
        sides = (
            Side("dahua", ("rtsp", "discovery"), ("rtsp-realm-serial",)),
            Side("hanwha", ("mac",), ("oui-hanwha",)),
        )
        clash = (Contradiction("maker", sides, "RTSP and discovery say Dahua, the network card's prefix says Hanwha."),)
    device = Device(
        device=f"serial:{serial}", subject=None, addresses=(ip,), macs=(f"3c:ef:8c:00:{number:02x}:01",), ports=(80, 554, 37777),
        type=Answer(kind, 0.99), maker=Answer(maker if known else None, confidence, MAKERS[maker][0] if known else None, grade(confidence)),
        brand=Answer(brand, 0.98, brand_name), model=Answer(model, 0.9), firmware=Answer("2.800.0000000.30.R", 0.9),
        serial=Answer(serial, 0.95), soc=Answer(), relabelled=(brand != maker) if known else None, contradictions=clash,
        reasons=reasons if known else (), site=site, names=(f"cam-{number:02d}",),
        traits={"channels": "8"} if kind == "recorder" else {"form_factor": form, "megapixels": megapixels, "environment": "outdoor"},
        first_seen="2026-11-20T08:03:10.000Z", last_seen="2026-11-20T08:05:00.000Z", observations=tuple(item.id for item in heard),
    )  # fmt: skip
    return device, tuple(heard)


def hostile_device(number: int, text: str) -> tuple[Device, tuple[Observation, ...]]:
    """A device that calls itself `text` wherever it can."""
    device, heard = _unit(number)
    raw = text.encode("utf-8", "surrogatepass")
    bad = observation(90000 + number, "http.response", device.addresses[0], b"HTTP/1.0 200 OK\r\n\r\n" + raw, port=80)
    reason = Reason(bad.id, text, {text: text}, "strong", text, text)
    clash = Contradiction("brand", (Side(text, (text,), (text,)),), text)
    return replace(
        device, device=text, names=(text,), model=Answer(text, 0.8), firmware=Answer(text, 0.5), serial=Answer(text, 0.9),
        brand=Answer(text, 0.7, text), maker=replace(device.maker, name=text), traits={text: text}, macs=(text,),
        site=text if number % 2 else device.site, contradictions=(clash,), reasons=(*device.reasons, reason),
    ), (*heard, bad)  # fmt: skip


def _other(number: int) -> Device:
    site, prefix = SITES[number % 3]
    nobody = Answer()
    return Device(
        device=f"mac:00:1b:a9:00:00:{number:02x}", subject=None, addresses=(f"{prefix}.{100 + number}",),
        macs=(f"00:1b:a9:00:00:{number:02x}",), ports=(80, 443), type=Answer(("printer", "computer", "network")[number % 3], 0.9),
        maker=Answer("brother", 0.93, "Brother Industries", "probable"), brand=nobody, model=Answer("HL-L5200DW", 0.8),
        firmware=nobody, serial=nobody, soc=nobody, relabelled=None, site=site, names=(f"prn-{number}",),
    )  # fmt: skip


def findings_of(device: Device, number: int) -> list[Finding]:
    """What the policies of this sample say about a device."""
    maker = device.maker.value
    outcome = MAKERS.get(maker or "", ("", "unknown"))[1]
    sure = device.maker.grade
    status: Status = (
        "unknown" if maker is None
        else "not_covered" if outcome == "not_covered"
        else "covered" if sure == "confirmed" else "likely"
    )  # fmt: skip
    name = device.maker.name or "The maker"
    why = {
        "covered": f"{name} is named in the policy.", "likely": f"{name} is named in the policy; the maker is {sure}, not confirmed.",
        "not_covered": f"{name} is not named in the policy, nor is an affiliate.", "unknown": "The maker is not known.",
    }[status]  # fmt: skip
    ids = tuple(reason.observation for reason in device.reasons)
    named = outcome == "covered" and maker is not None
    third: Status = "depends" if named else status
    if number % 17 == 3:
        status, third, why = (
            "excluded",
            "excluded",
            "Taken out by B. Sample until 2027-03-01: unit is in storage, never connected.",
        )
    elif number % 5 == 2 and named:
        status, why = "depends", "Whether the unit watches a public place is not stated."
    return [
        Finding(device.device, POLICIES[0].id, POLICIES[0].title, status, why, "named_maker" if named else "",
                ("purpose_of_use",) if status == "depends" else (), True, True, device.maker.confidence, "2027-08-13", POLICIES[0].asks, ids),
        Finding(device.device, POLICIES[1].id, POLICIES[1].title, third, "Whether award money paid for the unit is not stated.",
                "", ("funding_source",) if third == "depends" else (), True, None, device.maker.confidence, "", POLICIES[1].asks, ids),
        Finding(device.device, POLICIES[3].id, POLICIES[3].title, "covered" if named else "not_covered",
                f"{name} is {'on' if named else 'not on'} the list; the list forbids no owner to keep a camera.", "", (), False, False, device.maker.confidence),
    ]  # fmt: skip


def _plan_item(device: Device, status: str, phase: int, recorder: str) -> PlanItem:
    recording = device.type.value == "recorder"
    parts = (
        PriorityPart("binding policy with a date", 40, "US-NDAA19-889B, 2027-08-13"),
        PriorityPart("site", 15 if device.site == "Town hall" else 5, f"{device.site} is listed as {'sensitive' if device.site == 'Town hall' else 'ordinary'}"),
        PriorityPart("recorder", 10 if recording else 0, "holds footage of 8 channels" if recording else "a camera"),
    )  # fmt: skip
    form = device.traits.get("form_factor", "")
    size = device.traits.get("megapixels", "")
    name = "network recorder, 8 channels" if recording else f"outdoor {form} camera, {size} MP class, infrared"
    return PlanItem(
        device.device, device.site, phase, status, sum(part.points for part in parts), tuple(part for part in parts if part.points),
        Replacement(name, form, size, ("ONVIF profile T", "PoE class 3"), "model code"),
        ("block its way to the internet now", "sanitise storage before disposal" if recording else "check mount and cable"),
        "2027-06-30" if phase == 1 else "2027-08-13", (recorder,) if recorder and not recording else (),
    )  # fmt: skip


def plan_of(devices: Sequence[Device], findings: Sequence[Finding]) -> Plan:
    """A plan in two phases: recorders and the town hall first."""
    lead = {finding.device: finding.status for finding in findings if finding.policy == POLICIES[0].id}
    wanted = [device for device in devices if lead.get(device.device) in ("covered", "likely")]
    recorders = {device.site: device.device for device in wanted if device.type.value == "recorder"}
    phases: dict[int, list[PlanItem]] = {1: [], 2: []}
    for device in wanted:
        phase = 1 if device.type.value == "recorder" or device.site == "Town hall" else 2
        phases[phase].append(_plan_item(device, lead[device.device], phase, recorders.get(device.site, "")))
    waiting = tuple(
        (key, "Needs a decision first: the purpose of use is not stated.") for key, s in lead.items() if s == "depends"
    )
    return Plan(
        (
            Phase(1, "Recorders and the town hall", "Take out what holds footage, and the sensitive site, first.", tuple(phases[1]), "2027-06-30"),
            Phase(2, "Library and depot", "The rest, site by site.", tuple(phases[2]), "2027-08-13"),
        ),
        waiting[:6],
    )  # fmt: skip


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
    made = [_unit(number) for number in range(units)]
    if hostile:
        made[: len(HOSTILE)] = [hostile_device(number, text) for number, text in enumerate(HOSTILE)]
    devices = tuple(device for device, _ in made) + tuple(_other(number) for number in range(12))
    findings = tuple(finding for number, (device, _) in enumerate(made) for finding in findings_of(device, number))
    heard = tuple(item for _, items in made for item in items)
    return Input(RUN, SCOPE, devices, findings, plan_of(devices, findings), heard, _attempts(devices), POLICIES)
