"""Log lines to a real server, over each transport, read by the grammar of RFC 5424."""

import socket
from dataclasses import replace
from pathlib import Path

import pytest

from netaudit.notice.door.stream import Answer
from netaudit.notice.door.syslog import send_syslog
from netaudit.notice.forms import syslog
from netaudit.notice.settings import Syslog
from tests.notice.servers import RFC5424, certificate, log_server
from tests.notice.things import AT, TEXTS, message, told

CHANNEL = Syslog("logs", "127.0.0.1", 514, "udp", 16, None)


@pytest.mark.parametrize("transport", ["udp", "tcp", "tls"])
def test_each_event_is_one_message(tmp_path: Path, transport: str) -> None:
    ca, context = certificate(tmp_path)
    events = message(told("new"), told("deadline", title="Part B", date="2026-12-23", n=3, days=30, policy="P"))
    with log_server(transport, context if transport == "tls" else None) as book:
        channel = replace(CHANNEL, port=book.port, transport=transport, ca=ca)
        assert send_syslog(channel, syslog(events, channel, TEXTS, "audit.example", 77, AT)) == Answer()
        taken = book.wait(2)
    first, second = (RFC5424.fullmatch(line) for line in taken)
    assert first
    assert second
    # local0 is 16; a warning is 4, a notice 5.
    assert (int(first["pri"]), int(second["pri"])) == (16 * 8 + 4, 16 * 8 + 5)
    assert (first["time"].decode(), first["host"], first["app"], first["process"], first["id"]) == (
        AT, b"audit.example", b"netaudit", b"77", b"new",
    )  # fmt: skip
    assert first["data"].startswith(b'[origin software="netaudit" swVersion="')
    text = first["text"].decode()
    assert text.startswith("A unit that has to go is new at Höhe 3: Amcrest")
    assert text.endswith("run=run-1 device=d1 address=10.20.0.2")
    assert "Part B: 3 units have to be gone by 2026-12-23, in 30 days" in second["text"].decode()


def test_a_datagram_is_cut_between_characters() -> None:
    [line] = syslog(message(told(unit="ü" * 4000)), CHANNEL, TEXTS, "höst name", 1, AT)
    assert len(line) in (2047, 2048)
    match = RFC5424.fullmatch(line)
    assert match
    assert match["host"] == b"hstname"
    match["text"].decode()


def test_nobody_there_or_a_strange_certificate(tmp_path: Path) -> None:
    # Bound, and nobody listens: no other program can take the port meanwhile.
    with socket.socket() as bound:
        bound.bind(("127.0.0.1", 0))
        channel = replace(CHANNEL, port=bound.getsockname()[1], transport="tcp")
        assert "refused" in send_syslog(channel, [b"x"]).error
    _, context = certificate(tmp_path)
    with log_server("tls", context) as book:
        answer = send_syslog(replace(CHANNEL, port=book.port, transport="tls"), [b"x"])
        assert "certificate" in answer.error
    assert book.taken == []
