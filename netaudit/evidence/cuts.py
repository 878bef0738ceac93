"""Where the words of an answer stand that its reader hands on as they are, language by language.

A span is a stretch of an answer in which words may vary from unit to unit. Rule for all of them: whatever word (see
`form.WORD`) takes the place of another in a span, the reader finds the same structure, and the word in the same place.
Tags, keys, header names, lengths, encodings and all that is escaped lie outside of every span.
"""

import re
from collections.abc import Callable, Hashable, Iterator
from typing import Final, NamedTuple

from netaudit.evidence.form import WORD

Span = tuple[int, int]

# No word begins inside of a percent-encoded byte.
_WORD: Final = re.compile(rb"(?<!%)(?<!%[0-9A-Fa-f])[" + re.escape(WORD) + rb"]+")
_XML_TEXT: Final = re.compile(rb">([^<>&\0-\x1f\x7f]+)(?=<)")
_DECLARATION: Final = re.compile(rb"<\?xml[^<>]*>")
_LIST_WORD: Final = re.compile(rb"[^\s]+")
_URI: Final = re.compile(rb"[^\s/:]+://([^\s/]+)(?:/[^\s/]+/(\S*)|/[^\s/]*)?")
_HEADER: Final = re.compile(rb"\r?\n([^\s:]+):([^\r\n]*)(?=\r?\n)")
_PLAIN_CHALLENGE: Final = re.compile(rb'\s*[A-Za-z]+(?: +[A-Za-z_-]+=(?:"[^"\\]*"|[\w-]+),?)+\s*')
_DIALOGUE: Final = re.compile(rb"(?:RTSP/\d\.\d \d{3}\b[^\r\n]*\r\n(?:[^\r\n]+\r\n)*\r\n)+")
_QUOTED: Final = re.compile(rb'="([^"\\\r\n]*)"')
_JSON_TEXT: Final = re.compile(rb'"((?:[^"\\\0-\x1f]|\\.)*)"(\s*:)?')
_STRUCTURAL: Final = frozenset({b"content-length", b"transfer-encoding", b"content-encoding", b"content-type"})
_CHALLENGE: Final = b"www-authenticate"


class Cut(NamedTuple):
    """How answers of one language are cut.

    `start`: the byte before which the reader looks at nothing, b"" where it looks at all. `bucket`: something quickly
    told that answers of one form have in common. `spans`: in order, none where the answer is no plain case.
    """

    start: bytes
    bucket: Callable[[bytes], Hashable]
    spans: Callable[[bytes], Iterator[Span]]


def _xml_texts(document: bytes) -> Iterator[Span]:
    """Texts between tags, in documents without comments, sections, declarations and references beside them."""
    declaration = _DECLARATION.match(document)
    begin = declaration.end() if declaration else 0
    if b"<!" in document or document.find(b"<?", begin) >= 0:
        return
    # What follows the declaration is outside of the root element, and no text.
    for match in _XML_TEXT.finditer(document, begin):
        yield match.span(1)


def _discovery_texts(document: bytes) -> Iterator[Span]:
    """Texts that are lists of words; of a URI only the host and what follows the first part of the path."""
    for start, end in _xml_texts(document):
        for word in _LIST_WORD.finditer(document, start, end):
            if b"/" not in word[0]:
                yield word.span()
            elif uri := _URI.fullmatch(document, *word.span()):
                yield uri.span(1)
                if uri[2]:
                    yield uri.span(2)


def _header_texts(document: bytes) -> Iterator[Span]:
    """Values of the headers before the first empty line; of a challenge only what stands in quotes."""
    end = document.find(b"\r\n\r\n")
    head = document[: max(end, 0)]
    plain = head.startswith((b"HTTP/", b"NOTIFY")) and b"\n\n" not in head and b"\n\r\n" not in head
    return _headers(document, end + 2) if plain else iter(())


def _dialogue_texts(document: bytes) -> Iterator[Span]:
    """Values of the headers of several RTSP answers in turn, none with a body.

    Values with a slash are left out: no word must ever make one look like the start of a further answer.
    """
    if not _DIALOGUE.fullmatch(document) or document.count(b"RTSP") != document.count(b"\r\n\r\n"):
        return
    for start, end in _headers(document, len(document)):
        if b"/" not in document[start:end]:
            yield start, end


def _headers(document: bytes, end: int) -> Iterator[Span]:
    for match in _HEADER.finditer(document, 0, end):
        name = match[1].lower()
        if name == _CHALLENGE:
            for quoted in _QUOTED.finditer(document, *match.span(2)) if _PLAIN_CHALLENGE.fullmatch(match[2]) else ():
                yield quoted.span(1)
        elif name not in _STRUCTURAL:
            yield match.span(2)


def _json_texts(document: bytes) -> Iterator[Span]:
    """Texts that are values: no key, no escape in them."""
    for match in _JSON_TEXT.finditer(document):
        if match[2] is None and b"\\" not in match[1]:
            yield match.span(1)


def _body_length(document: bytes) -> int:
    return len(document) - document.find(b"\r\n\r\n")


def pieces(document: bytes, cut: Cut) -> tuple[list[bytes], list[bytes]]:
    """Return what is fixed and the words between: one more of the former."""
    fixed: list[bytes] = []
    words: list[bytes] = []
    last = 0
    for start, end in cut.spans(document):
        for match in _WORD.finditer(document, start, end):
            fixed.append(document[last : match.start()])
            words.append(match[0])
            last = match.end()
    return [*fixed, document[last:]], words


def _count_of(mark: bytes) -> Callable[[bytes], int]:
    return lambda document: document.count(mark)


XML: Final = Cut(b"<", _count_of(b"<"), _xml_texts)
DISCOVERY: Final = Cut(b"<", _count_of(b"<"), _discovery_texts)
HEADERS: Final = Cut(b"", _body_length, _header_texts)
DIALOGUE: Final = Cut(b"", _count_of(b"\n"), _dialogue_texts)
JSON: Final = Cut(b"{", _count_of(b'"'), _json_texts)
