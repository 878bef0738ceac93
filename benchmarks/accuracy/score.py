"""Counts answers against the truth. Pure: the same answers and truths always give the same numbers."""

from collections import Counter
from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass
from typing import Final

from benchmarks.accuracy.labelled import Truth

COVERED: Final = frozenset({"hikvision", "hikmicro", "dahua", "huawei", "zte", "hytera"})
"""Makers that a policy names: a device of another maker reported as theirs is an accusation."""
FIRM: Final = frozenset({"confirmed", "probable"})
QUESTIONS: Final = ("maker", "brand", "type")


@dataclass(frozen=True, slots=True)
class Said:
    """What an identifier said of one device; None where it said nothing. Confidences are probabilities."""

    maker: str | None = None
    brand: str | None = None
    type: str | None = None
    relabelled: bool | None = None
    grade: str = "unknown"
    confidence: Mapping[str, float] | None = None

    def answer(self, question: str) -> str | None:
        """Return the answer to "maker", "brand" or "type"."""
        return {"maker": self.maker, "brand": self.brand, "type": self.type}[question]


Pair = tuple[Truth, Said]


@dataclass(frozen=True, slots=True)
class Rate:
    """`right` of `of`. `value` is None where there was nothing to count."""

    right: int
    of: int

    @property
    def value(self) -> float | None:
        """The share, or None."""
        return self.right / self.of if self.of else None

    def __str__(self) -> str:
        return f"{100 * self.right / self.of:.1f} % ({self.right}/{self.of})" if self.of else "- (0/0)"


def truth_of(truth: Truth, question: str) -> str:
    """Return the known answer to "maker", "brand" or "type"; "" where it is not known."""
    return {"maker": truth.maker, "brand": truth.brand, "type": truth.type}[question]


def precision(pairs: Iterable[Pair], question: str) -> Rate:
    """Of the answers given where the truth is known: how many were right."""
    given = [(truth_of(truth, question), said.answer(question)) for truth, said in pairs]
    known = [(right, answer) for right, answer in given if right and answer is not None and answer != "unknown"]
    return Rate(sum(right == answer for right, answer in known), len(known))


def recall(pairs: Iterable[Pair], question: str, heard: Callable[[Truth], bool]) -> Rate:
    """Of the video equipment whose truth is known and was heard in some layer: how many were named rightly."""
    asked = [(t, s) for t, s in pairs if t.is_video and truth_of(t, question) and heard(t)]
    return Rate(sum(truth_of(t, question) == s.answer(question) for t, s in asked), len(asked))


def maker_recall(pairs: Iterable[Pair]) -> Rate:
    """Recall of the maker on video equipment where a layer can tell it."""
    return recall(pairs, "maker", lambda truth: bool(truth.tells))


def relabel_recall(pairs: Iterable[Pair]) -> Rate:
    """Of relabelled units where a layer tells the maker and one the label: recognised as such, with the right maker."""
    asked = [(t, s) for t, s in pairs if t.relabelled and t.tells and t.brand_tells]
    return Rate(sum(s.relabelled is True and s.maker == t.maker for t, s in asked), len(asked))


def relabel_precision(pairs: Iterable[Pair]) -> Rate:
    """Of units called relabelled where the truth is known: how many are."""
    given = [t for t, s in pairs if s.relabelled and t.relabelled is not None]
    return Rate(sum(t.relabelled is True for t in given), len(given))


def accusations(pairs: Iterable[Pair]) -> tuple[Pair, ...]:
    """Return the devices of another (or no known) maker that were firmly reported as a covered maker's."""
    return tuple((t, s) for t, s in pairs if s.grade in FIRM and s.maker in COVERED and s.maker != t.maker)


def confirmed_precision(pairs: Iterable[Pair]) -> Rate:
    """Of the confirmed makers where the truth is known: how many were right."""
    return precision([(t, s) for t, s in pairs if s.grade == "confirmed"], "maker")


def by_maker(pairs: Iterable[Pair]) -> dict[str, tuple[Rate, int]]:
    """Return maker to (recall where a layer can tell, units of other makers named so)."""
    pairs = tuple(pairs)
    wrong = Counter(s.maker for t, s in pairs if s.maker and t.maker and s.maker != t.maker)
    makers = sorted({t.maker for t, _ in pairs if t.is_video and t.maker})
    return {name: (maker_recall([(t, s) for t, s in pairs if t.maker == name]), wrong[name]) for name in makers}
