"""The shape of a parsed answer, and small helpers that every reader uses."""

from collections.abc import Mapping
from typing import TypeAlias

Fields: TypeAlias = Mapping[str, str | tuple[str, ...]]
"""Parsed view of an answer: field name to one text, or to several."""

MAX_TEXT = 4096
"""Longest text kept in one field, in characters; bodies are the exception."""


def text(data: bytes, limit: int = MAX_TEXT) -> str:
    """Decode bytes of unknown origin: UTF-8 where it fits, Latin-1 otherwise, cut at `limit` characters."""
    try:
        return data.decode("utf-8")[:limit]
    except UnicodeDecodeError:
        return data.decode("latin-1")[:limit]


def first(fields: Fields, name: str) -> str:
    """Return a field as one text: the first of several, empty when absent."""
    value = fields.get(name, "")
    if isinstance(value, str):
        return value
    return value[0] if value else ""


def every(fields: Fields, name: str) -> tuple[str, ...]:
    """Return a field as a tuple of texts, empty when absent."""
    value = fields.get(name, ())
    return (value,) if isinstance(value, str) else tuple(value)
