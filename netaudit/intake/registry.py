"""Which formats there are: every module of netaudit.intake.formats that holds FORMAT or FORMATS."""

import importlib
import pkgutil
from collections.abc import Sequence
from functools import cache
from typing import Final

from netaudit.errors import DataError, UsageError
from netaudit.intake import formats
from netaudit.intake.head import Head
from netaudit.intake.model import Format

_LEAST: Final = 30


@cache
def all_formats() -> dict[str, Format]:
    """Return the formats by name, in the order of their names."""
    found: dict[str, Format] = {}
    for info in pkgutil.iter_modules(formats.__path__):
        module = importlib.import_module(f"{formats.__name__}.{info.name}")
        for item in getattr(module, "FORMATS", ()) or (module.FORMAT,):
            found[item.name] = item
    return dict(sorted(found.items()))


def format_named(name: str) -> Format:
    """Return a format by its name. Raises UsageError naming the nearest."""
    known = all_formats()
    if name not in known:
        raise UsageError(f"there is no format {name!r}: one of {', '.join(known)}")
    return known[name]


def recognise(head: Head, where: str) -> Format:
    """Return the format that a file's beginning fits best. Raises DataError where none does."""
    ranked = ranking(head)
    if not ranked:
        raise DataError(
            where,
            "is in no known format" if head.raw.strip() else "is empty",
            "a file of docs/reference/import-formats.md; force one with --format, or map a CSV's columns with --map",
        )
    return ranked[0]


def ranking(head: Head) -> Sequence[Format]:
    """Return the formats that a beginning may be of, the surest first; equally sure ones by name."""
    sure = [(item.looks(head), item) for item in all_formats().values()]
    return [item for score, item in sorted(sure, key=lambda pair: (-pair[0], pair[1].name)) if score >= _LEAST]
