"""What a scan must say about each virtual device, and how far a device as identified is from it."""

from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass
from typing import Any, Final

from netaudit.demo.load import load_plan, taken_down
from netaudit.demo.model import DemoDevice, Truth

_GRADES: Final = ("unknown", "possible", "probable", "confirmed")
_SURVEILLANCE: Final = frozenset({"camera", "recorder", "encoder", "intercom", "access_control"})


@dataclass(frozen=True, slots=True)
class Expected:
    """One row of the table.

    `type`, `maker`, `brand`, `model`: what must be said; "" must stay unknown; None is left open.
    `relabelled`: True, False, or None for "must not be claimed". `at_least`, `at_most`: grade of the maker.
    `never`: makers that must not be named with grade probable or confirmed.
    `contradicts`: the device's clues cannot all be right, and the scan must say so.
    `seen`: False for a device that may be missed: it answers nobody, or none of the usual questions.
    `innocent`: must not be taken for surveillance gear.
    `section_889`: status under 47 U.S.C. / section 889 for information: covered, not_covered, unknown, "" not a camera.
    """

    address: str
    site: str
    place: str
    truth: Truth
    seen: bool
    innocent: bool
    type: str | None
    maker: str | None
    brand: str | None
    model: str | None
    relabelled: bool | None
    at_least: str
    at_most: str
    never: tuple[str, ...]
    contradicts: bool
    section_889: str
    note: str

    def misses(self, device: Mapping[str, Any] | None) -> list[str]:
        """Return what is wrong with a device as `netaudit identify` prints it; None is a device that was not found."""
        if device is None:
            return [f"{self.address}: not found"] if self.seen else []
        return [f"{self.address}: {text}" for text in (*self._answers(device), *self._maker(device))]

    def _answers(self, device: Mapping[str, Any]) -> list[str]:
        wrong = []
        for name in ("type", "brand", "model"):
            want, got = getattr(self, name), device[name]["value"]
            if want is not None and not _same(want, got):
                wrong.append(f"{name} is {got!r}, must be {want or None!r}")
        if self.innocent and device["type"]["value"] in _SURVEILLANCE:
            wrong.append(f"is no surveillance gear, type is {device['type']['value']!r}")
        if self.contradicts and not device["contradictions"]:
            wrong.append("the contradiction is not reported")
        if not self.contradicts and device["relabelled"] is not self.relabelled and self.brand is not None:
            wrong.append(f"relabelled is {device['relabelled']!r}, must be {self.relabelled!r}")
        return wrong

    def _maker(self, device: Mapping[str, Any]) -> list[str]:
        got, grade = device["maker"]["value"], device["maker"].get("grade") or "unknown"
        rank = _GRADES.index(grade)
        wrong = []
        if self.maker is not None and not _same(self.maker, got):
            wrong.append(f"maker is {got!r}, must be {self.maker or None!r}")
        if got in self.never and rank > _GRADES.index("possible"):
            wrong.append(f"maker {got!r} must not be claimed, is {grade}")
        if self.maker and rank < _GRADES.index(self.at_least):
            wrong.append(f"maker is only {grade}, must be at least {self.at_least}")
        if rank > _GRADES.index(self.at_most):
            wrong.append(f"maker is {grade}, must be at most {self.at_most}")
        return wrong


def expected(near: str = "127.77.0.1", without: Collection[str] = ()) -> list[Expected]:
    """Return the whole table, without starting anything.

    `near`: any address of the building that was scanned; a second building stands in another block than the first.
    `without`: addresses of devices that were taken down.
    """
    plan = taken_down(load_plan(int(near.split(".")[1])), without)
    return [expected_of(device) for device in plan.devices]


def expected_of(device: DemoDevice) -> Expected:
    """Return the row of one device: its truth, changed by what its entry says differently."""
    truth, say = device.truth, device.say
    innocent = truth.type not in _SURVEILLANCE
    return Expected(
        address=device.address,
        site=device.site,
        place=device.place,
        truth=truth,
        innocent=innocent,
        seen=say.get("seen", bool(device.services)),
        type=_said(say, "type", None if innocent else truth.type),
        maker=_said(say, "maker", None if innocent else truth.maker),
        brand=_said(say, "brand", None if innocent else truth.brand),
        model=_said(say, "model", None if innocent else truth.model),
        relabelled=say.get("relabelled", truth.relabelled),
        at_least=say.get("at_least", "probable"),
        at_most=say.get("at_most", "confirmed"),
        never=tuple(say.get("never", ("hikvision", "dahua") if innocent else ())),
        contradicts=say.get("contradicts", False),
        section_889=say.get("section_889", _section_889(truth)),
        note=device.note,
    )


def by_address(devices: Sequence[Mapping[str, Any]]) -> dict[str, Mapping[str, Any]]:
    """Index devices as identified by each of their addresses."""
    return {address: device for device in devices for address in device["addresses"]}


def _said(say: Mapping[str, Any], name: str, otherwise: str | None) -> str | None:
    """A text from `say`; "open" leaves the question open."""
    value: str | None = say.get(name, otherwise)
    return None if value == "open" else value


def _section_889(truth: Truth) -> str:
    if truth.type not in _SURVEILLANCE:
        return ""
    return "covered" if truth.maker in ("hikvision", "dahua") else "not_covered"


def _same(want: str, got: str | None) -> bool:
    return (got or "").casefold() == want.casefold()
