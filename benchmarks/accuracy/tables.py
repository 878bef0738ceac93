"""The numbers of a run as Markdown tables."""

from collections.abc import Iterable, Mapping, Sequence

from benchmarks.accuracy import calibration, score
from benchmarks.accuracy.labelled import Labelled, Truth
from benchmarks.accuracy.score import Pair, Rate


def table(head: Sequence[str], rows: Iterable[Sequence[object]]) -> str:
    """Return a Markdown table; cells are written as text."""
    lines = [f"| {' | '.join(head)} |", f"| {' | '.join('---' for _ in head)} |"]
    lines += [f"| {' | '.join(str(cell).replace('|', '/') for cell in row)} |" for row in rows]
    return "\n".join(lines) + "\n"


def the_set(items: Sequence[Labelled]) -> str:
    """Count what the set holds, by split."""
    rows = []
    for name, wanted in (
        ("devices", lambda t: True),
        ("cameras, recorders, intercoms and the like", lambda t: t.is_video),
        ("of these relabelled, with the true maker known", lambda t: t.is_video and t.relabelled),
        ("of these where a layer tells the maker", lambda t: t.is_video and t.maker and t.tells),
        ("everything else (printers, routers, servers, software ...)", lambda t: not t.is_video),
        ("recorded as in the source", lambda t: t.record == "recorded"),
        ("partly filled in the maker's documented shape", lambda t: t.record == "rebuilt"),
        ("made from a pattern of another fingerprint base", lambda t: t.record == "pattern"),
    ):
        counts = [sum(1 for i in items if i.truth.split == split and wanted(i.truth)) for split in ("train", "test")]
        rows.append((name, *counts, sum(counts)))
    makers = [len({i.truth.maker for i in _of(items, split) if i.truth.is_video} - {""}) for split in ("train", "test")]
    rows.append(("makers of video equipment", *makers, len({i.truth.maker for i in items if i.truth.is_video} - {""})))
    return table(("what", "train", "test", "all"), rows)


def headline(pairs: Mapping[str, Sequence[Pair]]) -> str:
    """The bars of the project, one column a split."""
    rows: list[tuple[str, str, list[str]]] = [
        ("false accusations", "none", [str(len(score.accusations(p))) for p in pairs.values()]),
        ("confirmed makers that are right", "≥ 99.5 %", [str(score.confirmed_precision(p)) for p in pairs.values()]),
        ("maker found where a layer can tell", "≥ 90 %", [str(score.maker_recall(p)) for p in pairs.values()]),
        ("relabelled units recognised, right maker", "≥ 85 %", [str(score.relabel_recall(p)) for p in pairs.values()]),
        ("calibration error (ECE)", "≤ 0.05", [f"{_error(p):.3f}" for p in pairs.values()]),
    ]
    return table(("measure", "bar", *pairs), [(name, bar, *cells) for name, bar, cells in rows])


def answers(pairs: Mapping[str, Sequence[Pair]]) -> str:
    """Precision and recall of each answer."""
    rows: list[tuple[object, ...]] = []
    heard = {"maker": lambda t: bool(t.tells), "brand": lambda t: bool(t.brand_tells), "type": lambda t: True}
    for question in score.QUESTIONS:
        for split, items in pairs.items():
            found = score.recall(items, question, heard[question])
            rows.append((question, split, score.precision(items, question), found))
    for split, items in pairs.items():
        rows.append(("relabelled", split, score.relabel_precision(items), score.relabel_recall(items)))
    return table(("answer", "split", "right of those given", "found of those that can be told"), rows)


def reliability(pairs: Sequence[Pair]) -> str:
    """The bins behind the reliability diagram."""
    rows = [
        (f"{b.low:.2f} to {b.high:.2f}", b.count, f"{b.confidence:.3f}", f"{b.right:.3f}")
        for b in calibration.bins(calibration.claims(pairs))
    ]
    return table(("confidence", "answers", "mean confidence", "share right"), rows)


def by_kind(rows: Mapping[str, Sequence[Pair]]) -> str:
    """What one kind of observation tells by itself."""
    cells = [
        (f"`{kind}`", len(pairs), score.precision(pairs, "maker"), _told_by(pairs), len(score.accusations(pairs)))
        for kind, pairs in rows.items()
    ]
    return table(("kind alone", "devices", "maker right", "maker found", "false accusations"), cells)


def by_maker(pairs: Sequence[Pair]) -> str:
    """Recall and wrong answers of each maker of video equipment."""
    rows = [(name, found, wrong) for name, (found, wrong) in score.by_maker(pairs).items()]
    return table(("maker", "found where a layer can tell", "others named so"), rows)


def side_by_side(rows: Mapping[str, Sequence[Pair]]) -> str:
    """The same devices through several identifiers."""
    cells = [
        (
            name,
            len(pairs),
            score.precision(pairs, "maker"),
            _found(pairs),
            score.recall(pairs, "brand", _has_brand),
            len(score.accusations(pairs)),
        )
        for name, pairs in rows.items()
    ]
    head = ("identifier", "devices", "maker right", "maker found", "label found", "false accusations")
    return table(head, cells)


def misses(pairs: Sequence[Pair]) -> str:
    """Every wrong or missing answer about maker or relabelling, one a line."""
    rows = []
    for truth, said in pairs:
        if said.maker and truth.maker and said.maker != truth.maker:
            rows.append((truth.subject, truth.split, f"maker {truth.maker}", f"{said.maker} ({said.grade})"))
        elif truth.is_video and truth.maker and truth.tells and not said.maker:
            rows.append((truth.subject, truth.split, f"maker {truth.maker}", "nothing"))
        elif truth.relabelled is False and said.relabelled:
            rows.append((truth.subject, truth.split, "not relabelled", f"relabelled {said.brand}"))
    return table(("device", "split", "truth", "said"), rows) if rows else "None.\n"


def _of(items: Iterable[Labelled], split: str) -> list[Labelled]:
    return [item for item in items if item.truth.split == split]


def _error(pairs: Sequence[Pair]) -> float:
    return calibration.expected_error(calibration.claims(pairs))


def _found(pairs: Sequence[Pair]) -> Rate:
    return score.maker_recall(pairs)


def _told_by(pairs: Sequence[Pair]) -> Rate:
    return score.recall(pairs, "maker", lambda truth: bool(truth.tells))


def _has_brand(truth: Truth) -> bool:
    return bool(truth.brand_tells)
