"""HTTP answers: real servers, then every way of getting it wrong."""

import gzip
import zlib
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from netaudit.evidence import http_message, kinds
from netaudit.evidence.fields import Fields, first

RECORDED = Path(__file__).parents[2] / "recorded" / "http"


def read(raw: bytes) -> Fields:
    return kinds.read("http.response", raw)


def answer(body: bytes, *headers: str, status: str = "HTTP/1.1 200 OK") -> bytes:
    return "\r\n".join([status, *headers, "", ""]).encode("latin-1") + body


@pytest.mark.parametrize(
    ("name", "expected"),
    [
        ("nginx_title", {"status": "200", "header.server": "nginx", "title": "WEB SERVICE"}),
        ("lighttpd_title", {"header.server": "uc-httpd 1.0.0", "title": "NETSurveillance WEB"}),
        ("mini_httpd_basic", {"status": "401", "auth": "Basic", "realm": ".", "title": "401 Unauthorized"}),
        ("nginx_401", {"status": "401", "auth": "Basic", "realm": "DS-2CD2042WD-I"}),
        ("lighttpd_digest_401", {"auth": "Digest", "realm": "IP Camera(C6496)", "header.server": "App-webs/"}),
    ],
)
def test_real_servers(name: str, expected: dict[str, str]) -> None:
    fields = read((RECORDED / f"{name}.http").read_bytes())
    assert {key: fields.get(key) for key in expected} == expected


def test_header_names_keep_spelling_and_order() -> None:
    fields = read(answer(b"", "CONNECTION: close", "P3P: CP=CAO PSA OUR", "x:1"))
    assert fields["header_names"] == ("CONNECTION", "P3P", "x")
    assert fields["header.p3p"] == "CP=CAO PSA OUR"


@pytest.mark.parametrize(
    ("raw", "body"),
    [
        (answer(b"hello", "Content-Length: -3"), "hello"),
        (answer(b"hello", "Content-Length: 4"), "hell"),
        (answer(b"hello", "Content-Length: 99999999999999999999"), "hello"),
        (answer(b"hello", "Content-Length: \xb2"), "hello"),
        (b"HTTP/1.0 200 OK\r\n\r\nhello", "hello"),
        (b"HTTP/1.0 200 OK\n\nhello", "hello"),
        (b"<html>hello", "<html>hello"),
        (answer(b"5\r\nhello\r\n6;x=y\r\n world\r\n0\r\n\r\n", "Transfer-Encoding: chunked"), "hello world"),
        (answer(b"5\r\nhello\r\nzz\r\n", "Transfer-Encoding: chunked"), "hellozz\r\n"),
        (answer(b"ffffffff\r\nhello", "Transfer-Encoding: chunked"), "hello"),
        (answer(b"not chunked", "Transfer-Encoding: chunked"), "not chunked"),
        (answer(gzip.compress(b"hello", mtime=0), "Content-Encoding: gzip"), "hello"),
        (answer(zlib.compress(b"hello"), "Content-Encoding: deflate"), "hello"),
        (answer(zlib.compress(b"hello", wbits=-15), "Content-Encoding: deflate"), "hello"),
        (answer(b"hello", "Content-Encoding: gzip"), "hello"),
        (answer("größe".encode(), "Content-Type: text/html"), "größe"),
        (answer("größe".encode("latin-1")), "größe"),
        (answer("登录".encode("gb18030"), "Content-Type: text/html; charset=GB2312"), "登录"),
        (answer(b"<meta charset=gbk>" + "登录".encode("gbk")), "<meta charset=gbk>登录"),
        (answer("größe".encode("latin-1"), "Content-Type: text/html; charset=rot13"), "größe"),
    ],
)
def test_bodies_that_servers_get_wrong(raw: bytes, body: str) -> None:
    assert first(read(raw), "body") == body


def test_a_gzip_bomb_does_not_unfold() -> None:
    bomb = gzip.compress(bytes(20_000_000))
    assert len(first(read(answer(bomb, "Content-Encoding: gzip")), "body")) == http_message.MAX_BODY


def test_a_stream_that_breaks_gives_its_beginning() -> None:
    page = b"".join(b"line %d\n" % number for number in range(9000))
    cut = gzip.compress(page, mtime=0)[:9000] + b"\xff" * 100
    assert first(read(answer(cut, "Content-Encoding: gzip")), "body").startswith("line 0\nline 1\n")


@pytest.mark.parametrize(
    ("page", "title"),
    [
        ("<TITLE>\n Network&nbsp;Camera \n</TITLE>", "Network Camera"),
        ('<title id="x">A &amp; B</title>', "A & B"),
        ("<title>never ended", "never ended"),
        ("<title><b>nested", ""),
        ("<titlex>no</titlex>", ""),
        ("<title>" + "&#" + "9" * 9000 + ";</title>", "\ufffd"),
        ("no title", ""),
    ],
)
def test_titles(page: str, title: str) -> None:
    assert first(read(answer(page.encode())), "title") == title


@pytest.mark.parametrize(
    ("headers", "schemes", "realms"),
    [
        (['Digest realm="a, b", nonce="c"'], ("Digest",), ("a, b",)),
        (['Digest qop="auth", realm="IP Camera(C2183)", stale="FALSE"'], ("Digest",), ("IP Camera(C2183)",)),
        (['Basic realm="a", Digest realm="b"'], ("Basic", "Digest"), ("a", "b")),
        (['Digest realm="a"', 'Basic realm="a"'], ("Digest", "Basic"), ("a",)),
        (["Basic realm=plain"], ("Basic",), ("plain",)),
        (["Digest realm=Login to 4K0, qop=auth"], ("Digest",), ("Login to 4K0",)),
        (["Digest realm='Login to 4K0', qop=auth"], ("Digest",), ("Login to 4K0",)),
        (["Basic realm=My Router charset=UTF-8"], ("Basic",), ("My Router",)),
        (['Digest nonce="a realm=b", realm="c"'], ("Digest",), ("c",)),
        ([r'Basic realm="say \"hi\" \\"'], ("Basic",), ('say "hi" \\',)),
        (['Basic realm="never ended'], ("Basic",), ("never ended",)),
        (['Basic Realm = "spaced"'], ("Basic",), ("spaced",)),
        (["Negotiate"], ("Negotiate",), ()),
        ([""], (), ()),
    ],
)
def test_challenges(headers: list[str], schemes: tuple[str, ...], realms: tuple[str, ...]) -> None:
    assert http_message.challenges(headers) == (schemes, realms)


def test_two_challenges_give_lists() -> None:
    fields = read(answer(b"", 'WWW-Authenticate: Digest realm="a"', 'WWW-Authenticate: Basic realm="b"'))
    assert (fields["auth"], fields["realm"]) == (("Digest", "Basic"), ("a", "b"))


@given(st.text(max_size=60).filter(lambda text: text == " ".join(text.split()) and "\0" not in text))
def test_any_quoted_realm_reads_back(realm: str) -> None:
    quoted = realm.replace("\\", "\\\\").replace('"', '\\"')
    assert http_message.challenges([f'Digest nonce="x", realm="{quoted}"']).realms == (realm,)


@pytest.mark.parametrize("piece", [b"<title", b"<title ", b"charset=", b"1\r\na\r\n", b"a:", b"\r\n ", b'realm="\\'])
def test_floods_of_one_piece_are_read_within_the_caps(piece: bytes) -> None:
    raw = answer(piece * (65536 // len(piece)), "Transfer-Encoding: chunked", 'WWW-Authenticate: x="' + "\\" * 9000)
    assert len(first(read(raw), "body")) <= http_message.MAX_BODY
    assert len(read(b"HTTP/1.1 200 OK\r\n" + piece * 9000)) <= 300
