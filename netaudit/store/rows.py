"""From devices and findings to the store's rows. Pure."""

import hashlib
import ipaddress
import json
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from typing import Any, Final

from netaudit.identify.device import SURVEILLANCE_TYPES
from netaudit.policy.finding import Status
from netaudit.policy.lead import binds, lead, rank
from netaudit.store.packing import pack

# What a state is: conclusions and places in the network. What is heard anew each time (times, observations, reasons)
# is no change of the device.
_ANSWERS: Final = ("type", "maker", "brand", "model", "firmware", "serial", "soc")
_ACTION: Final = frozenset({"covered", "likely", "depends"})
_QUIET: Final = frozenset({"not_covered", "not_assessed"})


@dataclass(frozen=True, slots=True)
class UnitRows:
    """What is stored of one device: columns of `unit`, its packed documents, and its state."""

    device: str
    columns: Mapping[str, Any]
    document: bytes
    findings: bytes
    summary: Mapping[str, Any]
    digest: str


def unit_rows(device: Mapping[str, Any], findings: Sequence[Mapping[str, Any]]) -> UnitRows:
    """Return the rows of a device (its line of devices.jsonl) and its findings (their lines of findings.jsonl)."""
    verdict, deadline = leading(findings)
    summary = _summary(device, verdict)
    digest = hashlib.sha256(json.dumps(summary, sort_keys=True, ensure_ascii=True).encode()).hexdigest()
    columns = {name: _storable(value) for name, value in _columns(device).items()}
    columns["surveillance"] = _is_unit(columns["type"], verdict)
    columns |= {"verdict": verdict, "rank": rank(verdict), "deadline": deadline}
    return UnitRows(device["device"], columns, pack(device), pack(compact(findings)), summary, digest)


def leading(findings: Iterable[Mapping[str, Any]]) -> tuple[Status, str]:
    """Return the status that leads, and the nearest deadline of the findings that share it."""
    bound = [item for item in findings if binds(item["duty"], item["binds_owner"])]
    worst = lead(item["status"] for item in bound)
    days = [item["deadline"] for item in bound if item["status"] == worst and item["deadline"]]
    return worst, min(days, default="")


def _is_unit(kind: str, verdict: Status) -> bool:
    """What belongs into the camera schedule: surveillance equipment, what a policy may cover, what says nothing."""
    return kind in SURVEILLANCE_TYPES or verdict in _ACTION or (kind == "unknown" and verdict == "unknown")


def compact(findings: Iterable[Mapping[str, Any]]) -> dict[str, Any]:
    """Return findings with what asks for nothing folded to the names of its policies: nine tenths of them."""
    whole: list[Mapping[str, Any]] = []
    quiet: dict[str, list[str]] = {}
    for item in findings:
        if item["status"] in _QUIET:
            quiet.setdefault(item["status"], []).append(item["policy"])
        else:
            whole.append(item)
    return {"findings": whole, "quiet": quiet}


def address_key(address: str) -> str:
    """Return an address as text that sorts by number: "4" + 8 hex digits, "6" + 32; what is no address comes last."""
    try:
        parsed = ipaddress.ip_address(address.partition("%")[0])
    except ValueError:
        return "z" + address[:60]
    return f"{parsed.version}{int(parsed):0{parsed.max_prefixlen // 4}x}"


def _storable(value: Any) -> Any:
    """PostgreSQL keeps no NUL, and no database keeps half a surrogate pair: hostile names hold both."""
    if not isinstance(value, str):
        return value
    return value.replace("\0", "\ufffd").encode("utf-8", "replace").decode("utf-8")


def _columns(device: Mapping[str, Any]) -> dict[str, Any]:
    address = next(iter(device["addresses"]), "")
    maker, brand = device["maker"], device["brand"]
    names = device.get("names", [])
    return {
        "site": device.get("site", ""), "type": device["type"]["value"] or "unknown", "maker": maker["value"],
        "maker_name": maker.get("name") or "", "brand": brand["value"], "brand_name": brand.get("name") or "",
        "model": (device["model"]["value"] or "")[:200], "firmware": device["firmware"]["value"] or "",
        "serial": device["serial"]["value"] or "", "grade": maker.get("grade") or "unknown",
        "confidence": maker["confidence"], "relabelled": device["relabelled"], "address": address[:64],
        "address_key": address_key(address), "mac": next(iter(device["macs"]), "")[:32], "name": next(iter(names), ""),
        "contradictions": len(device["contradictions"]), "text": _text(device),
    }  # fmt: skip


def _text(device: Mapping[str, Any]) -> str:
    answers = [device[name].get(part) or "" for name in _ANSWERS for part in ("value", "name")]
    words = [device["device"], *device["addresses"], *device["macs"], *device.get("names", []), *answers]
    words.append(device.get("site", ""))
    return " ".join(dict.fromkeys(word.lower() for word in words if word))


def _summary(device: Mapping[str, Any], verdict: str) -> dict[str, Any]:
    answers = {name: device[name]["value"] for name in _ANSWERS}
    return answers | {
        "grade": device["maker"].get("grade") or "unknown", "relabelled": device["relabelled"], "verdict": verdict,
        "site": device.get("site", ""), "addresses": sorted(device["addresses"]), "macs": sorted(device["macs"]),
    }  # fmt: skip
