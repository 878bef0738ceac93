"""Messages in the shape of HTTP (HTTP, RTSP, SSDP): start line, headers, body; for servers that get it wrong."""

import re
import zlib
from collections.abc import Mapping, Sequence
from functools import lru_cache
from typing import Final, NamedTuple

from netaudit.evidence.charset import decode
from netaudit.evidence.fields import MAX_TEXT

MAX_HEAD: Final = 32 * 1024
MAX_HEADERS: Final = 128
MAX_NAME: Final = 64
MAX_BODY: Final = 64 * 1024
_SHORT: Final = 256

_HEAD_END = re.compile(rb"\r?\n\r?\n")
_CHUNK = re.compile(rb"[ \t]*([0-9a-fA-F]{1,8})[^\r\n]{0,256}\r?\n")
_STATUS = re.compile(r"[A-Z]{1,8}/\d(?:\.\d)?\s+(\d{3})\b")
_TOKEN = re.compile(r'([^\s,="]+)(?:\s*=\s*(?:"((?:[^"\\]|\\.)*+)"?|([^\s,]*)))?')
# The usual case of what _TOKEN takes apart: one scheme, plain parameters, the realm at most once.
_ONE = re.compile(
    r'(?P<scheme>[A-Za-z]+) (?:(?:realm="(?P<realm>[^"\\]*)"|(?!(?i:realm))[a-z]+=(?:"[^"\\]*"|[\w-]+))(?:, ?|$))+'
)
# A realm without quotes, blanks and all, or in single ones: it ends at the comma or before the next parameter.
# What stands in quotes is passed over.
_BARE_REALM = re.compile(
    r""""(?:[^"\\]|\\.)*+"?|(?<![\w=])(realm[ \t]{0,8}=[ \t]{0,8})"""
    r"""(?:'([^'"]*)'|([^\s,"'](?:[^\s,"]|\s(?!\s{0,8}[\w-]{1,32}=))*+))""",
    re.IGNORECASE,
)
_QUOTED_PAIR = re.compile(r"\\(.)", re.DOTALL)


class Message(NamedTuple):
    """`headers`: (name in lower case, value) in the order sent; `names`: the names as spelled; body as sent.

    `first`: the first header of each (lower-case) name.
    """

    start: str
    headers: Sequence[tuple[str, str]]
    names: Sequence[str]
    body: bytes
    first: Mapping[str, str]

    def header(self, name: str) -> str:
        """Return the first header of this (lower-case) name, empty when absent."""
        return self.first.get(name, "")


class Challenges(NamedTuple):
    """What WWW-Authenticate asks for: schemes and realms, each once, in order."""

    schemes: tuple[str, ...]
    realms: tuple[str, ...]


def split(raw: bytes) -> Message:
    """Cut a message into start line, headers and body. Lines without a colon are left out, folded ones joined."""
    return _remembered(raw) if len(raw) <= _SHORT else _split(raw)


@lru_cache(maxsize=256)  # answers to OPTIONS are the same for a whole series
def _remembered(raw: bytes) -> Message:
    return _split(raw)


def _split(raw: bytes) -> Message:
    head, body = _cut(raw)
    lines = decode(head).split("\n")
    headers: list[tuple[str, str]] = []
    names: list[str] = []
    for line in lines[1:]:
        if line.startswith((" ", "\t")) and headers:
            headers[-1] = (headers[-1][0], f"{headers[-1][1]} {line.strip()}"[:MAX_TEXT])
            continue
        found = _header(line)
        if found and len(headers) < MAX_HEADERS:
            name, header = found
            headers.append(header)
            names.append(name)
    return Message(lines[0].strip()[:MAX_TEXT], headers, names, body, dict(reversed(headers)))


def _cut(raw: bytes) -> tuple[bytes, bytes]:
    """Return head and body: they part at the first empty line, whichever line ends the server writes."""
    end = raw.find(b"\r\n\r\n", 0, MAX_HEAD)
    if end >= 0 and raw.find(b"\n\n", 0, end) < 0 and raw.find(b"\n\r\n", 0, end + 2) < 0:
        return raw[:end], raw[end + 4 :]
    found = _HEAD_END.search(raw, 0, MAX_HEAD)
    return (raw[: found.start()], raw[found.end() :]) if found else (raw[:MAX_HEAD], b"")


@lru_cache(maxsize=1024)
def _header(line: str) -> tuple[str, tuple[str, str]] | None:
    """Return a header's name as spelled, and (name in lower case, value); None for a line that is none."""
    name, colon, value = line.partition(":")
    name = name.strip()
    if not colon or not 0 < len(name) <= MAX_NAME:
        return None
    return name, (name.lower(), value.strip()[:MAX_TEXT])


@lru_cache(maxsize=64)
def status(start: str) -> str:
    """Return the three digits of a status line, empty where it is none."""
    match = _STATUS.match(start)
    return match[1] if match else ""


def content(message: Message) -> bytes:
    """Return the body with Content-Length, chunking and compression undone, at most 64 KiB.

    What is malformed is taken as sent: a wrong length is ignored, broken chunks and streams give what was readable.
    """
    body = message.body
    if not body:
        return b""
    if "chunked" in message.header("transfer-encoding").lower():
        body = _dechunk(body)
    else:
        length = message.header("content-length")
        if length.isascii() and length.isdigit() and len(length) < 10:
            body = body[: int(length)]
    coding = message.header("content-encoding").lower()
    if coding in ("gzip", "x-gzip", "deflate"):
        return _inflate(body)
    return body[:MAX_BODY]


def challenges(values: list[str]) -> Challenges:
    """Read WWW-Authenticate headers: several challenges may share a header, quoted strings may hold commas."""
    schemes: dict[str, None] = {}
    realms: dict[str, None] = {}
    for value in values:
        if (one := _ONE.fullmatch(value)) and value.count("ealm=") < 2:
            schemes[one["scheme"]] = None
            if one["realm"] is not None:
                realms[one["realm"]] = None
            continue
        for match in _TOKEN.finditer(_BARE_REALM.sub(_quoted, value[:MAX_TEXT])):
            name, quoted, plain = match.groups()
            if quoted is None and plain is None:
                schemes[name] = None
            elif name.lower() == "realm":
                realms[_QUOTED_PAIR.sub(r"\1", quoted) if quoted is not None else plain] = None
    return Challenges(tuple(schemes)[:8], tuple(realms)[:8])


def _quoted(found: re.Match[str]) -> str:
    name, single, bare = found.groups()
    return found[0] if name is None else f'{name}"{bare if single is None else single}"'


def _dechunk(body: bytes) -> bytes:
    parts: list[bytes] = []
    position = size = 0
    while size < 4 * MAX_BODY:
        match = _CHUNK.match(body, position)
        if not match:
            parts.append(body[position:])  # not chunked after all, or broken here
            break
        length = int(match[1], 16)
        if not length:
            break
        part = body[match.end() : match.end() + length]
        parts.append(part)
        size += len(part)
        position = match.end() + length
        if body[position : position + 2] == b"\r\n":
            position += 2
        elif body[position : position + 1] == b"\n":
            position += 1
        if position >= len(body):
            break
    return b"".join(parts)


def _inflate(body: bytes) -> bytes:
    """Decompress gzip, zlib or raw deflate, stopping at 64 KiB: a bomb must not unfold."""
    for window in (47, -15):
        unfolded = _unfold(body, window)
        if unfolded:
            return unfolded
    return body[:MAX_BODY]


def _unfold(body: bytes, window: int) -> bytes:
    stream = zlib.decompressobj(window)
    out = b""
    try:
        for start in range(0, len(body), 1024):  # in pieces, so that a broken end does not lose the beginning
            out += stream.decompress(body[start : start + 1024], MAX_BODY - len(out))
            if len(out) >= MAX_BODY or stream.eof:
                break
    except zlib.error:
        return out
    return out
