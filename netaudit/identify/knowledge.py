"""What we know about makers, labels and their traits: loaded once from signatures/, validated, then immutable."""

import hashlib
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from functools import cached_property
from pathlib import Path
from typing import Final

from netaudit.data import data_folder
from netaudit.errors import DataError
from netaudit.identify.entries import Faults, entries
from netaudit.identify.model_codes import ModelPattern, index, read_models
from netaudit.identify.oui import OuiTable
from netaudit.identify.signature import Signature, read_signatures
from netaudit.identify.words import (
    Brand,
    Edge,
    Maker,
    Platform,
    plain,
    read_brands,
    read_edges,
    read_makers,
    read_platforms,
)
from netaudit.toml_file import TomlFile, read_toml

_PARTS: Final = ("makers.toml", "platforms.toml", "brands.toml", "affiliations.toml", "layers.toml")


@dataclass(frozen=True, eq=False)
class Knowledge:
    """Everything that identification knows. `faults`: entries left out in lenient mode. `folders`: where it is from."""

    makers: dict[str, Maker] = field(default_factory=dict)
    platforms: dict[str, Platform] = field(default_factory=dict)
    brands: dict[str, Brand] = field(default_factory=dict)
    affiliations: tuple[Edge, ...] = ()
    layers: Mapping[tuple[str, str], str] = field(default_factory=dict)
    signatures: dict[str, Signature] = field(default_factory=dict)
    models: tuple[ModelPattern, ...] = ()
    oui: OuiTable = field(default_factory=lambda: OuiTable(None))
    faults: tuple[DataError, ...] = ()
    folders: tuple[Path, ...] = ()

    @cached_property
    def digest(self) -> str:
        """SHA-256 (hex) over the names and bytes of all files used, the MAC registries included."""
        total = hashlib.sha256()
        for folder in self.folders:
            for path in signature_files(folder):
                total.update(path.relative_to(folder).as_posix().encode() + b"\0")
                total.update(hashlib.sha256(path.read_bytes()).digest())
        total.update(self.oui.digest.encode())
        return total.hexdigest()

    @cached_property
    def model_rows(self) -> dict[str, tuple[ModelPattern, ...]]:
        """Model patterns by `maker:<id>` and `brand:<plain name>`."""
        return index(self.models)

    @cached_property
    def brand_names(self) -> dict[str, str]:
        """Plain name or alias of a brand to its id; the id's and name's own claim comes before an alias of another."""
        return _names(self.brands.values())

    @cached_property
    def maker_names(self) -> dict[str, str]:
        """Plain name, short name or alias of a maker to its id."""
        names = _names(self.makers.values())
        for maker in self.makers.values():
            if maker.short:
                names.setdefault(plain(maker.short), maker.id)
        return names

    @cached_property
    def own_brands(self) -> dict[str, str]:
        """Maker id to the id of its own label: the one of the same id, else the first of the word list."""
        out: dict[str, str] = {}
        for brand in self.brands.values():
            if brand.own_of and (brand.own_of not in out or brand.id == brand.own_of):
                out[brand.own_of] = brand.id
        return out

    def layer(self, kind: str, field_name: str = "") -> str:
        """Return the independent layer that a field of a kind belongs to; the kind's first word where none is given."""
        return self.layers.get((kind, field_name)) or self.layers.get((kind, "")) or kind.partition(".")[0]

    def family(self, maker: str) -> tuple[str, ...]:
        """Return the maker and its owners, nearest first."""
        chain: list[str] = []
        while maker and maker not in chain:
            chain.append(maker)
            maker = self.makers[maker].parent if maker in self.makers else ""
        return tuple(chain)


def load_knowledge(
    folders: Sequence[Path] = (), *, lenient: bool = False, oui_folder: Path | None = None, built_in: bool = True
) -> Knowledge:
    """Load the built-in signatures, then each folder of the user's own; a later entry replaces one of the same id.

    `lenient`: entries with mistakes are left out and listed in `faults` instead of raising DataError.
    """
    places = ([data_folder("signatures")] if built_in else []) + list(folders)
    faults = Faults(lenient)
    shipped = _oui_folder()
    knowledge = Knowledge(folders=tuple(places), oui=OuiTable(oui_folder or shipped, shipped if built_in else None))
    for folder in places:
        if not folder.is_dir():
            raise DataError(str(folder), "is no folder", "a folder laid out like signatures/")
        knowledge = _add(knowledge, folder, faults)
    return _with(knowledge, faults=tuple(faults.found))


def signature_files(folder: Path) -> list[Path]:
    """Return the files of a signatures folder that identification reads, sorted by name."""
    parts = [folder / name for name in _PARTS if (folder / name).is_file()]
    return sorted([*parts, *folder.glob("fingerprints/*.toml"), *folder.glob("models/*.toml")])


def _oui_folder() -> Path | None:
    try:
        return data_folder("oui_data")
    except FileNotFoundError:
        return None


def _with(knowledge: Knowledge, **changes: object) -> Knowledge:
    values = {name: getattr(knowledge, name) for name in Knowledge.__dataclass_fields__}
    return Knowledge(**{**values, **changes})


def _add(knowledge: Knowledge, folder: Path, faults: Faults) -> Knowledge:
    files = {path.relative_to(folder).as_posix(): file for path, file in _read_all(folder, faults)}
    blank = TomlFile(folder, {}, b"")
    part = {name: files.get(name, blank) for name in _PARTS}
    makers = knowledge.makers | read_makers(part["makers.toml"], faults)
    platforms = knowledge.platforms | read_platforms(part["platforms.toml"], makers, faults)
    brands = knowledge.brands | read_brands(part["brands.toml"], makers, faults)
    grown = _with(
        knowledge,
        makers=makers, platforms=platforms, brands=brands,
        affiliations=knowledge.affiliations + read_edges(part["affiliations.toml"], faults),
        layers={**knowledge.layers, **_layers(part["layers.toml"], faults)},
    )  # fmt: skip
    _check_parents(part["makers.toml"], makers, faults)
    signatures, models = dict(knowledge.signatures), knowledge.models
    for name, file in sorted(files.items()):
        if name.startswith("fingerprints/"):
            signatures |= _new_signatures(file, grown, signatures.keys() - knowledge.signatures.keys(), faults)
        elif name.startswith("models/"):
            # The user's own rows come first: the first match wins.
            own = read_models(file, frozenset(makers), faults)
            models = (own + models) if knowledge.models else (models + own)
    return _with(grown, signatures=signatures, models=models)


def _read_all(folder: Path, faults: Faults) -> Iterable[tuple[Path, TomlFile]]:
    for path in signature_files(folder):
        with faults.tolerate():
            yield path, read_toml(path)


def _new_signatures(file: TomlFile, words: Knowledge, taken: Iterable[str], faults: Faults) -> dict[str, Signature]:
    new = read_signatures(file, file.path.stem, words, faults)
    for name in sorted(set(taken) & set(new)):
        with faults.tolerate():
            raise DataError(str(file.path), f"signature {name!r}: another file has the same id", "a new id")
    return new


def _check_parents(file: TomlFile, makers: Mapping[str, Maker], faults: Faults) -> None:
    for entry in entries(file, "maker", faults):
        with faults.tolerate():
            entry.reference("parent", frozenset(makers), "")


def _layers(file: TomlFile, faults: Faults) -> dict[tuple[str, str], str]:
    out: dict[tuple[str, str], str] = {}
    for entry in entries(file, "layer", faults):
        with faults.tolerate():
            out[(entry.text("kind"), entry.text("field", ""))] = entry.text("layer")
    return out


def _names(items: Iterable[Maker | Brand]) -> dict[str, str]:
    rows = list(items)
    names: dict[str, str] = {}
    for item in rows:
        names.setdefault(plain(item.name), item.id)
        names.setdefault(plain(item.id), item.id)
    for item in rows:
        for alias in item.aliases:
            names.setdefault(plain(alias), item.id)
    names.pop("", None)
    return names
