"""HTTP answers: status line, headers, title, realm, body. Path and scheme are not in the bytes: see the target."""

import html
import re
from collections.abc import Callable
from functools import lru_cache
from typing import Final

from netaudit.evidence import http_message
from netaudit.evidence.charset import decode
from netaudit.evidence.cuts import HEADERS, Cut
from netaudit.evidence.fields import Fields
from netaudit.evidence.gather import gather

MAX_TITLE: Final = 512
_SHORT: Final = 8192

_TITLE_START = re.compile(r"<title(?:\s[^<>]{0,256})?>", re.IGNORECASE)
_TITLE_END = re.compile(r"</title|<", re.IGNORECASE)
_CHARSET = re.compile(r"charset\s{0,4}=\s{0,4}[\"']?([\w.-]{1,32})", re.IGNORECASE)
_META = re.compile(rb"charset\s{0,4}=\s{0,4}[\"']?([\w.-]{1,32})", re.IGNORECASE)


def read(raw: bytes) -> Fields:
    """Return status, header.<name>, header_names, auth, realm, title, body.

    `header_names`: the names as spelled, in the order sent (the order and the case tell firmware apart).
    `auth`, `realm`: one or several. Bytes without a status line are all body (HTTP/0.9 and worse).
    """
    if not raw.startswith(b"HTTP/"):
        return {**_page(raw[: http_message.MAX_BODY], "")}
    message = http_message.split(raw)
    fields = gather([(f"header.{name}", value) for name, value in message.headers])
    fields["status"] = http_message.status(message.start)
    if message.names:
        fields["header_names"] = tuple(message.names)
    if "www-authenticate" in message.first:
        asked = http_message.challenges([value for name, value in message.headers if name == "www-authenticate"])
        if asked.schemes:
            fields["auth"] = asked.schemes if len(asked.schemes) > 1 else asked.schemes[0]
        if asked.realms:
            fields["realm"] = asked.realms if len(asked.realms) > 1 else asked.realms[0]
    fields.update(_page(http_message.content(message), message.header("content-type")))
    return fields


def title_of(page: str) -> str:
    """Return the text of the first title element, references resolved, white space folded; empty when absent."""
    start = _TITLE_START.search(page)
    if not start:
        return ""
    rest = page[start.end() : start.end() + MAX_TITLE]
    end = _TITLE_END.search(rest)
    return " ".join(html.unescape(rest[: end.start()] if end else rest).split())


def _page(body: bytes, content_type: str) -> dict[str, str]:
    return _remembered(body, content_type) if len(body) <= _SHORT else _read_page(body, content_type)


@lru_cache(maxsize=256)  # one page for a whole series, under headers that differ
def _remembered(body: bytes, content_type: str) -> dict[str, str]:
    return _read_page(body, content_type)


def _read_page(body: bytes, content_type: str) -> dict[str, str]:
    if not body:
        return {}
    page = decode(body, _declared(body, content_type))
    title = title_of(page)
    return {"title": title, "body": page} if title else {"body": page}


def _declared(body: bytes, content_type: str) -> str:
    header = _CHARSET.search(content_type)
    if header:
        return header[1]
    meta = _META.search(body, 0, 2048)
    return meta[1].decode("ascii", "replace") if meta else ""


READERS: dict[str, Callable[[bytes], Fields]] = {"http.response": read}
CUTS: dict[str, Cut] = {"http.response": HEADERS}
