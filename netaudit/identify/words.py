"""The word lists: makers, platforms, brands, who makes what for whom, and who belongs to whom."""

import re
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Final

from netaudit.identify.entries import Entry, Faults, children, entries
from netaudit.toml_file import TomlFile

OWN_RELATIONS: Final = frozenset({"self", "subsidiary", "consumer_brand"})
"""Relations that make a brand the maker's own; every other one is a relabel."""
_SURE: Final = frozenset({"high", "medium", "low"})
_NAME_CHARACTERS: Final = 256
_PUNCTUATION: Final = re.compile(r"[\W_]+")
_ASCII_PUNCTUATION: Final = {code: None for code in range(128) if not chr(code).isalnum()}


@dataclass(frozen=True, slots=True)
class Maker:
    """Who builds. `country`: ISO code; `parent`: id of the owning maker or ""."""

    id: str
    name: str
    short: str = ""
    country: str = ""
    parent: str = ""
    aliases: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class Platform:
    """Whose firmware speaks. `maker` is "" where the platform tells no maker."""

    id: str
    maker: str
    name: str
    kind: str = ""


@dataclass(frozen=True, slots=True)
class MadeBy:
    """One maker behind a brand: how sure, for which part of its range, where and when."""

    maker: str
    relation: str
    scope: str
    region: str
    years: str
    confidence: str
    note: str = ""


@dataclass(frozen=True, slots=True)
class Brand:
    """A label. `own_of`: the maker whose own label it is, or ""."""

    id: str
    name: str
    aliases: tuple[str, ...] = ()
    own_of: str = ""
    made_by: tuple[MadeBy, ...] = ()


@dataclass(frozen=True, slots=True)
class Edge:
    """One affiliation: `origin` stands in relation `kind` to `target`, from `since` until `until` (ISO dates or "")."""

    origin: str
    target: str
    kind: str
    since: str = ""
    until: str = ""
    confidence: str = "high"


def read_makers(file: TomlFile, faults: Faults) -> dict[str, Maker]:
    """Read makers.toml, id to maker."""
    out: dict[str, Maker] = {}
    for entry in entries(file, "maker", faults):
        with faults.tolerate():
            key = _fresh_id(entry, out)
            out[key] = Maker(
                key, entry.text("name"), entry.text("short", ""), entry.text("country", ""),
                entry.text("parent", ""), entry.texts("aliases"),
            )  # fmt: skip
    return out


def read_platforms(file: TomlFile, makers: Mapping[str, Maker], faults: Faults) -> dict[str, Platform]:
    """Read platforms.toml, id to platform."""
    out: dict[str, Platform] = {}
    for entry in entries(file, "platform", faults):
        with faults.tolerate():
            key = _fresh_id(entry, out)
            maker = entry.reference("maker", frozenset(makers), "")
            out[key] = Platform(key, maker, entry.text("name"), entry.text("kind", ""))
    return out


def read_brands(file: TomlFile, makers: Mapping[str, Maker], faults: Faults) -> dict[str, Brand]:
    """Read brands.toml, id to brand."""
    out: dict[str, Brand] = {}
    rows = entries(file, "brand", faults)
    made = children(rows, "made_by")
    for entry in rows:
        with faults.tolerate():
            key = _fresh_id(entry, out)
            own_of = entry.reference("own_of", frozenset(makers), "")
            made_by = tuple(_made_by(child, makers) for child in made[entry.index])
            out[key] = Brand(key, entry.text("name"), entry.texts("aliases"), own_of, made_by)
    return out


def read_edges(file: TomlFile, faults: Faults) -> tuple[Edge, ...]:
    """Read affiliations.toml."""
    out: list[Edge] = []
    for entry in entries(file, "edge", faults):
        with faults.tolerate():
            since, until = (str(entry.data.get(key, "")) for key in ("since", "until"))
            sure = entry.choice("confidence", _SURE, "high")
            out.append(Edge(entry.text("from"), entry.text("to"), entry.text("kind"), since, until, sure))
    return tuple(out)


def plain(text: str) -> str:
    """Return a name without case, blanks and punctuation, so that "CP-PLUS" equals "CP Plus"."""
    folded = text[:_NAME_CHARACTERS].casefold()
    if folded.isalnum():
        return folded
    return folded.translate(_ASCII_PUNCTUATION) if folded.isascii() else _PUNCTUATION.sub("", folded)


def _fresh_id(entry: Entry, seen: Mapping[str, object]) -> str:
    key = entry.id()
    if key in seen:
        raise entry.error("the id is used twice", "a new id", "id")
    return key


def _made_by(entry: Entry, makers: Mapping[str, Maker]) -> MadeBy:
    return MadeBy(
        maker=entry.reference("maker", frozenset(makers)),
        relation=entry.text("relation"),
        scope=entry.text("scope", "all"),
        region=entry.text("region", ""),
        years=entry.text("years", ""),
        confidence=entry.choice("confidence", _SURE),
        note=entry.text("note", ""),
    )
