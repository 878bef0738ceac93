"""Observations to hits: each (kind, field, value) is looked at once, however often it comes."""

import re
from collections.abc import Iterator
from functools import cached_property, lru_cache
from typing import Final, TypeVar

from netaudit.evidence.fields import Fields, every
from netaudit.evidence.observation import Observation
from netaudit.identify.hit import Hit, Vote
from netaudit.identify.knowledge import Knowledge
from netaudit.identify.layout import Column, Found, Layout, layout_of
from netaudit.identify.literal import trait_of
from netaudit.identify.mac_clue import block_hit, of_mac
from netaudit.identify.resolve import ballots, statements
from netaudit.identify.signature import Need, Signature

_LONGEST_VALUE: Final = 65536
_LONGEST_SAW: Final = 200
_CACHED_VALUES: Final = 8192
"""Values remembered for each field, so that a hostile network cannot fill the memory."""
_CACHED_LENGTH: Final = 512
_MAC_BLOCK: Final = len("44:19:b6:00:0")
"""The longest prefixes of the registries have 36 bits."""

_TO_SHAPE: Final = str.maketrans("123456789", "0" * 9)
"""A value with each digit as a 0 is its shape: serials, addresses and dates of a series share theirs."""

_K = TypeVar("_K")
_V = TypeVar("_V")
_Said = tuple[dict[str, str], tuple[Vote, ...], tuple[Vote, ...]]


class FieldTable:
    """The signatures of one field of one kind. `remembered`: values that were looked at, and their hits."""

    def __init__(self, signatures: list[Signature], layer: str, knowledge: Knowledge) -> None:
        self._signatures = signatures
        self._layer = layer
        self._knowledge = knowledge
        self._settled: dict[str, _Said] = {}
        self._candidates: dict[str, tuple[Signature, ...]] = {}
        self.remembered: dict[str, Found] = {}

    def look(self, value: str) -> Found:
        """Return the hits on a new value, each with the further traits that its signature needs."""
        if len(value) > _CACHED_LENGTH:
            value = value[:_LONGEST_VALUE]
            return self._matches(value, self._possible(value.translate(_TO_SHAPE)))
        shape = value.translate(_TO_SHAPE)
        candidates = self._candidates.get(shape)
        if candidates is None:
            candidates = remember(self._candidates, shape, self._possible(shape))
        return remember(self.remembered, value, self._matches(value, candidates))

    @cached_property
    def _rows(self) -> list[tuple[str, bool, Signature]]:
        """For each signature a literal that its shapes must contain, and whether the shape alone decides."""
        traits = [(trait_of(signature.pattern), signature) for signature in self._signatures]
        return [(trait.literal.translate(_TO_SHAPE), trait.blind, signature) for trait, signature in traits]

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
                says, votes, texts = self._settled.get(signature.id) or self._say(signature, match)
                saw = match.group(0)[:_LONGEST_SAW] or value[:_LONGEST_SAW]
                out.append(
                    (Hit(signature.id, says, signature.strength, saw, self._layer, votes, texts), signature.needs)
                )
        return tuple(out)

    def _say(self, signature: Signature, match: re.Match[str]) -> _Said:
        says = statements(signature, match, self._knowledge)
        said = (says, *ballots(says, self._layer, signature.strength))
        if not any("{" in template for template in signature.says.values()):
            self._settled[signature.id] = said  # says the same whatever it saw
        return said


class Matcher:
    """All signatures of a knowledge, arranged by kind and field."""

    def __init__(self, knowledge: Knowledge) -> None:
        self.knowledge = knowledge
        self._mac_layer = knowledge.layer("link.mac", "mac")
        self._mac_hits: dict[str, tuple[Hit, ...]] = {}
        self._mac_blocks: dict[str, Hit] = {}
        grouped: dict[str, dict[str, list[Signature]]] = {}
        for signature in knowledge.signatures.values():
            grouped.setdefault(signature.kind, {}).setdefault(signature.field, []).append(signature)
        self._columns = {kind: tuple(self._arranged(kind, fields)) for kind, fields in grouped.items()}
        self._layouts: dict[tuple[str, ...], Layout] = {}

    def layout(self, observation: Observation) -> Layout:
        """Return which fields of an observation matter."""
        key = (observation.kind, *observation.fields)
        known = self._layouts.get(key)
        if known is None:
            columns = self._columns.get(observation.kind, ())
            found = layout_of(observation.kind, frozenset(observation.fields), columns)
            known = remember(self._layouts, key, found)
        return known

    def hits(self, fields: Fields, layout: Layout) -> tuple[Hit, ...]:
        """Return every signature that fits an answer, in the order of the word files."""
        out: list[Hit] = []
        for name, remembered, look in layout.columns:
            value = fields[name]
            for text in (value,) if isinstance(value, str) else value:
                found = remembered.get(text)
                for hit, needs in look(text) if found is None else found:
                    if not needs or _shows(fields, needs):
                        out.append(hit)
        return tuple(out)

    def _arranged(self, kind: str, fields: dict[str, list[Signature]]) -> Iterator[Column]:
        for name, rows in fields.items():
            table = FieldTable(rows, self.knowledge.layer(kind, name), self.knowledge)
            yield name, table.remembered, table.look

    def mac_hits(self, mac: str) -> tuple[Hit, ...]:
        """Return what the registries say of a normalised MAC, as a hit of the hardware layer."""
        known = self._mac_hits.get(mac)
        if known is None:
            block = mac[:_MAC_BLOCK]
            told = self._mac_blocks.get(block)
            if told is None:
                told = remember(self._mac_blocks, block, block_hit(mac, self.knowledge, self._mac_layer))
            known = remember(self._mac_hits, mac, (of_mac(told, mac),))
        return known


@lru_cache(maxsize=4)
def matcher_for(knowledge: Knowledge) -> Matcher:
    """Return the matcher of a knowledge, built once."""
    return Matcher(knowledge)


def remember(memory: dict[_K, _V], key: _K, value: _V) -> _V:
    """Put a value into a memory that is emptied when it is full, and return it."""
    if len(memory) >= _CACHED_VALUES:
        memory.clear()
    memory[key] = value
    return value


def _shows(fields: Fields, needs: tuple[Need, ...]) -> bool:
    return all(
        any(need.pattern.search(value[:_LONGEST_VALUE]) for value in every(fields, need.field)) for need in needs
    )
