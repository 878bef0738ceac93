"""Contradictions: clues that cannot all be right are kept and said in one sentence, never averaged away."""

from collections.abc import Callable, Iterable, Mapping
from typing import Final

from netaudit.identify.device import Contradiction, Side
from netaudit.identify.fuse import Ranked, is_witness
from netaudit.identify.words import plain

_NUMBERS: Final = ("no", "one", "two", "three", "four", "five", "six", "seven", "eight", "nine", "ten")


def contradiction(
    question: str,
    ranked: Iterable[Ranked],
    named: Callable[[str], str] = str,
    signatures: Mapping[tuple[str, str], tuple[str, ...]] | None = None,
) -> Contradiction | None:
    """Return the contradiction in the answers to one question, None when all that matter agree.

    `named`: id to the name for people. `signatures`: (question, value) to the ids of the signatures behind it.
    """
    sides = [
        Side(item.value, layers, (signatures or {}).get((question, item.value), ()))
        for item in ranked
        if (layers := tuple(sorted(layer for layer, strength in item.layers.items() if is_witness(strength))))
    ]
    if len(sides) < 2:
        return None
    return Contradiction(question, tuple(sides), _sentence(question, sides, named))


def same_model(values: Iterable[str]) -> bool:
    """True when all model texts are spellings of one: equal, or one contained in the other, without punctuation."""
    texts = sorted({plain(value) for value in values}, key=len)
    return all(short in texts[-1] for short in texts)


def layer_name(layer: str) -> str:
    """Return a layer's name for people."""
    return {"mac": "MAC", "tls": "certificate", "http": "web server", "oui": "MAC"}.get(layer, layer.replace("_", " "))


def _sentence(question: str, sides: list[Side], named: Callable[[str], str]) -> str:
    said = ", ".join(f"{_listed(side.layers)} say{'s' * (len(side.layers) == 1)} {named(side.value)}" for side in sides)
    layers = {layer for side in sides for layer in side.layers}
    most = max(len(side.layers) for side in sides)
    leaders = [side for side in sides if len(side.layers) == most]
    if len(leaders) > 1 or len(layers) < 2:
        return f"{question}: {said}: the independent layers are evenly divided"
    verb, leader = "says" if most == 1 else "say", named(leaders[0].value)
    return f"{question}: {said}: {_number(most)} of {_number(len(layers))} independent layers {verb} {leader}"


def _listed(layers: tuple[str, ...]) -> str:
    names = [layer_name(layer) for layer in layers]
    return names[0] if len(names) == 1 else ", ".join(names[:-1]) + " and " + names[-1]


def _number(count: int) -> str:
    return _NUMBERS[count] if count < len(_NUMBERS) else str(count)
