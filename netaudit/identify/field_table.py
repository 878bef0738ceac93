"""The signatures of one field of one kind, held against its values: each value once, each shape of a value once."""

from collections.abc import Callable, Iterable
from functools import cached_property
from typing import Final, NamedTuple, TypeVar

from netaudit.identify.hit import Hit
from netaudit.identify.knowledge import Knowledge
from netaudit.identify.layout import LONGEST_VALUE, Found
from netaudit.identify.literal import trait_of
from netaudit.identify.signature import Need, Signature
from netaudit.identify.speaker import Speaker
from netaudit.identify.stencil import Stencil

CACHED_VALUES: Final = 8192
"""Values remembered for each field, so that a hostile network cannot fill the memory."""
TO_SHAPE: Final = str.maketrans("123456789", "0" * 9)
"""A value with each digit as a 0 is its shape: serials, addresses and dates of a series share theirs."""
_CACHED_LENGTH: Final = 512
_FEW: Final = 5
"""Signatures of a field that are held against each value themselves, where none has a text of its own to cut out."""

_K = TypeVar("_K")
_V = TypeVar("_V")


class FieldTable:
    """The signatures of one field of one kind. `remembered`: values that were looked at, and their hits."""

    def __init__(self, signatures: list[Signature], layer: str, knowledge: Knowledge) -> None:
        self._speakers = [Speaker(signature, layer, knowledge) for signature in signatures]
        self._is_short = len(signatures) <= _FEW and not any(speaker.own for speaker in self._speakers)
        self._candidates: dict[str, tuple[_Candidate, ...]] = {}
        self._makers: dict[str, tuple[_Maker, ...]] = {}
        self.remembered: dict[str, Found] = {}

    def look(self, value: str) -> Found:
        """Return the hits on a new value, each with the further traits that its signature needs."""
        if self._is_short:
            return self._directly(value)
        if len(value) > _CACHED_LENGTH:
            value = value[:LONGEST_VALUE]
            return _matches(value, self._possible(value.translate(TO_SHAPE)))
        shape = value.translate(TO_SHAPE)
        makers = self._makers.get(shape)
        if makers is None:
            return remember(self.remembered, value, self._new(value, shape))
        if not makers:
            return ()
        found = [(hit, needs) for make, needs in makers if (hit := make(value)) is not None]
        return remember(self.remembered, value, tuple(found))

    def _directly(self, value: str) -> Found:
        """Hold a value against few signatures: that is quicker than to make out its shape."""
        short = value[:LONGEST_VALUE]
        folded = short.casefold()
        found = _matches(short, [candidate for literal, candidate in self._literals if literal in folded])
        if found and len(value) <= _CACHED_LENGTH:
            remember(self.remembered, value, found)
        return found

    def _new(self, value: str, shape: str) -> Found:
        """Look at the first values of a shape: on the second it is settled how hits are made of all further ones."""
        candidates = self._candidates.get(shape)
        if candidates is None:
            candidates = remember(self._candidates, shape, self._possible(shape))
        elif candidates:
            remember(self._makers, shape, tuple([candidate.maker(shape) for candidate in candidates]))
        if not candidates:
            remember(self._makers, shape, ())
        return _matches(value, candidates)

    @cached_property
    def _literals(self) -> list[tuple[str, "_Candidate"]]:
        """For each signature a literal that its values must contain, and whether their shape alone decides."""
        traits = [(trait_of(speaker.signature.pattern), speaker) for speaker in self._speakers]
        return [(trait.literal, _Candidate(speaker, trait.blind)) for trait, speaker in traits]

    @cached_property
    def _rows(self) -> list[tuple[str, "_Candidate"]]:
        """The same for shapes."""
        return [(literal.translate(TO_SHAPE), candidate) for literal, candidate in self._literals]

    def _possible(self, shape: str) -> tuple["_Candidate", ...]:
        """The signatures that may fit a value of this shape; no other can."""
        folded = shape.casefold()
        return tuple([
            candidate for literal, candidate in self._rows
            if literal in folded and not (candidate.blind and not candidate.speaker.signature.pattern.search(shape))
        ])  # fmt: skip


class _Candidate(NamedTuple):
    """A signature that may fit values of a shape. `blind`: the shape alone decides."""

    speaker: Speaker
    blind: bool

    def hit(self, value: str) -> Hit | None:
        """Return the hit on a value, None where the signature does not fit it."""
        match = self.speaker.signature.pattern.search(value)
        return self.speaker.hit(match, value) if match else None

    def maker(self, shape: str) -> "_Maker":
        """Return how the hits on values of a shape are made, and the further traits that are needed."""
        stencil = Stencil.of(shape, self.speaker) if self.blind else None
        return stencil.hit if stencil else self.hit, self.speaker.signature.needs


_Maker = tuple[Callable[[str], Hit | None], tuple[Need, ...]]


def _matches(value: str, candidates: Iterable[_Candidate]) -> Found:
    return tuple([
        (speaker.hit(match, value), speaker.signature.needs)
        for speaker, _ in candidates if (match := speaker.signature.pattern.search(value))
    ])  # fmt: skip


def remember(memory: dict[_K, _V], key: _K, value: _V) -> _V:
    """Put a value into a memory that is emptied when it is full, and return it."""
    if len(memory) >= CACHED_VALUES:
        memory.clear()
    memory[key] = value
    return value
