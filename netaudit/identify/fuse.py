"""The formula: from clues to probabilities. Nothing else in netaudit computes a confidence.

For one question (who is the maker?) every clue names a value, comes from an independent layer and has a strength.

1. In each layer only the strongest clue for a value counts: ten headers of one web server are one witness.
2. Each value starts with its prior odds against "none of the values that were named"; every layer multiplies these
   odds by the likelihood ratio of its strength (we add logarithms).
3. The odds of all named values and of "none of them" (1) are divided by their sum. That is the probability.

So two layers that disagree take probability from each other, and a single weak clue never decides.
A name that somebody can type (host name, friendly name, ONVIF name) is one clue in however many protocols it is heard,
and beside what other layers say it is no more than a weak one: people name machines after what stands next to them.
docs/explanation/confidence.md explains the numbers; benchmarks measure the calibration.
"""

import math
from collections.abc import Iterable, Mapping
from types import MappingProxyType
from typing import Final, NamedTuple

from netaudit.identify.device import Grade, Strength
from netaudit.identify.hit import Vote

LIKELIHOOD_RATIO: Final[Mapping[str, float]] = MappingProxyType(
    {"proof": 30_000.0, "strong": 1_500.0, "moderate": 60.0, "weak": 3.0}
)
"""How much more often a clue of this strength is heard where it is true than where it is not."""

PRIOR_ODDS: Final[Mapping[str, float]] = MappingProxyType({
    "maker": 0.02,  # some fifty makers, none suspected before another
    "type": 0.1,  # some ten types
    "brand": 0.2,  # a label that is named is mostly the label, whoever built the unit
    "model": 0.5, "firmware": 0.5, "serial": 0.5, "soc": 0.5,  # what a unit says of itself is mostly so
})  # fmt: skip
"""Odds of one named value against "none of those named", before any clue."""

CEILING: Final = 0.999
"""Nothing that is heard over a network is surer than this."""
CONFIRMED: Final = 0.99
PROBABLE: Final = 0.9
POSSIBLE: Final = 0.5
HEARSAY: Final = frozenset({"inventory"})
"""Layers that repeat what somebody once typed elsewhere: they make a maker probable, and never confirm one."""
NAMES: Final = "name"
"""The layer of names that somebody can type. It confirms no maker and stands against none."""
_RANK: Final = {"weak": 1, "moderate": 2, "strong": 3, "proof": 4}
_WEAKER: Final[Mapping[Strength, Strength]] = {"proof": "strong", "strong": "moderate"}
_WITNESS: Final = _RANK["moderate"]
_LOG_RATIO: Final[Mapping[str, float]] = {strength: math.log(ratio) for strength, ratio in LIKELIHOOD_RATIO.items()}


class Ranked(NamedTuple):
    """One candidate: its probability, and the strongest clue for it in each layer."""

    value: str
    confidence: float
    layers: Mapping[str, str]


def strongest(votes: Iterable[Vote]) -> dict[str, dict[str, Strength]]:
    """Return value to layer to the strongest strength that the layer gives the value."""
    out: dict[str, dict[str, Strength]] = {}
    for vote in votes:
        layers = out.setdefault(vote.value, {})
        if _RANK[vote.strength] > _RANK.get(layers.get(vote.layer, ""), 0):
            layers[vote.layer] = vote.strength
    return out


def fuse(question: str, votes: Iterable[Vote]) -> tuple[Ranked, ...]:
    """Weigh the votes on one question; best candidate first, equal ones by name."""
    table = strongest(votes)
    scores = {value: _log_odds(question, layers) for value, layers in table.items()}
    top = max(0.0, *scores.values()) if scores else 0.0
    total = math.fsum(math.exp(score - top) for score in (0.0, *scores.values()))
    ranked = [
        Ranked(value, min(CEILING, math.exp(scores[value] - top) / total), layers) for value, layers in table.items()
    ]
    return tuple(sorted(ranked, key=lambda item: (-item.confidence, item.value)))


def grade(ranked: tuple[Ranked, ...]) -> Grade:
    """Grade the best maker. Confirmed needs the confidence, and one proof, or two independent layers without an enemy.

    An enemy is a strong clue for another maker: layers that contradict each other are perhaps not what they seem.
    """
    best, *others = ranked
    proven = "proof" in best.layers.values()
    grounds = sum(_RANK[how] >= _WITNESS for layer, how in best.layers.items() if layer not in HEARSAY | {NAMES})
    opposed = any(_RANK[how] > _WITNESS for other in others for layer, how in other.layers.items() if layer != NAMES)
    if best.confidence >= CONFIRMED and (proven or (grounds >= 2 and not opposed)):
        return "confirmed"
    if best.confidence >= PROBABLE:
        return "probable"
    return "possible" if best.confidence >= POSSIBLE else "unknown"


def is_witness(strength: str) -> bool:
    """True when a clue is strong enough to be one side of a contradiction, or one of two independent layers."""
    return _RANK[strength] >= _WITNESS


def weaker(strength: Strength) -> Strength:
    """Return the next weaker strength; weak stays weak."""
    return _WEAKER.get(strength, "weak")


def _log_odds(question: str, layers: Mapping[str, str]) -> float:
    told = math.fsum(_LOG_RATIO[strength] for layer, strength in layers.items() if layer != NAMES)
    if NAMES in layers:
        named = _LOG_RATIO[layers[NAMES]]
        told = max(named, told + min(named, _LOG_RATIO["weak"]))
    return math.log(PRIOR_ODDS[question]) + told
