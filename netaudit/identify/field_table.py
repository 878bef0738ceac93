"""The signatures of one field of one kind, held against its values: each value once, each shape of a value once."""

import re
from functools import cached_property
from typing import Final, TypeVar

from netaudit.identify.hit import Hit
from netaudit.identify.knowledge import Knowledge
from netaudit.identify.layout import LONGEST_VALUE, Found
from netaudit.identify.literal import trait_of
from netaudit.identify.signature import Need, Signature
from netaudit.identify.speaker import Said, Speaker

CACHED_VALUES: Final = 8192
"""Values remembered for each field, so that a hostile network cannot fill the memory."""
TO_SHAPE: Final = str.maketrans("123456789", "0" * 9)
"""A value with each digit as a 0 is its shape: serials, addresses and dates of a series share theirs."""
_LONGEST_SAW: Final = 200
_CACHED_LENGTH: Final = 512

_K = TypeVar("_K")
_V = TypeVar("_V")


class FieldTable:
    """The signatures of one field of one kind. `remembered`: values that were looked at, and their hits."""

    def __init__(self, signatures: list[Signature], layer: str, knowledge: Knowledge) -> None:
        self._signatures = signatures
        self._layer = layer
        self._knowledge = knowledge
        self._speakers: dict[str, Speaker] = {}
        self._candidates: dict[str, tuple[Signature, ...]] = {}
        self.remembered: dict[str, Found] = {}

    def look(self, value: str) -> Found:
        """Return the hits on a new value, each with the further traits that its signature needs."""
        if len(value) > _CACHED_LENGTH:
            value = value[:LONGEST_VALUE]
            return self._matches(value, self._possible(value.translate(TO_SHAPE)))
        shape = value.translate(TO_SHAPE)
        candidates = self._candidates.get(shape)
        if candidates is None:
            candidates = remember(self._candidates, shape, self._possible(shape))
        return remember(self.remembered, value, self._matches(value, candidates) if candidates else ())

    @cached_property
    def _rows(self) -> list[tuple[str, bool, Signature]]:
        """For each signature a literal that its shapes must contain, and whether the shape alone decides."""
        traits = [(trait_of(signature.pattern), signature) for signature in self._signatures]
        return [(trait.literal.translate(TO_SHAPE), trait.blind, signature) for trait, signature in traits]

    def _possible(self, shape: str) -> tuple[Signature, ...]:
        """The signatures that may fit a value of this shape; no other can."""
        folded = shape.casefold()
        return tuple([
            signature for literal, blind, signature in self._rows
            if literal in folded and not (blind and not signature.pattern.search(shape))
        ])  # fmt: skip

    def _matches(self, value: str, candidates: tuple[Signature, ...]) -> Found:
        out: list[tuple[Hit, tuple[Need, ...]]] = []
        for signature in candidates:
            if match := signature.pattern.search(value):
                says, votes, texts = self._say(signature, match)
                saw = match.group(0)[:_LONGEST_SAW] or value[:_LONGEST_SAW]
                out.append(
                    (Hit(signature.id, says, signature.strength, saw, self._layer, votes, texts), signature.needs)
                )
        return tuple(out)

    def _say(self, signature: Signature, match: re.Match[str]) -> Said:
        speaker = self._speakers.get(signature.id)
        if speaker is None:
            speaker = self._speakers[signature.id] = Speaker(signature, self._layer, self._knowledge)
        return speaker.say(match)


def remember(memory: dict[_K, _V], key: _K, value: _V) -> _V:
    """Put a value into a memory that is emptied when it is full, and return it."""
    if len(memory) >= CACHED_VALUES:
        memory.clear()
    memory[key] = value
    return value
