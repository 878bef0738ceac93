"""From a peer's free text to a maker or label of our word lists: a peer is given every name and alias that we know."""

import re
from collections.abc import Iterable
from functools import lru_cache
from typing import Final

from benchmarks.accuracy.labelled import Truth
from benchmarks.accuracy.score import Said
from netaudit.identify.knowledge import Knowledge

SOFTWARE: Final = frozenset({"allegro", "apache", "canonical", "debian", "nginx", "openwrt"})
"""Names of web servers and systems: a peer that prints one says nothing about who made the device."""


class Names:
    """Finds makers and labels in text, as whole words, the longest name first."""

    def __init__(self, knowledge: Knowledge) -> None:
        makers = [maker for maker in knowledge.makers.values() if maker.id not in SOFTWARE]
        self._makers = _table((m.id, (m.name, m.short, *m.aliases)) for m in makers)
        self._brands = _table((b.id, (b.name, *b.aliases)) for b in knowledge.brands.values())

    def makers(self, text: str) -> tuple[str, ...]:
        """Return the ids of the makers named in a text."""
        return _found(text, self._makers)

    def brands(self, text: str) -> tuple[str, ...]:
        """Return the ids of the labels named in a text."""
        return _found(text, self._brands)

    def said(self, text: str, truth: Truth) -> Said:
        """Return what a peer said. Where it names several makers or labels, a right one among them counts."""
        maker, brand = _best(self.makers(text), truth.maker), _best(self.brands(text), truth.brand)
        return Said(maker, brand, None, None, "confirmed" if maker else "unknown")


def _best(named: tuple[str, ...], right: str) -> str | None:
    if right in named:
        return right
    return named[0] if named else None


def _table(rows: Iterable[tuple[str, Iterable[str]]]) -> tuple[tuple[str, str], ...]:
    names = {name: identifier for identifier, spellings in rows for name in spellings if len(name) > 2}
    return tuple(sorted(names.items(), key=lambda item: -len(item[0])))


def _found(text: str, table: tuple[tuple[str, str], ...]) -> tuple[str, ...]:
    return tuple(dict.fromkeys(identifier for name, identifier in table if _word(name).search(text)))


@lru_cache(maxsize=8192)
def _word(name: str) -> re.Pattern[str]:
    return re.compile(rf"(?<![A-Za-z0-9]){re.escape(name)}(?![A-Za-z0-9])", re.IGNORECASE)
