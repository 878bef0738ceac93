"""Posts to a real web server: signed as the Standard Webhooks specification says, never sent on, never in the clear."""

import base64
import hashlib
import hmac
import json
from datetime import UTC, datetime
from pathlib import Path

import pytest

from netaudit.notice.door.https import send_hook
from netaudit.notice.door.stream import Answer
from netaudit.notice.forms import hook_body, hook_headers
from netaudit.notice.settings import Webhook
from netaudit.scope.model import Credential
from tests.contracts.schemas import faults
from tests.notice.servers import certificate, web_server
from tests.notice.things import TEXTS, message, told

NOW = datetime(2026, 11, 23, 10, 0, tzinfo=UTC)
KEY = "whsec_MfKQ9r8GKYqrTwjUPD8ILPZIo2LaLaSw"


def send(url: str, ca: Path | None = None, secret: str = KEY) -> Answer:
    body = hook_body(message(), TEXTS)
    channel = Webhook("desk", url, Credential("c", "", "env:X", ()), ca)
    return send_hook(channel, body, hook_headers("f" * 32, body, secret, NOW))


def verified(headers: dict[str, str], body: bytes, key: bytes) -> bool:
    """What the receiver does, by the specification: standardwebhooks.com."""
    signed = b".".join((headers["webhook-id"].encode(), headers["webhook-timestamp"].encode(), body))
    expected = base64.b64encode(hmac.new(key, signed, hashlib.sha256).digest()).decode()
    return any(
        hmac.compare_digest(entry, f"v1,{expected}") for entry in headers["webhook-signature"].split(" ")
    )  # fmt: skip


def test_the_vector_of_the_specification() -> None:
    body = b'{"test": 2432232314}'
    headers = hook_headers("msg_p5jXN8AQM9LWM0D4loKWxJek", body, KEY, datetime.fromtimestamp(1614265330, UTC))
    assert headers["webhook-signature"] == "v1,g0hM9SsE+OTPJTGt/tmIKtSyZlE3uFJELVlNIOLJ1OE="


@pytest.mark.parametrize(("secret", "key"), [(KEY, base64.b64decode(KEY[6:])), ("any text", b"any text")])
def test_a_signed_post_over_tls(tmp_path: Path, secret: str, key: bytes) -> None:
    ca, context = certificate(tmp_path)
    with web_server(context) as book:
        assert send(f"{book.url}/hook?team=it", ca, secret) == Answer()
    [(path, headers, body)] = book.taken
    assert path == "/hook?team=it"
    assert headers["content-type"] == "application/json"
    assert headers["webhook-timestamp"] == str(int(NOW.timestamp()))
    assert verified(headers, body, key)
    assert not verified(headers, body.replace(b"new", b"old"), key)
    assert not verified({**headers, "webhook-timestamp": "1"}, body, key)
    data = json.loads(body)
    assert faults("notice", data) == []
    assert (data["schema"], data["schema_version"], data["id"]) == ("netaudit.notice", 1, "f" * 32)
    assert data["events"][0]["kind"] == "new"
    assert data["events"][0]["values"]["address"] == "10.20.0.2"


def test_a_certificate_that_nobody_vouches_for_gets_nothing(tmp_path: Path) -> None:
    _, context = certificate(tmp_path)
    with web_server(context) as book:
        assert "certificate" in send(book.url).error
    assert book.taken == []


@pytest.mark.parametrize(
    ("status", "final"), [(500, False), (503, False), (429, False), (408, False), (400, True), (410, True), (404, True)]
)
def test_what_may_be_tried_again(status: int, final: bool) -> None:
    with web_server() as book:
        book.answers = [(status, "")]
        answer = send(book.url)
    assert answer.error.startswith(str(status))
    assert answer.final == final


@pytest.mark.parametrize("status", [301, 302, 303, 307, 308])
def test_a_redirect_is_not_followed(status: int) -> None:
    with web_server() as other, web_server() as book:
        book.answers = [(status, f"{other.url}/elsewhere")]
        answer = send(book.url)
    assert answer.final
    assert "not followed" in answer.error
    assert len(book.taken) == 1
    assert other.taken == []


def test_a_long_message_says_how_much_it_leaves_out() -> None:
    data = json.loads(hook_body(message(*[told() for _ in range(205)]), TEXTS))
    assert (len(data["events"]), data["more"]) == (200, 5)
