"""XML of devices to a flat list of elements.

Namespaces and attributes are dropped: firmware writes any prefix, and identity stands in element texts.
A document type declaration is refused altogether, so no entity can ever be declared.
"""

from netaudit.evidence.xml_parser import (
    MAX_BYTES,
    MAX_DEPTH,
    MAX_NODES,
    Leaf,
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
    if not document or has_document_type(document):
        return []
    strict = parse(document)
    return scan(document) if strict is None else strict


def leaves_under(raw: bytes, *names: str) -> list[list[Leaf]]:
    """Return `leaves` of each of the `subtrees` of these names."""
    return [list(leaves(tree)) for tree in subtrees(nodes(raw), *names)]
