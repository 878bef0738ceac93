"""Decoding, gathering, JSON: what every reader stands on."""

import json

import pytest
from hypothesis import given
from hypothesis import strategies as st

from netaudit.evidence.charset import decode, scrub
from netaudit.evidence.gather import MAX_NAMES, MAX_VALUES, gather, listed
from netaudit.evidence.http_message import MAX_HEADERS, split, status
from netaudit.evidence.json_text import MAX_LEAVES, below, first_object, flatten, scalar


@pytest.mark.parametrize(
    ("data", "declared", "text"),
    [
        (b"\xc3\xa9", "gbk", "é"),
        (b"\xb5\xc7\xc2\xbc", "GB2312", "登录"),
        (b"\xb5\xc7", "", "µÇ"),
        (b"\xff\xfea\0", "", "a"),
        (b"\xff\xfe\0\xd8", "", "�"),
        (b"\xe9", "unicode_escape", "é"),
    ],
)
def test_decode(data: bytes, declared: str, text: str) -> None:
    assert decode(data, declared) == text


@given(st.binary(max_size=200), st.sampled_from(["", "gbk", "big5", "shift_jis", "utf-7", "euc-kr"]))
def test_decoded_text_can_always_be_written(data: bytes, declared: str) -> None:
    assert decode(data, declared).encode("utf-8").decode("utf-8") == decode(data, declared)


@given(st.text(st.characters(), max_size=50))
def test_scrubbed_text_can_always_be_written(text: str) -> None:
    scrubbed = scrub(text)
    assert scrubbed.encode("utf-8").decode("utf-8") == scrubbed
    assert len(scrubbed) == len(text)


def test_gather_joins_and_caps() -> None:
    assert gather([("a", "1"), ("b", "2"), ("a", "3"), ("", "x"), ("n" * 129, "x")]) == {"a": ("1", "3"), "b": "2"}
    assert len(gather((str(number), "x") for number in range(999))) == MAX_NAMES
    assert len(gather(("a", "x") for _ in range(999))["a"]) == MAX_VALUES
    assert len(str(gather([("a", "x" * 9999)])["a"])) == 4096


def test_listed_drops_doubles_and_empty_lists() -> None:
    assert listed({"a": ["1", "1"], "b": [], "c": ["1", "2"]}) == {"a": "1", "c": ("1", "2")}


def test_the_first_object_and_no_more() -> None:
    assert first_object(b'\x20DHIP\0{"a": {"b": 1}}\n\0{"c": 2}') == {"a": {"b": 1}}
    assert first_object(b"{" * 9000) == {}
    assert first_object(b'{"a":' + b"9" * 5000 + b"}") == {}
    assert first_object(b"[1]") == {}


def test_flatten() -> None:
    value = {"a": {"b": [1, {"c": None}], "d": True}, "e": 1.5, "f": {}}
    assert list(flatten(value)) == [("a.b", "1"), ("a.b.c", ""), ("a.d", "true"), ("e", "1.5")]
    assert len(list(flatten({"a": [0] * 9999}))) == MAX_LEAVES
    assert below(value, "a", "d") == {}
    assert scalar([1]) == ""


@given(st.dictionaries(st.text(max_size=9), st.integers() | st.text(max_size=9) | st.booleans(), max_size=9))
def test_flat_objects_flatten_to_themselves(value: dict[str, object]) -> None:
    assert dict(flatten(first_object(json.dumps(value).encode()))) == {key: scalar(item) for key, item in value.items()}


def test_folded_and_broken_headers() -> None:
    message = split(b"HTTP/1.1 200 OK\r\nA: 1\r\n  2\r\nno colon\r\n: no name\r\nB :3\r\n\r\nbody\r\n\r\n")
    assert message.headers == [("a", "1 2"), ("b", "3")]
    assert message.names == ["A", "B"]
    assert message.body == b"body\r\n\r\n"
    assert len(split(b"x\r\n" + b"a:1\r\n" * 9999).headers) <= MAX_HEADERS


@pytest.mark.parametrize(
    ("line", "code"),
    [
        ("HTTP/1.1 200 OK", "200"),
        ("RTSP/1.0  401 x", "401"),
        ("HTTP/2 404", "404"),
        ("NOTIFY * HTTP/1.1", ""),
        ("", ""),
    ],
)
def test_status(line: str, code: str) -> None:
    assert status(line) == code
