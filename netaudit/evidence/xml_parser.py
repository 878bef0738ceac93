"""One XML document to a flat list of elements: strictly through defusedxml, leniently where it is malformed."""

import re
from collections.abc import Iterator, Sequence
from typing import Final, NamedTuple
from xml.etree.ElementTree import ParseError  # the exception only; parsing is defusedxml's

from netaudit.evidence.charset import UTF16_MARKS, decode

MAX_BYTES: Final = 256 * 1024
MAX_NODES: Final = 4096
MAX_DEPTH: Final = 64
MAX_NAME: Final = 128

_ENCODING = re.compile(rb"<\?xml[^>]{0,120}?encoding=[\"']([\w.-]{1,32})")
_TAG = re.compile(r"<(/?)([A-Za-z_][^\s<>/]*)([^<>]*)>([^<]*)")
_REFERENCE = re.compile(r"&(?:#(\d{1,7})|#[xX]([0-9a-fA-F]{1,6})|(amp|lt|gt|quot|apos));")
_NAMED: Final = {"amp": "&", "lt": "<", "gt": ">", "quot": '"', "apos": "'"}


Leaf = tuple[str, str]
"""Name and text of an element without children."""


class Node(NamedTuple):
    """One element: nesting depth (root = 1), local name, and the text where it has no child elements."""

    depth: int
    name: str
    text: str


def subtrees(every: Sequence[Node], *names: str) -> Iterator[list[Node]]:
    """Yield each element of one of these names with all that is below it; nested hits are not yielded again."""
    index = 0
    while index < len(every):
        end = index + 1
        if every[index].name in names:
            depth = every[index].depth
            while end < len(every) and every[end].depth > depth:
                end += 1
            yield list(every[index:end])
        index = end


def leaves(every: Sequence[Node]) -> Iterator[Leaf]:
    """Yield name and text of each element without child elements, the first (the subtree's root) left out."""
    last = len(every) - 1
    for index in range(1, last + 1):
        depth, name, text = every[index]
        if index == last or every[index + 1].depth <= depth:
            yield name, text


def document_of(raw: bytes) -> str:
    """Return the text from the first "<" on, padding cut; empty where there is none."""
    if raw.startswith(UTF16_MARKS):
        _, mark, rest = decode(raw[:MAX_BYTES]).partition("<")
        return mark + rest
    start = raw.find(b"<")
    if start < 0:
        return ""
    chunk = raw[start : start + MAX_BYTES].rstrip(b"\0 \t\r\n")
    declared = _ENCODING.match(chunk) if not chunk.isascii() else None
    return decode(chunk, declared[1].decode("ascii") if declared else "")


class _TooMuchError(Exception):
    """The caps were reached."""


class _Collector:
    """Target of the parser: builds the flat list, no tree."""

    def __init__(self) -> None:
        self.found: list[Node] = []
        self._depth = 0
        self._leaf = ""
        self._text: list[str] = []

    def start(self, tag: str, _attributes: object) -> None:
        if self._leaf:
            self.found.append(Node(self._depth, self._leaf, ""))
        self._depth += 1
        if self._depth > MAX_DEPTH or len(self.found) >= MAX_NODES:
            self._leaf = ""
            raise _TooMuchError
        self._leaf = tag.rpartition("}")[2][:MAX_NAME]
        self._text = []

    def data(self, text: str) -> None:
        if self._leaf:
            self._text.append(text)

    def end(self, _tag: str) -> None:
        if self._leaf:
            self.found.append(Node(self._depth, self._leaf, "".join(self._text).strip()))
            self._leaf = ""
        self._depth -= 1

    def close(self) -> None:
        """Nothing to finish; the parser asks for this method."""


def has_document_type(document: str) -> bool:
    """True when a document declares a document type or an entity: it is not read at all."""
    return "<!DOCTYPE" in document or "<!ENTITY" in document


def parse(document: str) -> list[Node] | None:
    """Return the elements of a well-formed document in order, None for any other. Never resolves anything."""
    from defusedxml.ElementTree import DefusedXMLParser

    collector = _Collector()
    parser = DefusedXMLParser(target=collector, forbid_dtd=True)
    try:
        parser.feed(document)
        parser.close()
    except _TooMuchError:
        return collector.found
    except (ParseError, ValueError, LookupError):
        return None
    return collector.found


def scan(document: str) -> list[Node]:
    """Read a malformed document: tags one by one. A wrong end tag ends the leaf before it; a doubled one is ignored."""
    found: list[Node] = []
    stack: list[str] = []
    leaf = False
    for match in _TAG.finditer(document):
        closing, tag, rest, text = match.groups()
        name = tag.rpartition(":")[2][:MAX_NAME]
        if closing:
            _close(stack, name, leaf)
            leaf = False
            continue
        if leaf and found[-1].text:
            stack.pop()  # a text and then a start tag: the leaf before was never ended
        if len(stack) >= MAX_DEPTH or len(found) >= MAX_NODES:
            break
        whole = match.end() < len(document)  # a text cut off by the end of the datagram is not a value
        found.append(Node(len(stack) + 1, name, _unescape(text).strip() if whole else ""))
        leaf = not rest.endswith("/")
        if leaf:
            stack.append(name)
    return found


def _close(stack: list[str], name: str, leaf: bool) -> None:
    if name in stack:
        while stack.pop() != name:
            pass
    elif leaf and stack:
        stack.pop()


def _unescape(text: str) -> str:
    return _REFERENCE.sub(_resolve, text) if "&" in text else text


def _resolve(match: re.Match[str]) -> str:
    decimal, hexadecimal, named = match.groups()
    if named:
        return _NAMED[named]
    code = int(decimal) if decimal else int(hexadecimal, 16)
    return chr(code) if code <= 0x10FFFF and not 0xD800 <= code <= 0xDFFF else "�"
