"""Observations to hits: each (kind, field, value) is looked at once, however often it comes."""

from functools import lru_cache
from typing import Final

from netaudit.evidence.fields import Fields, every
from netaudit.evidence.observation import Observation
from netaudit.identify.hit import Hit
from netaudit.identify.knowledge import Knowledge
from netaudit.identify.literal import required_literal
from netaudit.identify.mac_clue import mac_hit
from netaudit.identify.resolve import ballots, statements
from netaudit.identify.signature import Need, Signature

_LONGEST_VALUE: Final = 65536
_LONGEST_SAW: Final = 200
_CACHED_VALUES: Final = 100_000
"""Values remembered for each field, so that a hostile network cannot fill the memory."""
_CACHED_LENGTH: Final = 512

_Found = tuple[tuple[Hit, tuple[Need, ...]], ...]


class FieldTable:
    """The signatures of one field of one kind."""

    def __init__(self, signatures: list[Signature], layer: str, knowledge: Knowledge) -> None:
        self._rows = [(required_literal(signature.pattern), signature) for signature in signatures]
        self._layer = layer
        self._knowledge = knowledge
        self._cache: dict[str, _Found] = {}

    def hits(self, value: str) -> _Found:
        """Return the hits on one value, each with the further traits that its signature needs."""
        found = self._cache.get(value)
        if found is None:
            found = self._look(value[:_LONGEST_VALUE])
            if len(value) <= _CACHED_LENGTH:
                if len(self._cache) >= _CACHED_VALUES:
                    self._cache.clear()
                self._cache[value] = found
        return found

    def _look(self, value: str) -> _Found:
        folded = value.casefold()
        out: list[tuple[Hit, tuple[Need, ...]]] = []
        for literal, signature in self._rows:
            if literal in folded and (match := signature.pattern.search(value)):
                says = statements(signature, match, self._knowledge)
                votes, texts = ballots(says, self._layer, signature.strength)
                saw = match.group(0)[:_LONGEST_SAW] or value[:_LONGEST_SAW]
                hit = Hit(signature.id, says, signature.strength, saw, self._layer, votes, texts)
                out.append((hit, signature.needs))
        return tuple(out)


class Matcher:
    """All signatures of a knowledge, arranged by kind and field."""

    def __init__(self, knowledge: Knowledge) -> None:
        self.knowledge = knowledge
        self._mac_layer = knowledge.layer("link.mac", "mac")
        self._mac_hits: dict[str, tuple[Hit, ...]] = {}
        grouped: dict[str, dict[str, list[Signature]]] = {}
        for signature in knowledge.signatures.values():
            grouped.setdefault(signature.kind, {}).setdefault(signature.field, []).append(signature)
        self._tables = {
            kind: tuple(
                (field, FieldTable(rows, knowledge.layer(kind, field), knowledge)) for field, rows in fields.items()
            )
            for kind, fields in grouped.items()
        }

    def hits(self, observation: Observation) -> tuple[Hit, ...]:
        """Return every signature that fits this observation, in the order of the word files."""
        tables = self._tables.get(observation.kind)
        if not tables:
            return ()
        fields = observation.fields
        out: list[Hit] = []
        for name, table in tables:
            value = fields.get(name)
            if value is None:
                continue
            for text in (value,) if isinstance(value, str) else value:
                for hit, needs in table.hits(text):
                    if not needs or _shows(fields, needs):
                        out.append(hit)
        return tuple(out)

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
