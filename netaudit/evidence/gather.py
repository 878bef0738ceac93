"""Name and value pairs to Fields: repeated names become lists, and an enemy's flood is cut."""

from collections.abc import Iterable, Mapping
from typing import Final

from netaudit.evidence.fields import MAX_TEXT, Fields

MAX_NAMES: Final = 256
MAX_NAME: Final = 128
MAX_VALUES: Final = 64


def gather(pairs: Iterable[tuple[str, str]]) -> dict[str, str | tuple[str, ...]]:
    """Collect pairs in order. One value stays a text, several become a tuple.

    At most 256 names of 128 characters, 64 values a name, 4,096 characters a value; what is more is left out.
    """
    pairs = list(pairs)
    plain: dict[str, str | tuple[str, ...]] = dict(pairs)
    if len(plain) == len(pairs) and _is_small(plain):
        return plain
    found: dict[str, list[str]] = {}
    for name, value in pairs:
        values = found.get(name)
        if values is not None:
            if len(values) < MAX_VALUES:
                values.append(value[:MAX_TEXT])
        elif name and len(found) < MAX_NAMES and len(name) <= MAX_NAME:
            found[name] = [value[:MAX_TEXT]]
    return {name: values[0] if len(values) == 1 else tuple(values) for name, values in found.items()}


def _is_small(fields: dict[str, str | tuple[str, ...]]) -> bool:
    """True when nothing can have to be cut: the usual case, told without looking at each value."""
    small = len(fields) <= MAX_NAMES and sum(map(len, fields.values())) <= MAX_TEXT
    return small and "" not in fields and max(map(len, fields), default=0) <= MAX_NAME


def listed(fields: Mapping[str, Iterable[str]]) -> Fields:
    """Join what was collected as lists: empty ones go, doubles go, single ones become a text."""
    out: dict[str, str | tuple[str, ...]] = {}
    for name, values in fields.items():
        if isinstance(values, list) and len(values) == 1:
            out[name] = values[0]
            continue
        unique = tuple(dict.fromkeys(values))[:MAX_VALUES]
        if unique:
            out[name] = unique[0] if len(unique) == 1 else unique
    return out
