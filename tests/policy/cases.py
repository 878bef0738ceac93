"""Small devices, makers and owners for the tests of policy and plan."""

from functools import cache
from pathlib import Path
from typing import Any

from netaudit.identify.device import Answer, Contradiction, Device, Grade, Reason, Side
from netaudit.identify.words import Edge, Maker
from netaudit.policy.facts import read_facts
from netaudit.policy.model import Policy
from netaudit.policy.owner import OwnerFacts, parse_owner
from netaudit.policy.policies import load_policies
from netaudit.policy.relations import Relations, relations
from netaudit.toml_file import parse_toml

CONFIDENCE = {"confirmed": 0.995, "probable": 0.93, "possible": 0.6, "unknown": 0.2}

MAKERS = [
    Maker("hikvision", "Hangzhou Hikvision Digital Technology", "Hikvision", "CN"),
    Maker("hikmicro", "Hangzhou Microimage Software", "Hikmicro", "CN", "hikvision"),
    Maker("dahua", "Zhejiang Dahua Technology", "Dahua", "CN"),
    Maker("huawei", "Huawei Technologies", "Huawei", "CN"),
    Maker("uniview", "Zhejiang Uniview Technologies", "Uniview", "CN"),
    Maker("tp_link", "TP-Link Systems Inc.", "TP-Link", ""),
    Maker("axis", "Axis Communications AB", "Axis", "SE", "canon"),
    Maker("canon", "Canon Inc.", "Canon", "JP"),
    Maker("vivotek", "VIVOTEK Inc.", "Vivotek", "TW"),
    Maker("hp", "HP Inc.", "HP", "US"),
]
EDGES = [
    Edge("lorex", "dahua", "former_affiliate", "2018", "2023-02"),
    Edge("imaging_subsidiary", "hikmicro", "subsidiary"),
    Edge("parts_shop", "dahua", "supplier"),
]


def device(
    maker: str | None = "hikvision", *, grade: Grade = "confirmed", kind: str = "camera", name: str = "d1", **more: Any
) -> Device:
    """Return one device; `more` replaces any of its other fields."""
    nothing = Answer()
    says = {"maker": maker} if maker else {"type": kind}
    values: dict[str, Any] = {
        "device": name, "subject": None, "addresses": ("192.0.2.7",), "macs": (), "ports": (80,),
        "type": Answer(kind, 0.99), "maker": Answer(maker, CONFIDENCE[grade] if maker else 0.0, maker, grade),
        "brand": nothing, "model": nothing, "firmware": nothing, "serial": nothing, "soc": nothing, "relabelled": None,
        "reasons": (Reason("obs-1", "sig-1", says, "proof", "seen", "http"),), "site": "HQ",
    }  # fmt: skip
    return Device(**(values | more))


def contradicted(one: str, other: str) -> tuple[Contradiction, ...]:
    """Return a contradiction about the maker."""
    sides = (Side(one, ("http",), ("sig-1",)), Side(other, ("mac",), ("sig-2",)))
    return (Contradiction("maker", sides, "the web page and the MAC disagree"),)


def owner(text: str = "") -> OwnerFacts:
    """Return the owner's facts from the text of an owner.toml."""
    return parse_owner(parse_toml(text.encode(), Path("owner.toml")), read_facts())


@cache
def policies() -> dict[str, Policy]:
    """Return the shipped policies by id."""
    return {policy.id: policy for policy in load_policies()}


@cache
def world() -> Relations:
    """Return the look-ups over the makers and edges above."""
    return relations({maker.id: maker for maker in MAKERS}, EDGES)
