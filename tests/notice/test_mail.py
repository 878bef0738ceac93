"""E-mail to a real server: STARTTLS, TLS, login, and every way in which a server says no."""

import email
import email.policy
import socket
import threading
from dataclasses import replace
from datetime import UTC, datetime
from pathlib import Path

import pytest

from netaudit.notice.door import smtp, stream
from netaudit.notice.door.stream import Answer
from netaudit.notice.forms import mail
from netaudit.notice.settings import Mail
from netaudit.scope.model import Credential
from tests.notice.servers import PASSWORD, USER, MailBox, certificate, mail_server
from tests.notice.things import TEXTS, message, told

TO = "it@example.org"
NOW = datetime(2026, 11, 23, 10, 0, tzinfo=UTC)
PLAIN = Mail("it", "127.0.0.1", 25, "none", "netaudit@example.org", (TO,), None, None)


def send(channel: Mail, box: MailBox, secret: str = "") -> Answer:
    there = replace(channel, port=box.port)
    return smtp.send_mail(there, secret, mail(message(), there, TO, TEXTS, NOW), TO)


def secured(ca: Path, security: str = "starttls") -> Mail:
    return replace(PLAIN, security=security, credential=Credential("c", USER, "env:X", ()), ca=ca)


def test_by_starttls_with_a_login(tmp_path: Path) -> None:
    ca, context = certificate(tmp_path)
    with mail_server(starttls=context) as box:
        assert send(secured(ca), box, PASSWORD) == Answer()
    assert box.encrypted == [True]
    got = email.message_from_bytes(box.taken[0].original_content or b"", policy=email.policy.default)
    assert (got["To"], got["From"], got["Auto-Submitted"]) == (TO, "netaudit@example.org", "auto-generated")
    assert got["Message-ID"] == f"<{'f' * 32}@example.org>"
    assert got["Subject"] == "A unit that has to go is new at Höhe 3: Amcrest IP8M 10.20.0.2 (Covered)"
    assert "Run: run-1" in got.get_content()


def test_by_tls_from_the_first_byte(tmp_path: Path) -> None:
    ca, context = certificate(tmp_path)
    with mail_server(tls=context) as box:
        assert send(replace(PLAIN, security="tls", ca=ca), box) == Answer()
        assert send(replace(PLAIN, security="tls"), box).error.startswith("SSLCertVerificationError")
    assert len(box.taken) == 1


def test_a_wrong_password_is_final_and_is_told_to_nobody(tmp_path: Path) -> None:
    ca, context = certificate(tmp_path)
    with mail_server(starttls=context) as box:
        answer = send(secured(ca), box, "wrong horse")
    assert answer.final
    assert answer.error.startswith("535")
    assert "wrong horse" not in answer.error
    assert box.taken == []


def test_nothing_is_said_to_a_server_without_starttls_or_with_a_strange_certificate(tmp_path: Path) -> None:
    ca, context = certificate(tmp_path)
    with mail_server() as box:
        answer = send(secured(ca), box, PASSWORD)
        assert "STARTTLS" in answer.error
        assert not answer.final
    with mail_server(starttls=context) as other:
        assert "certificate" in send(replace(secured(ca), ca=None), other, PASSWORD).error
    assert box.taken + other.taken == []


def test_refusals_later_and_for_ever() -> None:
    with mail_server() as box:
        box.answers = ["451 try again later", "552 too much"]
        assert send(PLAIN, box) == Answer("451 try again later")
        assert send(PLAIN, box) == Answer("552 too much", final=True)
        box.unknown.add(TO)
        assert send(PLAIN, box) == Answer("550 5.1.1 nobody of that name here", final=True)
        box.unknown.clear()
        assert send(PLAIN, box) == Answer()
    assert len(box.taken) == 1


@pytest.mark.parametrize(
    ("said", "error"),
    [
        (b"554 no\r\n", "554 no"),
        (b"", "closed"),
        (b"220-" + b"a" * 4000 + b"\r\n", "more than"),
        (b"\xff\xfe\x00" * 9000, ""),
    ],
)
def test_a_strange_server_ends_in_an_answer(said: bytes, error: str) -> None:
    with socket.create_server(("127.0.0.1", 0)) as listener:

        def talk() -> None:
            connection, _ = listener.accept()
            with connection:
                try:
                    connection.sendall(said * (40 if said.startswith(b"220-") else 1))
                except OSError:
                    return

        thread = threading.Thread(target=talk, daemon=True)
        thread.start()
        answer = send(PLAIN, MailBox(port=listener.getsockname()[1]))
        thread.join(30)
    assert answer.error
    assert error in answer.error


def test_a_server_that_drips_is_cut_off(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(stream, "WHOLE", 0.5)
    ended = threading.Event()
    with socket.create_server(("127.0.0.1", 0)) as listener:

        def drip() -> None:
            connection, _ = listener.accept()
            with connection:
                while not ended.wait(0.05):
                    try:
                        connection.sendall(b"2")
                    except OSError:
                        return

        thread = threading.Thread(target=drip, daemon=True)
        thread.start()
        # Without the cut this would last for as long as the server likes: each byte begins the time-out anew.
        assert send(PLAIN, MailBox(port=listener.getsockname()[1])).error
        ended.set()
        thread.join(30)


def test_nobody_there() -> None:
    # Bound, and nobody listens: no other program can take the port meanwhile.
    with socket.socket() as bound:
        bound.bind(("127.0.0.1", 0))
        answer = send(PLAIN, MailBox(port=bound.getsockname()[1]))
    assert "refused" in answer.error
    assert not answer.final


def test_what_a_device_calls_itself_is_no_header() -> None:
    hostile = told(unit="cam\r\nBcc: all@example.org")
    with pytest.raises(ValueError, match="linefeed"):
        mail(message(hostile), PLAIN, TO, TEXTS, NOW)
