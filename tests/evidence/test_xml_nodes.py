"""XML of strangers: nothing is declared, nothing is expanded, and malformed documents are still read."""

from xml.sax.saxutils import escape

import pytest
from hypothesis import given
from hypothesis import strategies as st

from netaudit.evidence import xml, xml_parser
from netaudit.evidence.xml import Node, leaves, nodes, subtrees

BOMB = b'<!DOCTYPE a [<!ENTITY x "ha"><!ENTITY y "&x;&x;&x;">]><a><b>&y;</b></a>'
OUTSIDE = b'<!DOCTYPE a [<!ENTITY x SYSTEM "file:///etc/passwd">]><a><b>&x;</b></a>'


def test_elements_in_document_order() -> None:
    raw = b"<a xmlns='u'><n:b xmlns:n='v' k='1'> x &lt; y </n:b><c/><d><e>1</e></d></a>"
    assert nodes(raw) == [
        Node(1, "a", ""),
        Node(2, "b", "x < y"),
        Node(2, "c", ""),
        Node(2, "d", ""),
        Node(3, "e", "1"),
    ]


@pytest.mark.parametrize("raw", [BOMB, OUTSIDE, BOMB.decode().encode("utf-16"), b"HTTP/1.1 200 OK\r\n\r\n" + BOMB])
def test_a_document_type_is_refused_whatever_it_declares(raw: bytes) -> None:
    assert nodes(raw) == []


def test_an_entity_that_nobody_declared_is_left_as_it_stands() -> None:
    assert nodes(b"<a><b>&x;</b></a>")[1] == Node(2, "b", "&x;")


@pytest.mark.parametrize(
    ("raw", "text"),
    [
        (b"<?xml version='1.0' encoding='GB2312'?><a><b>\xb5\xc7</b></a>", "登"),
        (b"<?xml version='1.0' encoding='no-such-code'?><a><b>x</b></a>", "x"),
        (b"<?xml version='1.0' encoding='idna'?><a><b>\xe9</b></a>", "é"),
        (b"\xef\xbb\xbf<a><b>\xc3\xa9</b></a>", "é"),
        ("<a><b>é</b></a>".encode("utf-16"), "é"),
        (b"<a><b>&#xD800;&#0;&#x110000;&#65;</b>", "\ufffd\0\ufffdA"),
        (b"<a><b><![CDATA[1 < 2]]></b></a>", "1 < 2"),
    ],
)
def test_encodings_and_references(raw: bytes, text: str) -> None:
    assert [node.text for node in nodes(raw) if node.name == "b"] == [text]


@pytest.mark.parametrize("end", [b"", b"</x>"])
def test_depth_and_number_are_capped(end: bytes) -> None:
    deep = nodes(b"<x>" * 500 + end * 500)
    assert max(node.depth for node in deep) <= xml.MAX_DEPTH
    wide = nodes(b"<x>" + b"<y>1</y>" * 20_000 + end)
    assert len(wide) <= xml.MAX_NODES + 1
    assert wide[1] == Node(2, "y", "1")


def test_subtrees_and_leaves() -> None:
    found = nodes(b"<r><m><a>1</a><b><a>2</a></b></m><m><a>3</a></m><n/></r>")
    assert [list(leaves(tree)) for tree in subtrees(found, "m")] == [[("a", "1"), ("a", "2")], [("a", "3")]]


NAMES = st.sampled_from(["a", "MAC", "x-1", "Näme", "b.c"])
TEXTS = st.text(st.characters(blacklist_categories=("Cs", "Cc", "Zl", "Zp", "Zs")), min_size=1, max_size=12)
TREES = st.recursive(
    TEXTS.map(escape), lambda inner: st.lists(st.tuples(NAMES, inner), min_size=1, max_size=4), max_leaves=12
)


def written(name: str, content: object) -> str:
    inner = content if isinstance(content, str) else "".join(written(*child) for child in content)  # type: ignore[attr-defined]
    return f"<{name}>{inner}</{name}>"


@given(TREES)
def test_the_lenient_scan_reads_well_formed_documents_as_the_parser_does(content: object) -> None:
    document = written("root", content)
    assert xml_parser.scan(document + " ") == xml_parser.parse(document)
