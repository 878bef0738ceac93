"""Observations to hits: each (kind, field, value) is looked at once, however often it comes."""

from collections.abc import Iterator
from functools import lru_cache
from typing import Final

from netaudit.evidence.fields import Fields
from netaudit.evidence.form import Filled, Form
from netaudit.evidence.observation import Observation
from netaudit.identify.field_table import FieldTable, remember
from netaudit.identify.hit import Hit
from netaudit.identify.knowledge import Knowledge
from netaudit.identify.layout import Column, Layout, layout_of
from netaudit.identify.mac_clue import block_hit, of_mac
from netaudit.identify.signature import Signature

_MAC_BLOCK: Final = len("44:19:b6:00:0")
"""The longest prefixes of the registries have 36 bits."""


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
        self._layouts: dict[Form | tuple[str, ...], Layout] = {}

    def layout(self, observation: Observation) -> Layout:
        """Return which fields of an observation matter."""
        fields = observation.fields
        key = fields.form if type(fields) is Filled else (observation.kind, *fields)
        known = self._layouts.get(key)
        if known is None:
            found = layout_of(observation.kind, frozenset(fields), self._columns.get(observation.kind, ()))
            if type(fields) is Filled:
                found.settle(fields.form)
            known = remember(self._layouts, key, found)
        return known

    def hits(self, fields: Fields, layout: Layout) -> tuple[Hit, ...]:
        """Return every signature that fits an answer, in the order of the word files."""
        out: list[Hit] = []
        words = fields.words if type(fields) is Filled else ()
        for name, remembered, look, settled, part in layout.columns:
            if settled is not None:
                out += settled
                continue
            value = part(words) if part else fields[name]
            for text in (value,) if isinstance(value, str) else value:
                found = remembered.get(text)
                for hit, needs in look(text) if found is None else found:
                    if not needs or layout.shows(fields, needs):
                        out.append(hit)
        return tuple(out)

    def _arranged(self, kind: str, fields: dict[str, list[Signature]]) -> Iterator[Column]:
        for name, rows in fields.items():
            table = FieldTable(rows, self.knowledge.layer(kind, name), self.knowledge)
            yield Column(name, table.remembered, table.look)

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
