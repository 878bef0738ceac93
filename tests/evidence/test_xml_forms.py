"""A document that is read through its form is read as if it were parsed by itself."""

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from netaudit.evidence import xml, xml_form, xml_parser

NAMES = ("ProbeMatch", "b")
PIECES = st.lists(
    st.sampled_from(
        ["x", " ", "é", "&amp;", "&", ">", "]]>", "\r\n", "\t", "\x01", "\ufffe", "\ue000", "\ue0000\ue000",
         "<b>", "</b>", "<![CDATA[c]]>", "<!-- c -->", "<?p i?>", "\u2028", "\xa0", "0"]
    ),
    max_size=4,
).map("".join)  # fmt: skip
FORMS = st.sampled_from(
    [
        "<r><ProbeMatch><a>%s</a><b>%s</b></ProbeMatch></r>",
        '<?xml version="1.0"?>%s<ProbeMatch>%s<a/></ProbeMatch>',
        "<n:r xmlns:n='u'><n:ProbeMatch k='>'><n:a>%s</n:a>%s<b>1</b></n:ProbeMatch></n:r>",
        "<ProbeMatch><a>%s</a><a>%s</b></ProbeMatch>",
        "head<r><b>%s<c>%s</c></b></r>",
    ]
)


def parsed(raw: bytes) -> list[xml.Node]:
    document = xml_parser.document_of(raw)
    if not document or xml_parser.has_document_type(document):
        return []
    strict = xml_parser.parse(document)
    return xml_parser.scan(document) if strict is None else strict


def under(raw: bytes) -> list[list[tuple[str, str]]]:
    return [list(xml.leaves(tree)) for tree in xml.subtrees(parsed(raw), *NAMES)]


@settings(max_examples=400)
@given(FORMS, st.lists(st.tuples(PIECES, PIECES), min_size=1, max_size=6))
def test_documents_of_one_form_are_read_as_by_the_parser(form: str, texts: list[tuple[str, str]]) -> None:
    for pair in texts * 2:
        raw = (form % pair).encode()
        assert xml.nodes(raw) == parsed(raw)
        assert xml.leaves_under(raw, *NAMES) == under(raw)


def test_a_form_is_parsed_once(monkeypatch: pytest.MonkeyPatch) -> None:
    calls: list[str] = []

    def counted(document: str) -> list[xml.Node] | None:
        calls.append(document)
        return xml_parser.parse(document)

    monkeypatch.setattr(xml_form, "parse", counted)
    for number in range(50):
        found = xml.leaves_under(b"<once><n>%d</n><same>1</same></once>" % number, "once")
        assert found == [[("n", str(number)), ("same", "1")]]
    assert len(calls) == 1


def test_what_was_read_is_not_shared_between_documents() -> None:
    first = xml.leaves_under(b"<own><n>1</n></own>", "own")
    first[0].append(("forged", "1"))
    assert xml.leaves_under(b"<own><n>1</n></own>", "own") == [[("n", "1")]]


def test_the_forms_remembered_are_bounded() -> None:
    for number in range(3 * xml_form._REMEMBERED):
        assert xml.nodes(b"<a%d><b>1</b></a%d>" % (number, number))[1].text == "1"
    assert len(xml_form._forms) <= xml_form._REMEMBERED
    assert sum(map(len, xml_form._by_tags.values())) <= xml_form._REMEMBERED
