"""One kind of answer a file: bytes to fields, pure, never raising.

A module in this package joins by being there. It declares

    READERS: dict[str, Callable[[bytes], Fields]]     kind -> reader
    REDACTORS: dict[str, Callable[[bytes], bytes]]    optional: kind -> cut what must never be kept
    CUTS: dict[str, Cut]                              optional: kind -> where its words may vary, see `cuts`

Readers get bytes that an enemy may have written: they return {} for what they cannot read, and never raise.
"""

import importlib
import pkgutil
from collections.abc import Callable
from functools import cache, lru_cache
from typing import Final, NamedTuple

from netaudit.evidence.cuts import Cut
from netaudit.evidence.fields import Fields
from netaudit.evidence.memory import Memory

BULKY: Final = frozenset({"body"})
"""Fields that are not written beside the raw bytes that hold them anyway."""


class _Tables(NamedTuple):
    readers: dict[str, Callable[[bytes], Fields]]
    redactors: dict[str, Callable[[bytes], bytes]]
    cuts: dict[str, Cut]


def read(kind: str, raw: bytes) -> Fields:
    """Derive the fields of one answer; {} for a kind without a reader or an answer that cannot be read."""
    reader = _tables().readers.get(kind)
    return reader(raw) if reader else {}


def redact(kind: str, raw: bytes) -> bytes:
    """Cut the secrets that this protocol leaks. Applied before anything is kept; safe to apply twice."""
    redactor = _tables().redactors.get(kind)
    return redactor(raw) if redactor else raw


def derive(kind: str, raw: bytes) -> tuple[bytes, Fields]:
    """Return the raw bytes without secrets, and their fields, the quick way where the answer's form is known."""
    memory = _memory(kind)
    found = memory.find(raw)
    if found is not None:
        return raw, found
    kept = redact(kind, raw)
    fields = read(kind, kept)
    if kept == raw:
        memory.keep(raw, fields)
    return kept, fields


def known() -> frozenset[str]:
    """Return the kinds that have a reader."""
    return frozenset(_tables().readers)


@lru_cache(maxsize=64)
def _memory(kind: str) -> Memory:
    """The answers of one kind that were just read. Few kinds are remembered, since a file may name any number."""
    return Memory(lambda raw: read(kind, raw), _tables().cuts.get(kind))


@cache
def _tables() -> _Tables:
    tables = _Tables({}, {}, {})
    for module_info in pkgutil.iter_modules(__path__):
        module = importlib.import_module(f"{__name__}.{module_info.name}")
        tables.readers.update(getattr(module, "READERS", {}))
        tables.redactors.update(getattr(module, "REDACTORS", {}))
        tables.cuts.update(getattr(module, "CUTS", {}))
    return tables
