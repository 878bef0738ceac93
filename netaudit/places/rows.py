"""The rows of the sheets: what was measured and looked up of each unit, with what people typed on top. Pure."""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field, replace
from typing import Any

from netaudit.identify.device import SURVEILLANCE_TYPES, Device
from netaudit.places.columns import EMPTY, LOOKED_UP, MEASURED, TYPED, Column, Layout
from netaudit.places.kept import Kept
from netaudit.plan.hangs import Hang
from netaudit.plan.model import Plan, PlanItem
from netaudit.policy.finding import STATUS_ORDER, STATUS_WORDS, Finding

NOT_IN_RUN = "not in this run"


@dataclass(frozen=True, slots=True)
class Cell:
    """One cell: its value as kept, and where it comes from (one of ORIGINS)."""

    value: str
    origin: str


@dataclass(frozen=True, slots=True)
class Row:
    """One row: the device, its cells by column id, and what stands under headings of the user's own."""

    device: str
    cells: Mapping[str, Cell]
    extra: Mapping[str, str] = field(default_factory=dict)


@dataclass(frozen=True, slots=True)
class Heard:
    """What a run says, for the rows. `hangs`: device to its place on the network."""

    devices: Sequence[Device]
    findings: Iterable[Finding]
    plan: Plan
    hangs: Mapping[str, Hang]


def sheets_of(heard: Heard, kept: Kept, layout: Layout) -> dict[str, list[Row]]:
    """Return the rows of every sheet, in the order of site and address; kept rows without a device come last.

    The schedule has every unit of surveillance equipment and what a rule may cover; the records have the units to go.
    """
    facts = _facts(heard)
    items = {item.device: item for phase in heard.plan.phases for item in phase.items}
    units = [device for device in heard.devices if device.type.value in SURVEILLANCE_TYPES or device.device in items]
    order = [device.device for device in sorted(units, key=lambda d: (d.site, d.addresses, d.device))]
    going = [name for name in order if name in items and items[name].replacement]
    out: dict[str, list[Row]] = {}
    for sheet, columns in layout.sheets.items():
        names = order if sheet == "schedule" else going
        others = sorted({*kept.rows.get(sheet, {}), *kept.extra.get(sheet, {})} - set(names))
        all_names = [one for name in names for one in (name, *(o for o in others if o.startswith(f"{name}#")))]
        all_names += [name for name in others if name not in set(all_names)]
        out[sheet] = [_row(name, columns, facts.get(name.partition("#")[0]), kept, sheet) for name in all_names]
    return out


def typed_traits(kept: Kept, layout: Layout) -> dict[str, dict[str, str]]:
    """Return what people typed that the planner can use: device to trait to value."""
    traits = {column.id: column.trait for column in layout.sheets["schedule"] if column.trait}
    found: dict[str, dict[str, str]] = {}
    for device, row in kept.rows["schedule"].items():
        values = {traits[name]: value for name, value in row.items() if name in traits and value}
        if where := values.pop("indoor_outdoor", ""):
            values[where] = "yes"
        if values:
            found[device] = values
    return found


def with_typed(hung: Mapping[str, Hang], kept: Kept) -> dict[str, Hang]:
    """Return where units hang, with what people typed on top: switch, port, watts, recorder."""
    names = {"switch": "switch", "port": "port", "poe_watts": "watts", "recorder": "recorder", "channel": "channel"}
    found = dict(hung)
    for device, row in kept.rows["schedule"].items():
        typed: dict[str, Any] = {names[column]: value for column, value in row.items() if column in names}
        if typed:
            found[device] = replace(found.get(device, Hang()), **typed)
    return found


def _row(
    name: str, columns: Sequence[Column], facts: Mapping[str, str] | None, kept: Kept, sheet: str
) -> Row:  # fmt: skip
    typed = kept.typed(name, sheet)
    measured = {**(facts or {"seen": NOT_IN_RUN, **kept.known.get(name.partition("#")[0], {})}), "device": name}
    if sheet != "schedule":
        measured = {
            **measured,
            **{k: v for k, v in kept.typed(name.partition("#")[0]).items() if k in ("site", "room")},
        }
    cells = {column.id: _cell(column, typed.get(column.id, ""), measured.get(column.id, "")) for column in columns}
    return Row(name, cells, kept.extra.get(sheet, {}).get(name, {}))


def _cell(column: Column, typed: str, known: str) -> Cell:
    if column.editable and typed:
        return Cell(typed, TYPED)
    if column.origin == TYPED or not known:
        return Cell("", EMPTY)
    return Cell(known, MEASURED if column.origin == MEASURED else LOOKED_UP)


def _facts(heard: Heard) -> dict[str, dict[str, str]]:
    items = {item.device: (item, phase.title) for phase in heard.plan.phases for item in phase.items}
    findings: dict[str, list[Finding]] = {}
    for finding in heard.findings:
        if finding.duty and finding.binds_owner is not False:
            findings.setdefault(finding.device, []).append(finding)
    return {
        device.device: {
            **_identity(device), **_place(device, heard.hangs.get(device.device, Hang())), **_look(device),
            **_finding(device, findings.get(device.device, ())), **_plan(items.get(device.device)),
        }
        for device in heard.devices
    }  # fmt: skip


def _identity(device: Device) -> dict[str, str]:
    return {
        "device": device.device, "serial": device.serial.value or "", "mac": ", ".join(device.macs),
        "ip": ", ".join(device.addresses), "hostname": ", ".join(device.names), "seen": device.last_seen[:10],
        "firmware": device.firmware.value or "", "type": device.type.value or "unknown",
    }  # fmt: skip


def _place(device: Device, hang: Hang) -> dict[str, str]:
    return {
        "site": device.site, "switch": hang.switch, "port": hang.port, "vlan": hang.vlan, "poe_watts": hang.watts,
        "recorder": hang.recorder, "channel": hang.channel,
    }  # fmt: skip


def _look(device: Device) -> dict[str, str]:
    traits = device.traits
    flags = {name: traits[name] not in ("no", "0", "false") for name in ("ir", "audio") if traits.get(name)}
    outdoor = next((name for name in ("outdoor", "indoor") if traits.get(name, "") not in ("", "no")), "")
    return {
        "form": traits.get("form_factor", ""), "megapixels": traits.get("megapixels", ""),
        "lens": traits.get("lens", ""), "indoor_outdoor": outdoor,
        **{name: "yes" if flag else "no" for name, flag in flags.items()},
    }  # fmt: skip


def _finding(device: Device, findings: Sequence[Finding]) -> dict[str, str]:
    sure = f"{device.maker.confidence:.0%} {device.maker.grade or ''}".strip()
    worst = min(findings, key=lambda item: STATUS_ORDER.index(item.status), default=None)
    acting = [item.policy for item in findings if item.status in ("covered", "likely", "depends")]
    evidence = dict.fromkeys(reason.observation[:12] for reason in device.reasons)
    return {
        "label": device.brand.name or device.brand.value or "", "maker": device.maker.name or device.maker.value or "",
        "model": device.model.value or "", "confidence": sure,
        "status": STATUS_WORDS[worst.status] if worst else "", "policies": ", ".join(acting),
        "evidence": ", ".join(list(evidence)[:5]),
    }  # fmt: skip


def _plan(planned: tuple[PlanItem, str] | None) -> dict[str, str]:
    if planned is None:
        return {}
    item, title = planned
    becomes = item.replacement.name if item.replacement else ""
    return {"priority": str(item.score), "phase": title, "replacement": becomes, "cost": item.cost}
