"""RTSP answers of five servers, none of which writes the same headers."""

from pathlib import Path

import pytest

from netaudit.evidence import kinds
from netaudit.evidence.fields import first

RECORDED = Path(__file__).parents[2] / "recorded" / "rtsp"


@pytest.mark.parametrize(
    ("name", "expected"),
    [
        ("gst_basic", {"status": "401", "server": "GStreamer RTSP server", "auth": "Basic"}),
        ("gst_digest", {"status": "401", "auth": "Digest", "realm": "IP Camera(C6496)"}),
        ("npm", {"status": "200", "public": "DESCRIBE SETUP PLAY STOP", "server": ""}),
        ("perl", {"status": "200", "public": "OPTIONS, DESCRIBE, TEARDOWN, SETUP, PLAY, STOP", "server": ""}),
        ("aio", {"status": "200", "server": "python aio rtsp server"}),
        ("ipycam", {"status": "200", "server": "", "realm": ""}),
    ],
)
def test_real_servers(name: str, expected: dict[str, str]) -> None:
    fields = kinds.read("rtsp.response", (RECORDED / f"{name}.rtsp").read_bytes())
    assert {key: first(fields, key) for key in expected} == expected


def test_public_stays_although_only_the_first_answer_has_it() -> None:
    fields = kinds.read("rtsp.response", (RECORDED / "gst_digest.rtsp").read_bytes())
    assert first(fields, "public").startswith("OPTIONS, DESCRIBE")
    assert first(fields, "header.cseq") == "2"


def test_the_session_description_is_kept_as_body() -> None:
    fields = kinds.read("rtsp.response", (RECORDED / "ipycam.rtsp").read_bytes())
    assert "s=IPyCam Stream" in first(fields, "body")


def test_all_realms_are_told() -> None:
    first_answer = b'RTSP/1.0 401 No\r\nWWW-Authenticate: Digest realm="Login to 1F006E4PAX00075"\r\n'
    second = b'WWW-Authenticate: Basic realm="device"\r\n\r\n'
    assert kinds.read("rtsp.response", first_answer + second)["realm"] == ("Login to 1F006E4PAX00075", "device")


def test_what_is_no_rtsp_gives_nothing() -> None:
    assert kinds.read("rtsp.response", b"HTTP/1.1 400 Bad Request\r\n\r\n") == {}
