"""Observations to hits: each (kind, field, value) is looked at once, however often it comes."""

import re
from collections.abc import Iterator
from functools import lru_cache
from typing import Final

from netaudit.evidence.fields import Fields, every
from netaudit.evidence.observation import Observation
from netaudit.identify.hit import Hit, Vote
from netaudit.identify.knowledge import Knowledge
from netaudit.identify.layout import Column, Found, Layout, layout_of
from netaudit.identify.literal import required_literal
from netaudit.identify.mac_clue import mac_hit
from netaudit.identify.resolve import ballots, statements
from netaudit.identify.signature import Need, Signature

_LONGEST_VALUE: Final = 65536
_LONGEST_SAW: Final = 200
_CACHED_VALUES: Final = 8192
"""Values remembered for each field, so that a hostile network cannot fill the memory."""
_CACHED_LENGTH: Final = 512
_CACHED_LAYOUTS: Final = 4096

_Said = tuple[dict[str, str], tuple[Vote, ...], tuple[Vote, ...]]


class FieldTable:
    """The signatures of one field of one kind. `remembered`: values that were looked at, and their hits."""

    def __init__(self, signatures: list[Signature], layer: str, knowledge: Knowledge) -> None:
        self._rows = [(required_literal(signature.pattern), signature) for signature in signatures]
        self._layer = layer
        self._knowledge = knowledge
        self._settled: dict[str, _Said] = {}
        self.remembered: dict[str, Found] = {}

    def look(self, value: str) -> Found:
        """Return the hits on a new value, each with the further traits that its signature needs."""
        found = self._look(value[:_LONGEST_VALUE])
        if len(value) <= _CACHED_LENGTH:
            if len(self.remembered) >= _CACHED_VALUES:
                self.remembered.clear()
            self.remembered[value] = found
        return found

    def _look(self, value: str) -> Found:
        folded = value.casefold()
        out: list[tuple[Hit, tuple[Need, ...]]] = []
        for literal, signature in self._rows:
            if literal in folded and (match := signature.pattern.search(value)):
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
            if len(self._layouts) >= _CACHED_LAYOUTS:
                self._layouts.clear()
            columns = self._columns.get(observation.kind, ())
            known = self._layouts[key] = layout_of(observation.kind, frozenset(observation.fields), columns)
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
            if len(self._mac_hits) >= _CACHED_VALUES:
                self._mac_hits.clear()
            known = self._mac_hits[mac] = (mac_hit(mac, self.knowledge, self._mac_layer),)
        return known


@lru_cache(maxsize=4)
def matcher_for(knowledge: Knowledge) -> Matcher:
    """Return the matcher of a knowledge, built once."""
    return Matcher(knowledge)


def _shows(fields: Fields, needs: tuple[Need, ...]) -> bool:
    return all(
        any(need.pattern.search(value[:_LONGEST_VALUE]) for value in every(fields, need.field)) for need in needs
    )
