"""The outbox: kept before it is sent, tried again with pauses, given up at the end; the same event is told once."""

import base64
import hashlib
import hmac
import json
import threading
from collections.abc import Iterator
from pathlib import Path

import pytest

from netaudit.notice.deliver import Count, deliver
from netaudit.notice.settings import Settings, read_settings
from netaudit.store import outbox
from netaudit.store.outbox import News
from netaudit.store.store import Store
from tests.notice.servers import mail_server, web_server
from tests.notice.things import AT, TEXTS, UNIT, settings_file


@pytest.fixture
def store(where: str) -> Iterator[Store]:
    with Store(where) as opened:
        yield opened


@pytest.fixture(autouse=True)
def _secret(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("HOOK_KEY", "a key")


def hook(folder: Path, url: str, waits: str = "[0, 0]") -> Settings:
    text = f'[retry]\nseconds = {waits}\n[[webhook]]\nname = "desk"\nurl = "{url}"\nplain = true\n'
    text += 'source = "env:HOOK_KEY"\n'
    return read_settings(settings_file(folder, text))


def post(store: Store, settings: Settings, *names: str) -> int:
    news = [News("new", (name, "run-0"), UNIT) for name in names]
    targets = [(channel.name, target) for channel in settings.channels for target in channel.targets]
    return outbox.tell(store, news, targets, "run-1", AT)


def states(store: Store) -> list[tuple[str, int, str]]:
    with store.reading() as session:
        return [(row.state, row.attempts, row.error) for row in outbox.deliveries(session)]


def test_the_same_event_is_told_once(store: Store, tmp_path: Path) -> None:
    with web_server() as book:
        settings = hook(tmp_path, book.url)
        assert post(store, settings, "d1", "d2") == 2
        assert post(store, settings, "d2", "d1") == 0
        assert post(store, settings, "d1", "d3") == 1
        assert deliver(store, settings, TEXTS) == Count(sent=2)
        assert deliver(store, settings, TEXTS) == Count()
    assert [len(json.loads(body)["events"]) for _, _, body in book.taken] == [2, 1]


def test_500_then_204_is_tried_again_with_a_fresh_signature(store: Store, tmp_path: Path) -> None:
    said: list[str] = []
    with web_server() as book:
        settings = hook(tmp_path, book.url)
        book.answers = [(500, ""), (204, "")]
        post(store, settings, "d1")
        assert deliver(store, settings, TEXTS, said=said.append) == Count(sent=1)
    (_, first, body), (_, second, again) = book.taken
    assert first["webhook-id"] == second["webhook-id"]
    assert body == again
    signed = f"{second['webhook-id']}.{second['webhook-timestamp']}.".encode() + again
    expected = base64.b64encode(hmac.new(b"a key", signed, hashlib.sha256).digest()).decode()
    assert second["webhook-signature"] == f"v1,{expected}"
    assert states(store) == [("sent", 2, "")]
    assert said == [f"desk ({book.url}): 500 Internal Server Error"]


def test_after_the_last_try_it_is_a_dead_letter_that_can_be_revived(store: Store, tmp_path: Path) -> None:
    with web_server() as book:
        settings = hook(tmp_path, book.url)
        book.answers = [(503, "")] * 3
        post(store, settings, "d1")
        assert deliver(store, settings, TEXTS, said=list[str]().append) == Count(dead=1)
        assert states(store) == [("dead", 3, "503 Service Unavailable")]
        assert deliver(store, settings, TEXTS) == Count()
        with store.writing() as session:
            assert outbox.revive(session, [], AT) == 1
        assert deliver(store, settings, TEXTS) == Count(sent=1)
    assert len(book.taken) == 4


def test_a_refusal_for_ever_is_not_tried_again(store: Store, tmp_path: Path) -> None:
    with web_server() as book:
        settings = hook(tmp_path, book.url)
        book.answers = [(410, "")]
        post(store, settings, "d1")
        assert deliver(store, settings, TEXTS, said=list[str]().append) == Count(dead=1)
    assert len(book.taken) == 1


def test_a_long_pause_is_left_to_the_next_call(store: Store, tmp_path: Path) -> None:
    with web_server() as book:
        settings = hook(tmp_path, book.url, "[3600]")
        book.answers = [(500, "")]
        post(store, settings, "d1")
        assert deliver(store, settings, TEXTS, patience=1, said=list[str]().append) == Count(waiting=1)
        assert deliver(store, settings, TEXTS, patience=1) == Count(waiting=1)
    assert len(book.taken) == 1


def test_one_address_that_is_refused_holds_up_no_other(store: Store, tmp_path: Path) -> None:
    with mail_server() as box:
        box.unknown.add("left@example.org")
        text = f'[[mail]]\nname = "it"\nserver = "127.0.0.1"\nport = {box.port}\nsecurity = "none"\n'
        text += 'from = "n@example.org"\nto = ["left@example.org", "it@example.org"]\n'
        settings = read_settings(settings_file(tmp_path, text))
        post(store, settings, "d1")
        assert deliver(store, settings, TEXTS, said=list[str]().append) == Count(sent=1, dead=1)
    assert [envelope.rcpt_tos for envelope in box.taken] == [["it@example.org"]]


def test_a_missing_secret_and_a_removed_channel(
    store: Store, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:  # fmt: skip
    settings = hook(tmp_path, "http://127.0.0.1:9", "[3600]")
    monkeypatch.delenv("HOOK_KEY")
    post(store, settings, "d1")
    assert deliver(store, settings, TEXTS, said=list[str]().append) == Count(waiting=1)
    assert "env:HOOK_KEY is not set" in states(store)[0][2]
    with store.writing() as session:
        outbox.settle(session, 1, outbox.WAITING, AT, AT, "")
    assert deliver(store, Settings(), TEXTS, said=list[str]().append) == Count(dead=1)
    assert "no such channel" in states(store)[0][2]


def test_of_many_senders_at_once_each_message_goes_out_once(where: str, tmp_path: Path) -> None:
    with web_server() as book, Store(where) as store:
        settings = hook(tmp_path, book.url)
        for number in range(12):
            post(store, settings, f"d{number}")
        counts: list[Count] = []

        def send() -> None:
            with Store(where) as own:
                counts.append(deliver(own, settings, TEXTS))

        threads = [threading.Thread(target=send) for _ in range(4)]
        for thread in threads:
            thread.start()
        for thread in threads:
            thread.join()
    assert sum(count.sent for count in counts) == 12
    assert len({headers["webhook-id"] for _, headers, _ in book.taken}) == len(book.taken) == 12


def test_of_many_who_tell_the_same_at_once_one_does(where: str, tmp_path: Path) -> None:
    counts: list[int] = []
    settings = hook(tmp_path, "http://127.0.0.1:9")
    barrier = threading.Barrier(4)

    def tell() -> None:
        with Store(where) as own:
            for number in range(6):
                barrier.wait(60)
                counts.append(post(own, settings, f"d{number}", f"e{number}"))

    with Store(where) as store:
        threads = [threading.Thread(target=tell) for _ in range(4)]
        for thread in threads:
            thread.start()
        for thread in threads:
            thread.join()
        assert len(states(store)) == 6
    assert (len(counts), sum(counts)) == (24, 12)


def test_what_no_database_keeps_is_cleaned(store: Store, tmp_path: Path) -> None:
    hostile = News("new", ("d1", "r"), {**UNIT, "unit": "cam\0\r\nBcc: x@y \ud800\u202e" + "a" * 900})
    with store.writing() as session:
        [row] = outbox.keep_events(session, [hostile], "r", AT)
        assert row.details["unit"].isprintable()
        assert len(row.details["unit"]) == 300
