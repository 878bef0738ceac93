"""XML of devices to a flat list of elements. Documents of one form are parsed once: see `xml_form`.

Namespaces and attributes are dropped: firmware writes any prefix, and identity stands in element texts.
A document type declaration is refused altogether, so no entity can ever be declared.
"""

from netaudit.evidence.xml_form import Leaf, form_of
from netaudit.evidence.xml_parser import (
    MAX_BYTES,
    MAX_DEPTH,
    MAX_NODES,
    Node,
    document_of,
    has_document_type,
    leaves,
    parse,
    scan,
    subtrees,
)  # fmt: skip

__all__ = ["MAX_BYTES", "MAX_DEPTH", "MAX_NODES", "Node", "leaves", "leaves_under", "nodes", "subtrees"]


def nodes(raw: bytes) -> list[Node]:
    """Return the elements in document order; [] where there is no XML or it declares a document type.

    Bytes before the first "<" (binary headers, HTTP headers) are skipped. Reads at most 256 KiB, 4,096 elements and
    64 levels. Malformed documents are scanned for what can still be read.
    """
    document = document_of(raw)
    if known := form_of(document):
        form, varying = known
        return form.nodes(varying)
    return _read(document)


def leaves_under(raw: bytes, *names: str) -> list[list[Leaf]]:
    """Return `leaves` of each of the `subtrees` of these names, the quick way."""
    document = document_of(raw)
    if known := form_of(document):
        form, varying = known
        return form.leaves(names, varying)
    return [list(leaves(tree)) for tree in subtrees(_read(document), *names)]


def _read(document: str) -> list[Node]:
    if not document or has_document_type(document):
        return []
    strict = parse(document)
    return scan(document) if strict is None else strict
