"""Where an answer ends: the same in one piece and in any pieces, for good servers, odd ones and enemies."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from netaudit.net.exchange import Framing
from netaudit.net.framing import framer

WHOLE: list[tuple[Framing, bytes, bytes]] = [
    ("http", b"HTTP/1.1 200 OK\r\nContent-Length: 5\r\n\r\nhello", b"rest"),
    ("http", b"HTTP/1.1 200 OK\ncontent-length : 5\n\nhello", b"rest"),
    ("http", b"HTTP/1.1 204 No Content\r\nServer: x\r\n\r\n", b"HTTP/1.1"),
    ("http", b"HTTP/1.1 304 Not Modified\r\nContent-Length: 900\r\n\r\n", b""),
    ("http", b"HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n5\r\nhello\r\n0\r\n\r\n", b"rest"),
    ("http", b"HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n5;x=y\r\nhello\r\n0\r\nA: b\r\n\r\n", b"rest"),
    ("rtsp", b"RTSP/1.0 200 OK\r\nCSeq: 1\r\nPublic: OPTIONS\r\n\r\n", b"RTSP/1.0 401"),
    ("rtsp", b"RTSP/1.0 200 OK\r\nCSeq: 2\r\nContent-Length: 3\r\n\r\nv=0", b""),
]


@pytest.mark.parametrize(("framing", "message", "rest"), WHOLE)
def test_the_end_is_found_and_what_follows_is_left(framing: Framing, message: bytes, rest: bytes) -> None:
    assert framer(framing).end(bytearray(message + rest)) == len(message)


@pytest.mark.parametrize(("framing", "message", "rest"), WHOLE)
def test_byte_by_byte_it_ends_at_the_same_place(framing: Framing, message: bytes, rest: bytes) -> None:
    frame, buffer = framer(framing), bytearray()
    ends = []
    for byte in message:
        ends.append(frame.end(buffer))
        buffer.append(byte)
    assert set(ends) == {None}
    assert frame.end(buffer) == len(message)


@pytest.mark.parametrize(
    "message",
    [
        b"HTTP/1.0 200 OK\r\nServer: x\r\n\r\n<html>",
        b"HTTP/1.1 200 OK\r\nContent-Length: -3\r\n\r\nabc",
        b"HTTP/1.1 200 OK\r\nContent-Length: 99999999999999999999\r\n\r\nabc",
        b"HTTP/1.1 200 OK\r\nContent-Length: 5\r\n\r\nhel",
        b"HTTP/1.1 200 OK\r\n",
    ],
)
def test_without_a_usable_length_only_the_close_ends_it(message: bytes) -> None:
    assert framer("http").end(bytearray(message)) is None


def test_a_chunk_size_that_is_none_ends_the_body() -> None:
    head = b"HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n"
    assert framer("http").end(bytearray(head + b"-5\r\nabc")) == len(head) + 4
    assert framer("http").end(bytearray(head + b"x" * 2000)) == len(head) + 2000


def test_a_banner_is_what_came_with_its_first_line() -> None:
    assert framer("banner").end(bytearray(b"SSH-2.0-drop")) is None
    assert framer("banner").end(bytearray(b"SSH-2.0-dropbear\r\n")) == 18


@given(st.sampled_from(["http", "rtsp", "banner", "close"]), st.lists(st.binary(max_size=60), max_size=30))
def test_any_bytes_in_any_pieces_give_no_error_and_an_end_inside(framing: Framing, pieces: list[bytes]) -> None:
    frame, buffer = framer(framing), bytearray()
    for piece in pieces:
        buffer += piece
        end = frame.end(buffer)
        if end is not None:
            assert 0 <= end <= len(buffer)
            return


@given(st.lists(st.binary(min_size=1, max_size=40), min_size=1, max_size=8), st.data())
def test_chunked_bodies_end_the_same_however_they_are_cut(chunks: list[bytes], data: st.DataObject) -> None:
    head = b"HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n"
    body = b"".join(b"%x\r\n%s\r\n" % (len(chunk), chunk) for chunk in chunks) + b"0\r\n\r\n"
    message = head + body
    frame, buffer, position, end = framer("http"), bytearray(), 0, None
    while end is None and position < len(message):
        step = data.draw(st.integers(1, 30))
        buffer += message[position : position + step]
        position += step
        end = frame.end(buffer)
    assert end == len(message)
