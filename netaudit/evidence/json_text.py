"""JSON inside datagrams: find it, read it, flatten it."""

import json
from collections.abc import Iterator, Mapping
from typing import Any, Final

from netaudit.evidence.charset import decode, scrub
from netaudit.evidence.fields import MAX_TEXT

MAX_DEPTH: Final = 16
MAX_LEAVES: Final = 2048

_DECODER = json.JSONDecoder()


def first_object(raw: bytes, start: int = 0) -> Mapping[str, Any]:
    """Return the first JSON object at or after an offset, whatever follows it; {} where there is none."""
    brace = raw.find(b"{", start)
    if brace < 0:
        return {}
    try:
        value, _ = _DECODER.raw_decode(decode(raw[brace : brace + 65536]))
    except (ValueError, RecursionError):
        return {}
    return value if isinstance(value, dict) else {}


def below(value: Mapping[str, Any], *names: str) -> Mapping[str, Any]:
    """Return the object at the end of a path of keys; {} where it is not there."""
    for name in names:
        inner = value.get(name)
        if not isinstance(inner, dict):
            return {}
        value = inner
    return value


def flatten(value: Mapping[str, Any]) -> Iterator[tuple[str, str]]:
    """Yield (key, text); nested keys joined with a dot, items of lists one by one, true/false/empty for null."""
    for count, pair in enumerate(_walk(value, "", 1)):
        if count >= MAX_LEAVES:
            return
        yield pair


def scalar(value: object) -> str:
    """Return a JSON value that is no object and no list as text; empty for those and for null."""
    if isinstance(value, str):
        return scrub(value[:MAX_TEXT])
    if isinstance(value, bool):
        return "true" if value else "false"
    return str(value) if isinstance(value, int | float) else ""


def _walk(value: object, name: str, depth: int) -> Iterator[tuple[str, str]]:
    if isinstance(value, dict) and depth <= MAX_DEPTH:
        for key, inner in value.items():
            yield from _walk(inner, f"{name}.{scrub(key)}" if name else scrub(key), depth + 1)
    elif isinstance(value, list) and depth <= MAX_DEPTH:
        for inner in value:
            yield from _walk(inner, name, depth + 1)
    elif not isinstance(value, dict | list):
        yield name, scalar(value)
