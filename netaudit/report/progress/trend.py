"""How many units are left to remove, run by run, and the picture of it."""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Final

from netaudit.policy.finding import STATUS_ORDER, Status
from netaudit.report.progress.snapshot import Snapshot
from netaudit.report.verdict import count

WIDTH: Final = 640
HEIGHT: Final = 220
_LEFT: Final = 44
_BOTTOM: Final = 30
_TOP: Final = 12


@dataclass(frozen=True, slots=True)
class Point:
    """One run in the picture. `left`: units that have to go; `open`: those that may have to."""

    run: str
    date: str
    units: int
    left: int
    open: int
    counts: dict[Status, int]


def points(runs: Sequence[Snapshot]) -> tuple[Point, ...]:
    """Return one point a run, oldest first."""
    made = []
    for run in sorted(runs, key=lambda run: (run.info.started, run.info.run)):
        counts = dict(count(unit.status for unit in run.units))
        left = sum(unit.banned for unit in run.units)
        undecided = counts.get("depends", 0) + counts.get("unknown", 0)
        made.append(Point(run.info.run, run.date, len(run.units), left, undecided, counts))
    return tuple(made)


def statuses(rows: Sequence[Point]) -> tuple[Status, ...]:
    """Return the verdicts that occur, in the order of need."""
    return tuple(status for status in STATUS_ORDER if any(row.counts.get(status) for row in rows))


@dataclass(frozen=True, slots=True)
class Mark:
    """One run in the picture: where it stands and what is written there."""

    x: float
    left_y: float
    open_y: float
    date: str
    left: int


@dataclass(frozen=True, slots=True)
class Picture:
    """The burn-down as numbers for an SVG. `ticks`: (y, label) of the horizontal lines."""

    marks: tuple[Mark, ...]
    ticks: tuple[tuple[float, int], ...]

    @property
    def left_line(self) -> str:
        """Points of the line of units that have to go."""
        return " ".join(f"{mark.x:g},{mark.left_y:g}" for mark in self.marks)

    @property
    def open_line(self) -> str:
        """Points of the line that adds those that may have to."""
        return " ".join(f"{mark.x:g},{mark.open_y:g}" for mark in self.marks)


def picture(rows: Sequence[Point]) -> Picture:
    """Return the burn-down of these runs: evenly spaced, from nought."""
    most = max((row.left + row.open for row in rows), default=0) or 1
    step = _step(most)
    top = -(-most // step) * step
    span = HEIGHT - _TOP - _BOTTOM

    def height(value: int) -> float:
        return round(_TOP + span * (1 - value / top), 1)

    gap = (WIDTH - _LEFT - 24) / max(len(rows) - 1, 1)
    marks = tuple(
        Mark(round(_LEFT + 12 + gap * number, 1), height(row.left), height(row.left + row.open), row.date, row.left)
        for number, row in enumerate(rows)
    )
    return Picture(marks, tuple((height(value), value) for value in range(0, top + 1, step)))


def _step(most: int) -> int:
    """Return a round distance between the lines, so that there are four or five of them."""
    for power in range(12):
        for digit in (1, 2, 5):
            if digit * 10**power * 5 >= most:
                return int(digit * 10**power)
    return most
