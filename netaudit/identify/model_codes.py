"""Model codes: what a model's name tells by itself (form factor, megapixels, channels). Rows are data."""

import re
from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Final

from netaudit.identify.device import DEVICE_TYPES
from netaudit.identify.entries import Entry, Faults, entries
from netaudit.identify.words import plain
from netaudit.toml_file import TomlFile

_TYPES: Final = frozenset(DEVICE_TYPES)
_GROUPS: Final = {"ch": "channels", "zoom": "zoom", "lens": "lens", "ir": "ir", "series": "series"}
_LONGEST_MODEL: Final = 64


@dataclass(frozen=True, slots=True, eq=False)
class ModelPattern:
    """One row: valid inside `maker` or `brand` only; `mp_codes` turns the group `rescls` into megapixels."""

    maker: str
    brand: str
    pattern: re.Pattern[str]
    type: str
    form_factor: str
    meaning: str
    mp_codes: Mapping[str, str] = field(default_factory=dict)
    examples: tuple[str, ...] = ()
    traits: Mapping[str, str] = field(default_factory=dict)


@dataclass(frozen=True, slots=True)
class Decoded:
    """What a model code says: `type`, `brand` ("" not known), traits: form_factor, megapixels, lens, channels ..."""

    type: str = ""
    traits: Mapping[str, str] = field(default_factory=dict)
    meaning: str = ""
    brand: str = ""


def read_models(file: TomlFile, makers: frozenset[str], faults: Faults) -> tuple[ModelPattern, ...]:
    """Read one file of models/, rows in order: the first match wins inside a maker."""
    out: list[ModelPattern] = []
    for entry in entries(file, "model", faults):
        with faults.tolerate():
            out.append(_read(entry, makers))
    return tuple(out)


def decode(model: str, maker: str | None, brand: str | None, rows: Mapping[str, tuple[ModelPattern, ...]]) -> Decoded:
    """Decode a model inside the maker and brand that other evidence found. `rows`: by maker id and by plain brand."""
    text = model.strip()[:_LONGEST_MODEL]
    for key in (f"brand:{plain(brand)}" if brand else "", f"maker:{maker}" if maker else ""):
        for row in rows.get(key, ()):
            if match := row.pattern.search(text):
                return Decoded(row.type, _traits(row, match), row.meaning, row.brand)
    return Decoded()


def index(rows: tuple[ModelPattern, ...]) -> dict[str, tuple[ModelPattern, ...]]:
    """Arrange the rows by maker and by brand; a brand's own rows stand before the maker's others."""
    out: dict[str, list[ModelPattern]] = {}
    for row in rows:
        if row.maker:
            out.setdefault(f"maker:{row.maker}", []).append(row)
        if row.brand:
            out.setdefault(f"brand:{plain(row.brand)}", []).append(row)
    return {key: tuple(value) for key, value in out.items()}


def _traits(row: ModelPattern, match: re.Match[str]) -> dict[str, str]:
    groups = {key: value for key, value in match.groupdict().items() if value}
    traits = dict(row.traits)
    if row.form_factor:
        traits["form_factor"] = row.form_factor
    if megapixels := row.mp_codes.get(groups.get("rescls", "")) or row.mp_codes.get(groups.get("mp", "")):
        traits["megapixels"] = megapixels
    elif "mp" in groups and not row.mp_codes:
        traits["megapixels"] = groups["mp"]
    traits.update({_GROUPS[key]: value for key, value in groups.items() if key in _GROUPS})
    if "channels" in traits:
        traits["channels"] = traits["channels"].lstrip("0") or traits["channels"]
    return traits


def _read(entry: Entry, makers: frozenset[str]) -> ModelPattern:
    try:
        pattern = re.compile(entry.text("pattern"))
    except re.error as error:
        raise entry.error(f"pattern is no regular expression: {error}", "Python's re syntax", "pattern") from error
    codes, traits = (_table(entry, key) for key in ("mp_codes", "traits"))
    row = ModelPattern(
        entry.reference("maker", makers, ""), entry.text("brand", ""), pattern,
        entry.choice("type", _TYPES | {""}, ""), entry.text("form_factor", ""), entry.text("meaning", ""),
        codes, entry.texts("examples"), traits,
    )  # fmt: skip
    for example in row.examples:
        if not pattern.search(example):
            raise entry.error(f"its own example {example[:80]!r} does not match", "a match", "examples")
    return row


def _table(entry: Entry, key: str) -> dict[str, str]:
    value = entry.data.get(key, {})
    if not isinstance(value, dict):
        raise entry.error(f"{key} is {value!r}", f"{key} as a table", key)
    return {name: str(item) for name, item in value.items()}
