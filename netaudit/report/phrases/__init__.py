"""Sentences that the program puts together for plan and findings, in other languages, one TOML file a language.

They are made in English, far from any report, and kept in plans and findings as such. A phrase names the English form
with its values in braces, and the same in the other language:

    {name}   any text, taken as it stands        {+name}  a phrase by itself, else this one does not fit
    {#name}  figures; their separators change    {,name} {;name} {&name}  a list: each a phrase where there is one
"""

import re
import tomllib
from collections.abc import Mapping
from dataclasses import dataclass, field
from functools import cache
from pathlib import Path
from typing import Final

_FOLDER: Final = Path(__file__).resolve().parent
_SLOT: Final = re.compile(r"\{([+#,;&]?)(\w+)\}")
_FIGURE: Final = re.compile(r"\d[\d,]*(?:\.\d+)?")
_AMOUNT: Final = r"[\d.,\u2013]+(?: [A-Z]{3})?"
_LISTS: Final = {",": ", ", ";": "; ", "&": " and "}
_MOST: Final = 20_000
"""Translations kept: findings of thousands of units repeat, and a hostile log must not fill the memory."""


@dataclass(frozen=True, slots=True)
class _Phrase:
    begins: str
    ends: str
    pattern: re.Pattern[str]
    kinds: Mapping[str, str]
    other: str


@dataclass(slots=True)
class Phrases:
    """The phrases of one language. `figures`: separators of thousands and decimals."""

    words: Mapping[str, str]
    forms: tuple[_Phrase, ...]
    figures: tuple[str, str]
    joined: str
    _known: dict[str, str | None] = field(default_factory=dict)

    def of(self, text: str) -> str | None:
        """Return the text in this language; None where no phrase fits."""
        if text not in self._known:
            if len(self._known) >= _MOST:
                self._known.clear()
            self._known[text] = self._find(text)
        return self._known[text]

    def _find(self, text: str) -> str | None:
        if (word := self.words.get(text)) is not None:
            return word
        for form in self.forms:
            if text.startswith(form.begins) and text.endswith(form.ends):
                made = self._filled(form, text)
                if made is not None:
                    return made
        return None

    def _filled(self, form: _Phrase, text: str) -> str | None:
        found = form.pattern.fullmatch(text)
        if found is None:
            return None
        values: dict[str, str] = {}
        for name, kind in form.kinds.items():
            value = self._value(kind, found[name])
            if value is None:
                return None
            values[name] = value
        return form.other.format_map(values)

    def _value(self, kind: str, text: str) -> str | None:
        if kind == "+":
            return self.of(text)
        if kind == "#":
            return refigured(text, *self.figures)
        if kind in _LISTS:
            return self._list(kind, text)
        return text

    def _list(self, kind: str, text: str) -> str:
        """Return a list part by part; as a whole only where it has no parts that are phrases."""
        between, parts = self.joined if kind == "&" else _LISTS[kind], text.split(_LISTS[kind])
        said = [self.of(part) for part in parts]
        if None in said and (whole := self.of(text)) is not None:
            return whole
        return between.join(new or old for new, old in zip(said, parts, strict=True))


def refigured(text: str, thousands: str, decimal: str) -> str:
    """Return a text in which figures written as "1,234.50" have these separators."""

    def figure(found: re.Match[str]) -> str:
        whole, point, rest = found.group().partition(".")
        return whole.replace(",", thousands) + (decimal + rest if point else "")

    return _FIGURE.sub(figure, text)


@cache
def load_phrases(language: str, figures: tuple[str, str]) -> Phrases | None:
    """Load the phrases of a language; None for the language that they are made in."""
    path = _FOLDER / f"{language}.toml"
    if not path.is_file():
        return None
    data = tomllib.loads(path.read_text(encoding="utf-8"))
    pairs: Mapping[str, str] = {row["en"]: row["say"] for row in data["phrase"]}
    words = {english: other for english, other in pairs.items() if "{" not in english}
    forms = tuple(_form(english, other) for english, other in pairs.items() if "{" in english)
    return Phrases(words, forms, figures, data["and"])


def _form(english: str, other: str) -> _Phrase:
    parts = _SLOT.split(english)
    kinds = dict(zip(parts[2::3], parts[1::3], strict=True))
    pattern = "".join(
        re.escape(part) if place % 3 == 0 else f"(?P<{part}>{_AMOUNT if kinds[part] == '#' else '.+?'})"
        for place, part in enumerate(parts)
        if place % 3 != 1
    )
    return _Phrase(parts[0], parts[-1], re.compile(pattern, re.DOTALL), kinds, other)
