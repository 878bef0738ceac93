"""What people add: nothing is lost when two edit at once, nothing is decided without name and reason."""

import threading
from collections.abc import Mapping

import pytest
from sqlalchemy import select

from netaudit.errors import UsageError
from netaudit.store.people import (
    Author,
    Decision,
    EditConflictError,
    annotate,
    annotations,
    decide,
    latest_plan,
    plan_document,
    save_plan,
    standing,
    withdraw,
)
from netaudit.store.schema import JournalRow
from netaudit.store.store import Store
from tests.store.things import device, recorded

ANNA, BEN = Author("Anna", "2026-11-23T10:00:00.000Z"), Author("Ben", "2026-11-23T10:00:01.000Z")


@pytest.fixture
def store(where: str) -> Store:
    opened = Store(where)
    opened.record(recorded("r1", "2026-01-01T00:00:00.000Z", [device("a")]))
    return opened


def test_an_annotation_is_kept_changed_and_removed(store: Store) -> None:
    with store, store.writing() as session:
        version = annotate(session, "a", {"room": "3.14", "note": "high up"}, 1, ANNA)
        version = annotate(session, "a", {"room": "3.15", "note": ""}, version, BEN)
        assert annotations(session, "a") == {"room": "3.15"}
        told = [(row.who, row.details["before"], row.details["after"]) for row in session.scalars(select(JournalRow))]
        assert told == [
            ("Anna", {"room": "", "note": ""}, {"room": "3.14", "note": "high up"}),
            ("Ben", {"room": "3.14", "note": "high up"}, {"room": "3.15", "note": ""}),
        ]


def test_the_second_of_two_editors_is_told_what_is_there_now(store: Store) -> None:
    with store:
        with store.writing() as session:
            annotate(session, "a", {"room": "3.14"}, 1, ANNA)
        with pytest.raises(EditConflictError, match="changed by somebody else") as caught, store.writing() as session:
            annotate(session, "a", {"room": "cellar"}, 1, BEN)
        assert caught.value.current == {"room": "3.14", "version": 2}
        with store.reading() as session:
            assert annotations(session, "a") == {"room": "3.14"}


def test_of_many_editors_at_once_each_edit_is_kept_or_told(store: Store) -> None:
    told: list[Mapping[str, object]] = []

    def edit(number: int) -> None:
        version = 1
        while True:
            try:
                with store.writing() as session:
                    annotate(session, "a", {f"key{number}": str(number)}, version, ANNA)
                return
            except EditConflictError as conflict:
                told.append(conflict.current)
                version = int(str(conflict.current["version"]))

    threads = [threading.Thread(target=edit, args=(number,)) for number in range(8)]
    with store:
        for thread in threads:
            thread.start()
        for thread in threads:
            thread.join()
        with store.reading() as session:
            assert annotations(session, "a") == {f"key{number}": str(number) for number in range(8)}


def test_unknown_devices_and_endless_values_are_refused(store: Store) -> None:
    with store, store.writing() as session:
        with pytest.raises(UsageError, match="no device 'x'"):
            annotate(session, "x", {"room": "1"}, 1, ANNA)
        with pytest.raises(UsageError, match="at most 4000"):
            annotate(session, "a", {"room": "1" * 4001}, 1, ANNA)


def test_a_decision_needs_a_reason_a_name_and_for_an_exclusion_an_end(store: Store) -> None:
    with store, store.writing() as session:
        for wrong in (Decision("exclude", " ", "a", expires="2027-01-01"), Decision("exclude", "in store", "a")):
            with pytest.raises(UsageError):
                decide(session, wrong, ANNA)
        with pytest.raises(UsageError):
            decide(session, Decision("sign_off", "seen"), Author(" ", BEN.at))


def test_a_decision_holds_until_it_ends_or_is_withdrawn(store: Store) -> None:
    with store, store.writing() as session:
        first = decide(session, Decision("exclude", "in store", "a", expires="2026-12-31"), ANNA)
        second = decide(session, Decision("exclude", "a museum piece", "b", expires="2027-12-31"), ANNA)
        assert [row.id for row in standing(session, "exclude", "2026-12-31")] == [first.id, second.id]
        assert [row.id for row in standing(session, "exclude", "2027-01-01")] == [second.id]
        withdraw(session, second.id, "found in use", BEN)
        session.flush()
        assert standing(session, "exclude", "2027-01-01") == []
        with pytest.raises(UsageError, match="to withdraw"):
            withdraw(session, second.id, "again", BEN)


def test_a_plan_gets_a_new_version_and_the_old_one_stays(store: Store) -> None:
    with store, store.writing() as session:
        assert save_plan(session, "main", 0, "r1", {"phases": [1]}, "first", ANNA) == 1
        assert save_plan(session, "main", 1, "r1", {"phases": [1, 2]}, "budget cut", BEN) == 2
        with pytest.raises(EditConflictError):
            save_plan(session, "main", 1, "r1", {}, "late", ANNA)
        newest = latest_plan(session, "main")
        assert newest is not None
        assert (newest.version, newest.why) == (2, "budget cut")
        assert plan_document(session, "main", 1) == {"phases": [1]}
        with pytest.raises(UsageError):
            plan_document(session, "main", 9)
