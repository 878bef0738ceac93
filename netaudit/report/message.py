"""A sentence that is not yet in any language: a key of the text catalogue and the values to fill in."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from types import MappingProxyType
from typing import TypeAlias

Value: TypeAlias = str | int


@dataclass(frozen=True, slots=True)
class Message:
    """A key of texts/<language>.toml with its values; `n` among the values chooses the plural form."""

    key: str
    values: Mapping[str, Value] = field(default_factory=lambda: MappingProxyType({}))


def say(key: str, **values: Value) -> Message:
    """Make a message."""
    return Message(key, values)
