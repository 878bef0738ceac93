"""Reading a line of an observations file: most lines are plain and whole, and a million must be read in seconds.

The quick way takes only what is certain: well typed JSON whose id fits. Whatever it does not take is read in the
careful way, which decides and says what is wrong.
"""

from binascii import a2b_base64
from functools import lru_cache
from hashlib import sha256
from typing import Annotated, Any, Final, Literal, NoReturn

from msgspec import Meta, MsgspecError, Raw, Struct
from msgspec.json import Decoder, Encoder

from netaudit.evidence import kinds
from netaudit.evidence.careful_line import read_carefully
from netaudit.evidence.cuts import JSON
from netaudit.evidence.fields import Fields
from netaudit.evidence.memory import Memory
from netaudit.evidence.observation import Observation, with_id

_Text = Annotated[str, Meta(min_length=1)]
_UNREAD: Final = Raw(b"")


class _Line(Struct):
    """What a line holds. The fields stay unread where they are derived from `raw` anyway."""

    v: Literal[1]
    kind: _Text
    at: _Text
    id: str | None = None
    target: dict[str, Any] | None = None
    subject: str | None = None
    origin: str | None = None
    via: dict[str, Any] | None = None
    raw: str | None = None
    raw_b64: str | None = None
    fields: Raw = _UNREAD


def _careful(text: str) -> NoReturn:
    """Decimal fractions are spelled in many ways: only the careful way knows the one that the id is made over."""
    raise ValueError(text)


_decode = Decoder(_Line, float_hook=_careful).decode
_decode_any = Decoder(float_hook=_careful).decode
_decode_fields = Decoder(dict[str, str | tuple[str, ...]] | None).decode
_PORTS: Final = frozenset({"tcp.ports", "udp.ports"})
"""Kinds whose answers are mostly equal to another's, so that a form would gain nothing."""
_encode_sorted = Encoder(order="sorted").encode


def from_line(line: str | bytes, where: str = "observation") -> Observation:
    """Read one line. `where` ("file:line") goes into the message of the DataError for anything malformed."""
    return (quickly(line) if isinstance(line, bytes) else None) or read_carefully(line, where)


def quickly(line: bytes) -> Observation | None:
    """Read a line whose id fits or is left out; None for any other."""
    line = line.rstrip()
    try:
        data = _decode(line)
        name = data.id
        if name and not (_is_sealed(line, name) or _is_named(line, name)):
            return None
        heard, fields = _heard(data)
    except (MsgspecError, ValueError, RecursionError):
        return None
    raw = heard
    if heard is not None:
        raw, fields = kinds.derive(data.kind, heard)
    found = Observation(
        data.kind, data.at, data.target or {}, data.origin or "probe", data.via or {}, raw, fields, data.subject,
        name or "",
    )  # fmt: skip
    # Where a secret was cut out the id must be made anew, as where there is none.
    return found if name and raw == heard else with_id(found, _encode_sorted)


def _is_sealed(line: bytes, name: str) -> bool:
    """True when the line stands as `to_line` wrote it: the id is the hash of the bytes that follow it."""
    return line[:7] == b'{"id":"' and line[71:73] == b'",' and sha256(b"{" + line[73:]).hexdigest() == name


def _is_named(line: bytes, name: str) -> bool:
    """True when the id fits the content, in whatever order its keys stand."""
    content = _decode_any(line)
    del content["id"]
    return sha256(_encode_sorted(content)).hexdigest() == name


def _heard(data: _Line) -> tuple[bytes | None, Fields]:
    """Return the raw bytes, or None and the fields that are given alone."""
    if data.raw is not None:
        return data.raw.encode(), {}
    if data.raw_b64 is not None:
        return a2b_base64(data.raw_b64, strict_mode=True), {}
    return None, _given(data.kind, bytes(data.fields)) if data.fields else {}


def _given(kind: str, raw: bytes) -> Fields:
    """Return fields that are given alone."""
    memory = _memory(kind)
    found = memory.find(raw)
    if found is None:
        found = _read_fields(raw)
        memory.keep(raw, found)
    return found


def _read_fields(raw: bytes) -> Fields:
    return _decode_fields(raw) or {}


@lru_cache(maxsize=32)
def _memory(kind: str) -> Memory:
    return Memory(_read_fields, None if kind in _PORTS else JSON)
