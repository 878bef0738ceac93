"""What a server said, as bytes: whether an answer begins here, whether it is whole, what of it may be kept."""

import re
from collections.abc import Iterator
from typing import Final

MAX_HEAD: Final = 16 * 1024
MAX_BODY: Final = 8 * 1024
MAX_GREETING: Final = 512
_SSH: Final = b"SSH-"
_TEXTS: Final = (b"HTTP/1.", b"RTSP/1.", _SSH)
_GREETERS: Final = {b"\x00\x15": b"220", b"\x00\x17": b"\xff"}
"""Ports whose servers speak first, and how they begin: FTP with a code, telnet with its negotiation."""
STARTS: Final = frozenset({0x48, 0x52, 0x53, 0x16, 0x32, 0xFF})
"""First bytes of everything that `begins` knows."""
_HANDSHAKE, _CERTIFICATE, _SERVER_HELLO = 22, 11, 2
_TITLE: Final = re.compile(rb"<title[^>]{0,200}>[^<]{0,500}</title>", re.IGNORECASE)
_LENGTH: Final = re.compile(rb"\r?\ncontent-length[ \t]*:[ \t]*(\d{1,9})", re.IGNORECASE)
_HTML: Final = re.compile(rb"\r?\ncontent-type[ \t]*:[ \t]*text/html", re.IGNORECASE)
_COOKIE: Final = re.compile(rb"(\r?\n(?:set-cookie2?)[ \t]*:[ \t]*[^=;\r\n]{0,128}=)[^\r\n]*", re.IGNORECASE)
_SECRET_HEADER: Final = re.compile(
    rb"(\r?\n(?:authentication-info|authorization|x-auth-token|x-csrf-token|x-session[\w-]*|session)[ \t]*:)[^\r\n]*",
    re.IGNORECASE,
)
_QUERY: Final = re.compile(
    rb"(\r?\n(?:location|content-location|content-base)[ \t]*:[^\r\n?]*\?)[^\r\n]*", re.IGNORECASE
)
_PASSING: Final = re.compile(
    rb"\r?\n(?:date|expires|last-modified|etag|set-cookie|cseq|session|www-authenticate|content-length|age|connection"
    rb"|keep-alive|x-request-id)[ \t]*:[^\r\n]*",
    re.IGNORECASE,
)
_REALM: Final = re.compile(rb'realm="[^"]{0,200}"', re.IGNORECASE)


def begins(start: bytes, port: bytes) -> bool:
    """True where a segment with these first eight bytes, from this port (two bytes), begins what a server says."""
    if start[0] == _HANDSHAKE:
        return start[1] == 3 and start[5:6] == bytes([_SERVER_HELLO])
    return start.startswith(_TEXTS) or (port in _GREETERS and start.startswith(_GREETERS[port]))


def is_whole(text: bytes) -> bool:
    """True when nothing more is needed of what was said."""
    if text[:1] == bytes([_HANDSHAKE]):
        return certificate(text) is not None or _is_encrypted(text)
    if not text.startswith(_TEXTS[:2]):
        return True
    end = _head_end(text)
    if end < 0:
        return len(text) > MAX_HEAD
    wanted = _wanted(text[:end])
    return len(text) - end >= wanted or bool(_TITLE.search(text, end))


def spoken(text: bytes) -> Iterator[tuple[str, bytes]]:
    """Yield (kind, bytes to keep) of what a server said: of answers the head without cookies, and the title."""
    if text[:1] == bytes([_HANDSHAKE]):
        if found := certificate(text):
            yield "tls.certificate", found
    elif text.startswith(b"HTTP/1."):
        yield "http.response", _kept_answer(text)
    elif text.startswith(b"RTSP/1."):
        yield "rtsp.response", _kept_answer(text)
    elif text:
        yield "banner", text[:MAX_GREETING].split(b"\n", 1)[0] if text.startswith(_SSH) else text[:MAX_GREETING]


def mark(kind: str, raw: bytes) -> bytes:
    """Return what tells two answers apart: not the date, a cookie or a nonce."""
    if kind not in ("http.response", "rtsp.response"):
        return raw
    return _PASSING.sub(b"", raw) + b"".join(_REALM.findall(raw)[:4])


def certificate(text: bytes) -> bytes | None:
    """Return the first certificate (DER) of a TLS handshake up to version 1.2, None while it is not whole."""
    messages = _handshake(text)
    place = 0
    while place + 4 <= len(messages):
        kind, size = messages[place], int.from_bytes(messages[place + 1 : place + 4])
        body = messages[place + 4 : place + 4 + size]
        if kind == _CERTIFICATE:
            length = int.from_bytes(body[3:6])
            der = body[6 : 6 + length]
            return der if der and len(der) == length else None
        place += 4 + size
    return None


def _handshake(text: bytes) -> bytes:
    """The handshake's messages, out of their records; ends where something else begins."""
    joined, place = bytearray(), 0
    while place + 5 <= len(text) and text[place] == _HANDSHAKE:
        size = int.from_bytes(text[place + 3 : place + 5])
        joined += text[place + 5 : place + 5 + size]
        place += 5 + size
    return bytes(joined)


def _is_encrypted(text: bytes) -> bool:
    """True where the handshake is over or goes on encrypted (TLS 1.3): no certificate will be seen."""
    place = 0
    while place + 5 <= len(text):
        if text[place] != _HANDSHAKE:
            return True
        place += 5 + int.from_bytes(text[place + 3 : place + 5])
    return False


def _head_end(text: bytes) -> int:
    end = text.find(b"\r\n\r\n", 0, MAX_HEAD)
    return end + 4 if end >= 0 else -1


def _wanted(head: bytes) -> int:
    """How much of the body is worth waiting for: of a page enough to find its title, of a description all."""
    found = _LENGTH.search(head)
    length = int(found[1]) if found else None
    if head.startswith(b"RTSP"):
        return min(length or 0, MAX_BODY)
    if not _HTML.search(head):
        return 0
    return MAX_BODY if length is None else min(length, MAX_BODY)


def _kept_answer(text: bytes) -> bytes:
    end = _head_end(text)
    head = text[:end] if end >= 0 else text[:MAX_HEAD]
    for pattern in (_COOKIE, _SECRET_HEADER, _QUERY):
        head = pattern.sub(rb"\1*", head)
    if end < 0:
        return head
    if head.startswith(b"RTSP"):
        return head + text[end : end + _wanted(head)]
    title = _TITLE.search(text, end) if _HTML.search(head) else None
    return head + (title[0] if title else b"")
