"""The page of notices: dead letters with their reason, sent again for real to a server on loopback."""

import time
from pathlib import Path

import pytest
from starlette.testclient import TestClient

from netaudit.clock import now, rfc3339
from netaudit.store import outbox
from netaudit.store.store import Store
from netaudit.store.turns import begin, end
from netaudit.web.app import create_app
from netaudit.web.settings import Settings
from tests.notice.servers import web_server
from tests.web.conftest import BASE, HOSTILE, log_in

AT = "2026-11-23T10:00:00.000Z"


def give_up(store: Store, target: str) -> int:
    """Keep a message about one event that could not be delivered; return its number."""
    values = {"unit": HOSTILE, "site": "HQ", "status": "covered", "device": "d-a", "address": "192.0.2.7"}
    with store.writing() as session:
        [event] = outbox.keep_events(session, [outbox.News("new", ["d-a", target], values)], "run-1", AT)
        [row] = outbox.post(session, [("desk", target)], [event.id], AT)
        outbox.settle(session, row.id, outbox.DEAD, AT, AT, "nobody listens at port 9")
        turn = begin(session, "here", "nightly", AT, AT, 2)
        end(session, turn.id, AT, "failed", "", "the disk is full")
    return row.id


def states(store: Store) -> list[str]:
    with store.reading() as session:
        return [row.state for row in outbox.deliveries(session)]


def test_what_failed_stands_first_with_its_reason(client: TestClient, store: Store) -> None:
    give_up(store, "https://desk.example/hook")
    log_in(client, "auditor")
    text = client.get("/notices").text
    assert "1 message could not be delivered" in text
    assert "nobody listens at port 9" in text
    assert "the disk is full" in text
    assert "&lt;script&gt;alert" in text
    assert "Try again" not in text
    assert "1 notice could not be delivered" in client.get("/").text
    log_in(client, "viewer")
    assert "could not be delivered" not in client.get("/").text


def test_without_settings_a_message_waits_for_the_next_sending(client: TestClient, store: Store) -> None:
    number = give_up(store, "https://desk.example/hook")
    csrf = log_in(client, "administrator")
    assert client.post("/notices/retry", data={"csrf": csrf, "number": "x"}).status_code == 422
    assert "no+such" in client.post("/notices/retry", data={"csrf": csrf, "number": "99"}).headers["location"]
    answer = client.post("/notices/retry", data={"csrf": csrf, "number": str(number)})
    assert "next+sending" in answer.headers["location"]
    assert states(store) == ["waiting"]


def test_a_dead_letter_is_sent_again_and_arrives(store: Store, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("NETAUDIT_TEST_HOOK", "any text")
    with web_server() as book:
        target = f"{book.url}/hook"
        give_up(store, target)
        notices = tmp_path / "notices.toml"
        notices.write_text(
            f'[[webhook]]\nname = "desk"\nurl = "{target}"\nplain = true\nsource = "env:NETAUDIT_TEST_HOOK"\n'
        )
        app = create_app(store, Settings(accounts=True, notices=notices), 100_000)
        with TestClient(app, BASE, follow_redirects=False) as client:
            csrf = log_in(client, "administrator")
            assert client.post("/notices/retry", data={"csrf": csrf}).headers["location"] == "/scan/1"
            limit = time.monotonic() + 120
            while app.state.jobs.get(1).status is None and time.monotonic() < limit:
                time.sleep(0.05)
            assert "Every message was delivered" in client.get("/notices").text
            assert 'href="/notices"' in client.get("/scan/1").text
    assert [path for path, _, _ in book.taken] == ["/hook"]
    assert states(store) == ["sent"]
    with store.reading() as session:
        [row] = outbox.deliveries(session)
    assert row.ended <= rfc3339(now())
