"""Floor plans as the report shows them: the picture, and each unit with a shape that needs no colour."""

import base64
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Final

from netaudit.policy.finding import STATUS_ORDER, Status
from netaudit.report.views import Card, FloorView, Spot

_PART: Final = 70
_DIGIT: Final = 1.2
"""Width of a digit, in sizes of a mark."""
# Corner points around (0, 0) at radius 1; the words for them stand in the catalogue of texts.
SHAPES: Final[Mapping[str, str]] = {
    "covered": "-1,-1 1,-1 1,1 -1,1",
    "likely": "0,-1.25 1.15,0.9 -1.15,0.9",
    "depends": "0,-1.3 1.3,0 0,1.3 -1.3,0",
    "unknown": "-0.45,-1.1 0.45,-1.1 0.45,-0.45 1.1,-0.45 1.1,0.45 0.45,0.45 0.45,1.1 -0.45,1.1 -0.45,0.45 -1.1,0.45 "
    "-1.1,-0.45 -0.45,-0.45",
    "not_assessed": "-1.2,-0.5 1.2,-0.5 1.2,0.5 -1.2,0.5",
    "excluded": "-1.15,-0.9 1.15,-0.9 0,1.25",
    "not_covered": "-0.5,-1.1 0.5,-1.1 1.1,-0.5 1.1,0.5 0.5,1.1 -0.5,1.1 -1.1,0.5 -1.1,-0.5",
}


@dataclass(frozen=True, slots=True)
class FloorPlan:
    """A floor plan as it was kept. `raw`: the picture's bytes; `kind`: png, jpeg; `spots`: device, x, y in percent."""

    site: str
    floor: str
    kind: str
    raw: bytes
    width: int
    height: int
    spots: tuple[tuple[str, float, float], ...] = ()


def floor_views(plans: Sequence[FloorPlan], by_device: Mapping[str, Card]) -> tuple[FloorView, ...]:
    """Return the floors by site and name; a spot whose unit is not in the report is left out."""
    ordered = sorted(plans, key=lambda plan: (plan.site, plan.floor))
    return tuple(_view(plan, by_device, number) for number, plan in enumerate(ordered, 1))


def _view(plan: FloorPlan, by_device: Mapping[str, Card], number: int) -> FloorView:
    size = max(4.0, max(plan.width, plan.height) / _PART)
    spots = [
        _spot(by_device[device], x, y, plan, size) for device, x, y in sorted(plan.spots) if device in by_device
    ]  # fmt: skip
    spots.sort(key=lambda spot: spot.card.no)
    data = f"data:image/{plan.kind};base64,{base64.b64encode(plan.raw).decode('ascii')}"
    return FloorView(
        f"floor-{number}", plan.site, plan.floor, data, plan.width, plan.height, round(size, 2), tuple(spots)
    )


def _spot(card: Card, x: float, y: float, plan: FloorPlan, size: float) -> Spot:
    centre = plan.width * x / 100, plan.height * y / 100
    corners = (pair.split(",") for pair in SHAPES[card.status].split())
    points = " ".join(f"{centre[0] + float(a) * size:.1f},{centre[1] + float(b) * size:.1f}" for a, b in corners)
    # A number near the right edge stands before its mark: it would be cut off behind it.
    before = centre[0] + size * (2 + _DIGIT * len(str(card.no))) > plan.width
    beside = centre[0] + size * (-1.6 if before else 1.6)
    return Spot(card, points, round(beside, 1), round(centre[1] + size * 0.5, 1), f"{x:g}", f"{y:g}", before)


def statuses_on(floor: FloorView) -> tuple[Status, ...]:
    """Return the statuses that a floor shows, most pressing first, for its key."""
    shown = {spot.card.status for spot in floor.spots}
    return tuple(status for status in STATUS_ORDER if status in shown)
