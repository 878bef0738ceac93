"""Who a MAC address is registered to: longest prefix over the IEEE registries (36, 28, 24 bits).

Sources: oui_data/SOURCE.md. The roles of camera_makers.csv decide what a prefix may say; see facts in oem.md section 3:
a label's own block hides the maker, a module maker's block says nothing, a giant's block is mostly other equipment.
"""

import csv
import hashlib
import re
from collections.abc import Mapping
from dataclasses import dataclass
from functools import cached_property
from pathlib import Path
from typing import Final, Literal, TypeAlias

MacState: TypeAlias = Literal["found", "no match", "no MAC", "locally administered", "multicast", "malformed"]
Role: TypeAlias = Literal["camera maker", "module maker", "generic", ""]

_REGISTRIES: Final = ("mal.csv", "mam.csv", "mas.csv", "iab.csv")
_CAMERA_MAKERS: Final = "camera_makers.csv"
_NORMAL: Final = re.compile("[0-9a-f]{2}(?::[0-9a-f]{2}){5}")
_DIGITS: Final = re.compile(r"[0-9a-f]{12}")
_SEPARATORS: Final = str.maketrans("", "", ":-. ")
_GIVEN: Final = "048c"
"""Second digits of addresses without the group bit and the local bit."""
_LENGTHS: Final = (9, 7, 6)
_CACHED: Final = 8192


@dataclass(frozen=True, slots=True)
class MacOwner:
    """What the registries say of one MAC.

    `state`: "no MAC" (none came) is not "no match" (one came, nobody owns it).
    `prefix`: the matched hex digits; `maker`, `role`: from the camera view, "" where the prefix is not in it; `brand`:
    the label whose own block it is, where the maker keeps one for it.
    """

    state: MacState
    prefix: str = ""
    organisation: str = ""
    maker: str = ""
    role: str = ""
    brand: str = ""


def normal_mac(text: str) -> str:
    """Return a MAC as aa:bb:cc:dd:ee:ff, "" when the text is no MAC. Accepts colons, dashes, dots or none."""
    if _NORMAL.fullmatch(text):
        return text
    digits = text.strip().translate(_SEPARATORS).lower() if len(text) <= 32 else ""
    if not _DIGITS.fullmatch(digits):
        return ""
    return bytes.fromhex(digits).hex(":")


def is_unicast_global(mac: str) -> bool:
    """True for a normalised MAC that a factory can have given: no group bit, no local bit, not all zeros."""
    return mac[1] in _GIVEN and mac != "00:00:00:00:00:00"


class OuiTable:
    """The registries of one folder, read at the first look-up; answers are cached by their 36-bit prefix.

    `view`: the folder of the camera view, where the registries' own folder has none.
    """

    def __init__(self, folder: Path | None, view: Path | None = None) -> None:
        self._folder = folder
        self._view = view
        self._cache: dict[str, MacOwner] = {}

    def lookup(self, mac: str | None) -> MacOwner:
        """Look one MAC up, in any notation; never raises."""
        if not mac:
            return MacOwner("no MAC")
        normal = normal_mac(mac)
        if not normal:
            return MacOwner("malformed")
        key = normal.replace(":", "")[:9]
        known = self._cache.get(key)
        if known is None:
            if len(self._cache) >= _CACHED:
                self._cache.clear()
            known = self._cache[key] = self._find(key, normal)
        return known

    @cached_property
    def digest(self) -> str:
        """SHA-256 (hex) over the names and bytes of the registry files; over nothing where there is no folder."""
        total = hashlib.sha256()
        for name, path in self.files.items():
            total.update(name.encode() + b"\0" + hashlib.sha256(path.read_bytes()).digest())
        return total.hexdigest()

    @property
    def files(self) -> Mapping[str, Path]:
        """The registry files that are there, by name."""
        paths = {name: self._path(name) for name in (*_REGISTRIES, _CAMERA_MAKERS)}
        return {name: path for name, path in paths.items() if path}

    def _find(self, digits: str, mac: str) -> MacOwner:
        flags = int(mac[1], 16)
        if flags & 1:
            return MacOwner("multicast")
        if flags & 2:
            return MacOwner("locally administered")
        for length in _LENGTHS:
            prefix = digits[:length]
            organisation, camera = self._owners.get(prefix), self.camera_blocks.get(prefix)
            if organisation is not None or camera is not None:
                registered, maker, role = camera or ("", "", "")
                brand = self._brands.get(prefix, "")
                return MacOwner("found", prefix, organisation or registered, maker, role, brand)
        return MacOwner("no match")

    @cached_property
    def _owners(self) -> Mapping[str, str]:
        owners: dict[str, str] = {}
        for name in _REGISTRIES:
            owners.update((row[0].lower(), row[1]) for row in self._rows(name) if len(row) > 1)
        return owners

    @cached_property
    def camera_blocks(self) -> Mapping[str, tuple[str, str, str]]:
        """The camera view: prefix (lower-case hex digits) to registered organisation, maker or label, and role."""
        return {row[0].lower(): (row[1], row[2], row[3]) for row in self._rows(_CAMERA_MAKERS) if len(row) > 3}

    @cached_property
    def _brands(self) -> Mapping[str, str]:
        return {row[0].lower(): row[4] for row in self._rows(_CAMERA_MAKERS) if len(row) > 4 and row[4]}

    def _rows(self, name: str) -> list[list[str]]:
        path = self._path(name)
        if path is None:
            return []
        with path.open(encoding="utf-8", newline="") as stream:
            rows = csv.reader(line for line in stream if not line.startswith("#"))
            return [row for row in rows if row and row[0] != "prefix"]

    def _path(self, name: str) -> Path | None:
        places = (self._folder, self._view if name == _CAMERA_MAKERS else None)
        return next((place / name for place in places if place and (place / name).is_file()), None)
