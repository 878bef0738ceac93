"""Which of the packages that this program names are installed: read from their metadata, nothing imported."""

import re
from dataclasses import dataclass
from importlib.metadata import PackageNotFoundError, distribution, version
from typing import Final

_NAME: Final = re.compile(r"[A-Za-z0-9._-]+")
_EXTRA: Final = re.compile(r"""extra == ['"]([^'"]+)['"]""")
# What developers need, no user.
_OF_DEVELOPERS: Final = frozenset({"dev", "load"})


@dataclass(frozen=True, slots=True)
class Libraries:
    """`needed`: how many; `missing`: those of them not here; `extras`: optional parts of this program not here."""

    needed: int
    missing: tuple[str, ...]
    extras: tuple[str, ...]


def libraries() -> Libraries | None:
    """Look; None where this program was not installed as a package, and nothing says what it needs."""
    try:
        lines = distribution("netaudit").requires or []
    except PackageNotFoundError:
        return None
    return compare([(_name(line), _extra(line)) for line in lines if "extra" in line or ";" not in line])


def compare(wanted: list[tuple[str, str]]) -> Libraries:
    """Hold wishes (package, extra that brings it or "") against what is installed."""
    needed = [name for name, extra in wanted if not extra]
    extras = {extra for name, extra in wanted if extra and extra not in _OF_DEVELOPERS and not _is_here(name)}
    return Libraries(len(needed), tuple(name for name in needed if not _is_here(name)), tuple(sorted(extras)))


def _name(line: str) -> str:
    found = _NAME.match(line)
    return found.group() if found else line


def _extra(line: str) -> str:
    found = _EXTRA.search(line)
    return found.group(1) if found else ""


def _is_here(name: str) -> bool:
    try:
        version(name)
    except PackageNotFoundError:
        return False
    return True
