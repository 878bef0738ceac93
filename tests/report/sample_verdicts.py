"""What four policies and a plan in two phases say about the devices of the sample."""

from collections.abc import Sequence

from netaudit.identify.device import Device
from netaudit.plan.model import Phase, Plan, PlanItem, PriorityPart, Replacement
from netaudit.policy.finding import Finding, Status
from netaudit.report.views import PolicyView
from tests.report.sample_devices import MAKERS

POLICIES = (
    PolicyView(
        "US-NDAA19-889B",
        "NDAA FY2019 s.889(a)(1)(B): no federal contract for a user of covered equipment",
        "US-federal",
        True,
        "in_force",
        "Pub. L. 115-232 s.889(a)(1)(B); FAR 52.204-25(b)(2)",
        "Make a reasonable inquiry into who made the equipment in use, then say whether covered equipment is used.",
        (("2020-08-13", "use prohibition"),),
        "2026-11-23",
        True,
        ("how far affiliate reaches successors",),
    ),
    PolicyView(
        "US-2CFR-200.216",
        "2 CFR 200.216: no grant or loan money for covered equipment",
        "US-federal",
        True,
        "in_force",
        "2 CFR 200.216",
        "Show that award money did not buy or extend covered equipment.",
        (("2020-08-13", "in force"),),
        "2026-11-23",
        None,
    ),
    PolicyView(
        "UK-REMOVAL-2025-04",
        "Removal from sensitive sites of central government",
        "UK",
        True,
        "in_force",
        "Written statement of April 2025",
        "Remove covered units from sensitive sites.",
        (),
        "2026-11-23",
        False,
    ),
    PolicyView(
        "US-BIS-EL-2019-10",
        "Entity List additions of October 2019",
        "US-federal",
        False,
        "in_force",
        "84 FR 54002",
        "",
        (("2019-10-09", "export licence required"),),
        "2026-11-23",
        None,
    ),
)


def findings_of(device: Device, number: int) -> list[Finding]:
    """What the policies of this sample say about a device."""
    maker = device.maker.value
    outcome = MAKERS.get(maker or "", ("", "unknown"))[1]
    sure = device.maker.grade
    status: Status = (
        "unknown"
        if maker is None
        else "not_covered"
        if outcome == "not_covered"
        else "covered"
        if sure == "confirmed"
        else "likely"
    )
    name = device.maker.name or "The maker"
    why = {
        "covered": f"{name} is named in the policy.",
        "likely": f"{name} is named in the policy; the maker is {sure}, not confirmed.",
        "not_covered": f"{name} is not named in the policy, nor is an affiliate.",
        "unknown": "The maker is not known.",
    }[status]
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
        Finding(
            device.device,
            POLICIES[0].id,
            POLICIES[0].title,
            status,
            why,
            "named_maker" if named else "",
            ("purpose_of_use",) if status == "depends" else (),
            True,
            True,
            device.maker.confidence,
            "2027-08-13",
            POLICIES[0].asks,
            ids,
        ),
        Finding(
            device.device,
            POLICIES[1].id,
            POLICIES[1].title,
            third,
            "Whether award money paid for the unit is not stated.",
            "",
            ("funding_source",) if third == "depends" else (),
            True,
            None,
            device.maker.confidence,
            "",
            POLICIES[1].asks,
            ids,
        ),
        Finding(
            device.device,
            POLICIES[3].id,
            POLICIES[3].title,
            "covered" if named else "not_covered",
            f"{name} is {'on' if named else 'not on'} the list; the list forbids no owner to keep a camera.",
            "",
            (),
            False,
            False,
            device.maker.confidence,
        ),
    ]


def _plan_item(device: Device, status: str, phase: int, recorder: str) -> PlanItem:
    recording = device.type.value == "recorder"
    parts = (
        PriorityPart("binding policy with a date", 40, "US-NDAA19-889B, 2027-08-13"),
        PriorityPart(
            "site",
            15 if device.site == "Town hall" else 5,
            f"{device.site} is listed as {'sensitive' if device.site == 'Town hall' else 'ordinary'}",
        ),
        PriorityPart("recorder", 10 if recording else 0, "holds footage of 8 channels" if recording else "a camera"),
    )
    form = device.traits.get("form_factor", "")
    size = device.traits.get("megapixels", "")
    name = "network recorder, 8 channels" if recording else f"outdoor {form} camera, {size} MP class, infrared"
    return PlanItem(
        device.device,
        device.site,
        phase,
        status,
        sum(part.points for part in parts),
        tuple(part for part in parts if part.points),
        Replacement(name, form, size, ("ONVIF profile T", "PoE class 3"), "model code"),
        (
            "block its way to the internet now",
            "sanitise storage before disposal" if recording else "check mount and cable",
        ),
        "2027-06-30" if phase == 1 else "2027-08-13",
        (recorder,) if recorder and not recording else (),
    )


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
            Phase(
                1,
                "Recorders and the town hall",
                "Take out what holds footage, and the sensitive site, first.",
                tuple(phases[1]),
                "2027-06-30",
            ),
            Phase(2, "Library and depot", "The rest, site by site.", tuple(phases[2]), "2027-08-13"),
        ),
        waiting[:6],
    )
