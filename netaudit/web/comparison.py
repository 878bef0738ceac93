"""Two runs held against each other, in words, as the comparison page shows them."""

from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass
from functools import lru_cache
from pathlib import Path
from typing import Final

from netaudit.evidence.log import OBSERVATIONS
from netaudit.report.progress.changes import KINDS, Change, changes
from netaudit.report.progress.read import read_snapshot
from netaudit.report.progress.wording import answer, lines
from netaudit.report.texts import load_texts
from netaudit.store.schema import RunRow

VERDICT: Final = "verdict"
EARLIER: Final = 3
"""So many runs before the first are read too: a unit that they saw is not new but has come back."""
_FILES: Final = ("devices.jsonl", "findings.jsonl")


@dataclass(frozen=True, slots=True)
class Row:
    """One unit between two runs. `was`: its verdict before where that is another; `device`: whose card to open."""

    kind: str
    word: str
    unit: str
    site: str
    status: str
    was: str
    detail: str
    device: str


@dataclass(frozen=True, slots=True)
class Comparison:
    """What happened. `counts`: units by kind of change, and under "verdict" those whose verdict is another."""

    answer: str
    alarms: tuple[str, ...]
    counts: dict[str, int]
    rows: tuple[Row, ...]

    def of(self, kind: str) -> Sequence[Row]:
        """Return the rows of one kind of change, all where none is named."""
        if kind == VERDICT:
            return [row for row in self.rows if row.was]
        return [row for row in self.rows if row.kind == kind] if kind else self.rows


def missing(run: RunRow) -> str:
    """Return what the folder of a run lacks, "" where the run can be compared."""
    folder = Path(run.folder)
    if not (folder / OBSERVATIONS).is_file():
        return f"The folder of the run {run.run} is not on this machine any more."
    absent = [name for name in _FILES if not (folder / name).is_file()]
    return f"The run {run.run} was not judged yet: it holds no {absent[0]}." if absent else ""


def compare(old: RunRow, new: RunRow, earlier: Sequence[RunRow]) -> Comparison:
    """Return what happened from one run to a later one. Raises DataError where a file of them is damaged."""
    folders = [Path(run.folder) for run in (old, new, *(run for run in earlier if not missing(run)))]
    return _compared(tuple((folder, _stamp(folder)) for folder in folders))


def _stamp(folder: Path) -> tuple[int, ...]:
    """When a run was judged: judged again, it is read again."""
    return tuple((folder / name).stat().st_mtime_ns for name in _FILES)


# People page and filter through one comparison: its runs are read once. What is kept are rows of words.
@lru_cache(maxsize=2)
def _compared(stamped: tuple[tuple[Path, tuple[int, ...]], ...]) -> Comparison:
    old, new, *earlier = (read_snapshot(folder) for folder, _ in stamped)
    step, texts = changes(old, new, earlier), load_texts()
    told = [row for row in step.rows if row.kind != "same"]
    rows = tuple(
        Row(line.kind, line.word, line.unit, line.site, line.status, _was(change), line.detail, _device(change))
        for change, line in zip(told, lines(step, texts), strict=True)
    )
    counted = Counter(row.kind for row in step.rows)
    counts: dict[str, int] = {kind: counted[kind] for kind in KINDS if counted[kind]}
    if turned := sum(bool(row.was) for row in rows):
        counts[VERDICT] = turned
    return Comparison(answer(step, texts), tuple(texts.tell(item) for item in step.alarms), counts, rows)


def _was(change: Change) -> str:
    kept = change.old and change.new and change.kind != "replaced"
    return change.old.status if kept and change.old and change.new and change.old.status != change.new.status else ""


def _device(change: Change) -> str:
    unit = change.old if change.kind == "replaced" and change.old else change.unit
    return unit.device.device
