"""Answers in free text (model, firmware, serial, soc): spellings of one value are brought together, then weighed."""

from collections.abc import Sequence
from functools import lru_cache

from netaudit.identify.device import Strength
from netaudit.identify.fuse import Ranked, fuse, strongest
from netaudit.identify.hit import Vote
from netaudit.identify.words import plain

_SHORTEST_PART = 4


def rank_texts(question: str, votes: Sequence[Vote]) -> tuple[Ranked, ...]:
    """Weigh the texts given for one question; spellings and parts of one value count for its best spelling."""
    value = votes[0].value
    if len({vote.value for vote in votes}) == 1:
        [only] = _weigh(question, frozenset([(vote.layer, vote.strength) for vote in votes]))
        return (Ranked(value, only.confidence, only.layers),)
    return fuse(question, _respelt(votes))


def _respelt(votes: Sequence[Vote]) -> list[Vote]:
    support = {value: len(layers) for value, layers in strongest(votes).items()}
    # Best supported first, then the longest: "V5.6.3" is part of "V5.6.3 build 190923".
    spellings = sorted(support, key=lambda text: (-support[text], -len(text), text))
    chosen: dict[str, str] = {}
    for text in spellings:
        chosen[text] = next((head for head in dict.fromkeys(chosen.values()) if _same(text, head)), text)
    return [vote._replace(value=chosen[vote.value]) for vote in votes]


def _same(one: str, other: str) -> bool:
    short, long = sorted((plain(one), plain(other)), key=len)
    return short == long or (len(short) >= _SHORTEST_PART and short in long)


@lru_cache(maxsize=4096)
def _weigh(question: str, clues: frozenset[tuple[str, Strength]]) -> tuple[Ranked, ...]:
    return fuse(question, [Vote(question, "", layer, strength) for layer, strength in clues])
