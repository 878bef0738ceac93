"""Are the confidences true? Bins of answers by confidence, their error, and a reliability diagram."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from itertools import pairwise
from typing import Final

from benchmarks.accuracy.score import QUESTIONS, Pair, truth_of

EDGES: Final = (0.5, 0.6, 0.7, 0.8, 0.9, 0.95, 0.99, 1.0)
"""Bins of confidence; answers below 0.5 are never given."""
_SIDE: Final = 360
_MARGIN: Final = 48


@dataclass(frozen=True, slots=True)
class Bin:
    """Answers with a confidence in [low, high): how many, their mean confidence, the share that was right."""

    low: float
    high: float
    count: int
    confidence: float
    right: float


def claims(pairs: Iterable[Pair], questions: Sequence[str] = QUESTIONS) -> tuple[tuple[float, bool], ...]:
    """Return (confidence, right) of every answer whose truth is known."""
    return tuple(
        (said.confidence[question], said.answer(question) == truth_of(truth, question))
        for truth, said in pairs
        if said.confidence
        for question in questions
        if truth_of(truth, question) and said.answer(question) not in (None, "unknown")
    )


def bins(items: Sequence[tuple[float, bool]]) -> tuple[Bin, ...]:
    """Sort claims into the bins; empty bins are left out."""
    out = []
    for low, high in pairwise(EDGES):
        inside = [item for item in items if low <= item[0] < high or (high == EDGES[-1] and item[0] >= high)]
        if inside:
            mean = sum(confidence for confidence, _ in inside) / len(inside)
            out.append(Bin(low, high, len(inside), mean, sum(right for _, right in inside) / len(inside)))
    return tuple(out)


def expected_error(items: Sequence[tuple[float, bool]]) -> float:
    """Return the expected calibration error: the mean gap between confidence and share of right answers, by bin."""
    if not items:
        return 0.0
    return sum(item.count * abs(item.confidence - item.right) for item in bins(items)) / len(items)


def diagram(items: Sequence[tuple[float, bool]], title: str) -> str:
    """Return the reliability diagram as SVG: a dot a bin, its area by the number of answers; the line is "true"."""
    span = _SIDE - 2 * _MARGIN
    low, high = _MARGIN, _SIDE - _MARGIN
    dots = "".join(_dot(item, span) for item in bins(items))
    return (
        f'<svg xmlns="http://www.w3.org/2000/svg" width="{_SIDE}" height="{_SIDE}" font-family="sans-serif" '
        f'font-size="11" role="img"><title>{title}</title>'
        f'<rect width="{_SIDE}" height="{_SIDE}" fill="#fff"/>'
        f'<path d="M{low} {low}V{high}H{high}" stroke="#444" fill="none"/>'
        f'<path d="M{low} {high}L{high} {low}" stroke="#999" stroke-dasharray="4 4" fill="none"/>{dots}'
        f'<text x="{_SIDE / 2}" y="{_SIDE - 12}" text-anchor="middle">confidence 0 to 1</text>'
        f'<text x="14" y="{_SIDE / 2}" text-anchor="middle" '
        f'transform="rotate(-90 14 {_SIDE / 2})">share right 0 to 1</text>'
        f'<text x="{_SIDE / 2}" y="24" text-anchor="middle">{title}</text></svg>\n'
    )


def _dot(item: Bin, span: int) -> str:
    x, y = _MARGIN + span * item.confidence, _MARGIN + span * (1 - item.right)
    radius = 2 + item.count**0.5
    return (
        f'<circle cx="{x:.1f}" cy="{y:.1f}" r="{radius:.1f}" fill="#1f5f8b" fill-opacity="0.5">'
        f"<title>{item.count} answers, confidence {item.confidence:.3f}, right {item.right:.3f}</title></circle>"
    )
