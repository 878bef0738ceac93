"""Banners: the service is guessed from the text, never from a port."""

import pytest

from netaudit.evidence import kinds


@pytest.mark.parametrize(
    ("raw", "service", "text"),
    [
        (b"SSH-2.0-dropbear_2019.78\r\n", "ssh", "SSH-2.0-dropbear_2019.78\r\n"),
        (b"220 AXIS Q1755 Network Camera 5.50.4 ready.\r\n", "ftp", "220 AXIS Q1755 Network Camera 5.50.4 ready.\r\n"),
        (b"220 mail.example.com ESMTP\r\n", "smtp", "220 mail.example.com ESMTP\r\n"),
        (b"\xff\xfb\x01\xff\xfa\x18\x01\xff\xf0\r\n192.0.0.64 login: ", "telnet", "\r\n192.0.0.64 login: "),
        (b"\xff\xfd\x18", "telnet", ""),
        (b"RTSP/1.0 400 Bad Request\r\n\r\n", "rtsp", "RTSP/1.0 400 Bad Request\r\n\r\n"),
        (b"SIP/2.0 200 OK\r\n", "sip", "SIP/2.0 200 OK\r\n"),
        (b"RFB 003.008\n", "vnc", "RFB 003.008\n"),
        (b"head\0\0\0\0", None, "head\0\0\0\0"),
        (b"\xff\x41binary", None, "ÿAbinary"),
    ],
)
def test_services(raw: bytes, service: str | None, text: str) -> None:
    fields = kinds.read("banner", raw)
    assert fields.get("service") == service
    assert fields["text"] == text


def test_silence_gives_nothing() -> None:
    assert kinds.read("banner", b"") == {}
