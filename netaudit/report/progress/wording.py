"""Changes in words of one language: the rows that every format shows."""

from collections.abc import Sequence
from dataclasses import dataclass

from netaudit.report.message import Message, say
from netaudit.report.progress.changes import KINDS, Change, Changes, label
from netaudit.report.progress.trend import Point, statuses
from netaudit.report.texts import Texts


@dataclass(frozen=True, slots=True)
class Line:
    """One change in words. `status`: of the unit now, or as it was where it is gone."""

    kind: str
    word: str
    unit: str
    site: str
    status: str
    detail: str


def lines(changes: Changes, texts: Texts, *, same: bool = False) -> list[Line]:
    """Return what happened, most pressing first; units that stayed the same only where wanted."""
    return [_line(row, texts) for row in changes.rows if same or row.kind != "same"]


def _line(row: Change, texts: Texts) -> Line:
    unit = row.old if row.kind == "replaced" and row.old else row.unit
    parts = [tell(message, texts) for message in row.what]
    if row.kind == "replaced" and row.new:
        status = texts(f"status.{row.new.status}")
        parts.append(texts("diff.by", unit=label(row.new), status=status))
    if row.kind == "not_looked_at":
        parts.append(texts("diff.not_looked_at_why"))
    return Line(
        row.kind, texts(f"diff.{row.kind}"), label(unit), unit.device.site or "–", unit.status, "; ".join(parts)
    )


def tell(message: Message, texts: Texts) -> str:
    """Return a message; verdicts among its values become words."""
    if message.key == "diff.status":
        return texts(message.key, **{name: texts(f"status.{value}") for name, value in message.values.items()})
    return texts.tell(message)


def summary(changes: Changes, texts: Texts) -> list[tuple[str, int]]:
    """Return how many units each thing happened to, in the order of need."""
    return [(texts(f"diff.{kind}"), changes.count(kind)) for kind in KINDS]


def trend_table(points: Sequence[Point], texts: Texts) -> tuple[list[str], list[list[str]]]:
    """Return head and rows of the table behind the burn-down."""
    shown = statuses(points)
    head = [texts("progress.run"), texts("progress.date"), texts("progress.left"), texts("progress.open")]
    head += [texts("sites.units"), *(texts(f"status.{status}") for status in shown)]
    rows = [
        [
            p.run, p.date, texts.number(p.left), texts.number(p.open), texts.number(p.units),
            *(texts.number(p.counts.get(status, 0)) for status in shown),
        ]
        for p in points
    ]  # fmt: skip
    return head, rows


def answer(changes: Changes, texts: Texts) -> str:
    """Return the one sentence: how many had to go before, how many have to go now."""
    was = sum(unit.banned for unit in changes.before.units)
    left = sum(unit.banned for unit in changes.after.units)
    return texts.tell(say("diff.answer", old=was, new=left, before=changes.before.date, after=changes.after.date))
