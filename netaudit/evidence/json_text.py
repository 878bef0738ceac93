"""JSON inside datagrams: find it, read it, flatten it."""

import json
from collections.abc import Mapping
from typing import Any, Final

from msgspec import MsgspecError
from msgspec.json import Decoder

from netaudit.evidence.charset import decode, scrub
from netaudit.evidence.fields import MAX_TEXT

MAX_DEPTH: Final = 16
MAX_LEAVES: Final = 2048

_DECODER = json.JSONDecoder()
_decode_object = Decoder(dict[str, Any]).decode


def first_object(raw: bytes, start: int = 0) -> Mapping[str, Any]:
    """Return the first JSON object at or after an offset, whatever follows it; {} where there is none."""
    brace = raw.find(b"{", start)
    if brace < 0:
        return {}
    try:
        # The usual case: nothing but padding follows the last brace.
        return _decode_object(raw[brace : min(raw.rfind(b"}") + 1, brace + 65536)])
    except (MsgspecError, ValueError, RecursionError):
        pass
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


def flatten(value: Mapping[str, Any]) -> list[tuple[str, str]]:
    """Return (key, text); nested keys joined with a dot, items of lists one by one, true/false/empty for null."""
    out: list[tuple[str, str]] = []
    _walk(value, "", 1, out)
    return out[:MAX_LEAVES]


def scalar(value: object) -> str:
    """Return a JSON value that is no object and no list as text; empty for those and for null."""
    if isinstance(value, str):
        return scrub(value[:MAX_TEXT])
    if isinstance(value, bool):
        return "true" if value else "false"
    return str(value) if isinstance(value, int | float) else ""


def _walk(value: Mapping[str, Any], prefix: str, depth: int, out: list[tuple[str, str]]) -> None:
    for key, inner in value.items():
        _add(inner, prefix + scrub(key), depth, out)


def _add(value: object, name: str, depth: int, out: list[tuple[str, str]]) -> None:
    if isinstance(value, str):
        out.append((name, scrub(value[:MAX_TEXT])))
    elif not isinstance(value, dict | list):
        out.append((name, scalar(value)))
    elif depth < MAX_DEPTH and isinstance(value, dict):
        _walk(value, f"{name}.", depth + 1, out)
    elif depth < MAX_DEPTH:
        for inner in value:
            _add(inner, name, depth + 1, out)
