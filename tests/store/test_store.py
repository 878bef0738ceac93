"""The store keeps runs whole, replaces a resumed one, and knows what a device was over time."""

from pathlib import Path

import pytest

from netaudit.errors import DataError, NetauditError, UsageError
from netaudit.store.place import default_place, place_of
from netaudit.store.store import Store
from netaudit.store.units import Query, history, units
from tests.store.things import device, finding, recorded

JANUARY, MARCH, MAY = "2026-01-01T08:00:00.000Z", "2026-03-01T08:00:00.000Z", "2026-05-01T08:00:00.000Z"


def test_a_run_is_kept_with_its_devices(where: str, tmp_path: Path) -> None:
    with Store(where) as store:
        store.record(recorded("r1", JANUARY, [device("b"), device("a")], [finding("b")], tmp_path))
        assert store.members("r1") == ["b", "a"]
        assert store.device("b") == device("b").to_dict()
        assert store.findings("b") == {"findings": [finding("b").to_dict()], "quiet": {}}
        assert store.device("c") is None
        row = store.run(None)
        assert (row.units, row.covered, row.folder) == (2, 1, str(tmp_path))


def test_a_resumed_run_replaces_itself(where: str) -> None:
    with Store(where) as store:
        store.record(recorded("r1", JANUARY, [device("a"), device("gone")], [finding("a")]))
        store.record(recorded("r1", JANUARY, [device("a"), device("b")]))
        assert [row.run for row in store.runs()] == ["r1"]
        assert store.members("r1") == ["a", "b"]
        assert store.device("gone") is None
        assert store.findings("a") == {"findings": [], "quiet": {}}


def test_a_later_run_that_is_judged_again_leaves_the_past_alone(where: str) -> None:
    with Store(where) as store:
        store.record(recorded("r1", JANUARY, [device("a")]))
        store.record(recorded("r2", MARCH, [device("a", "axis"), device("b")]))
        store.record(recorded("r2", MARCH, [device("b")]))
        with store.reading() as session:
            (past,) = history(session, "a")
            assert (past.summary["maker"], past.first_seen, past.last_seen) == ("dahua", JANUARY, JANUARY)
            unit = next(row for row in units(session, Query()) if row.device == "a")
            assert (unit.state, unit.last_seen) == (past.number, JANUARY)


def test_what_stays_the_same_is_one_state_and_what_changes_is_another(where: str) -> None:
    with Store(where) as store:
        for name, started, maker in (("r1", JANUARY, "dahua"), ("r2", MARCH, "dahua"), ("r3", MAY, "axis")):
            store.record(recorded(name, started, [device("a", maker)]))
        with store.reading() as session:
            seen = [(s.summary["maker"], s.first_seen, s.last_seen) for s in history(session, "a")]
            assert seen == [("axis", MAY, MAY), ("dahua", JANUARY, MARCH)]
            (unit,) = units(session, Query())
            assert (unit.maker, unit.first_seen, unit.last_seen) == ("axis", JANUARY, MAY)


def test_an_older_log_taken_in_late_changes_the_past_only(where: str) -> None:
    with Store(where) as store:
        store.record(recorded("r3", MAY, [device("a", "axis")]))
        store.record(recorded("r1", JANUARY, [device("a", "dahua")]))
        with store.reading() as session:
            (unit,) = units(session, Query())
            assert (unit.maker, unit.first_seen, unit.last_seen) == ("axis", JANUARY, MAY)
            assert [state.summary["maker"] for state in history(session, "a")] == ["axis", "dahua"]
        assert store.run(None).run == "r3"


def test_a_unit_that_the_last_whole_run_did_not_see_is_gone(where: str) -> None:
    with Store(where) as store:
        store.record(recorded("r1", JANUARY, [device("a"), device("b")]))
        store.record(recorded("r2", MARCH, [device("a")], status="partial"))
        with store.reading() as session:
            assert units(session, Query(gone=True)) == []
        store.record(recorded("r3", MAY, [device("a")]))
        with store.reading() as session:
            assert [row.device for row in units(session, Query(gone=True))] == ["b"]
            assert [row.device for row in units(session, Query(gone=False))] == ["a"]


def test_the_latest_run_or_the_named_one(where: str) -> None:
    with Store(where) as store:
        with pytest.raises(UsageError, match=r"holds no run yet: `netaudit scan`"):
            store.run(None)
        with pytest.raises(UsageError, match="'x' is neither the folder of a run nor a run in the store"):
            store.run("x")
        store.record(recorded("20260101-a", JANUARY, []))
        store.record(recorded("20260301-b", MARCH, []))
        assert store.run(None).run == "20260301-b"
        assert store.run("20260101").run == "20260101-a"
        with pytest.raises(UsageError, match="2 runs begin with '2026'"):
            store.run("2026")
        with pytest.raises(UsageError, match="'x' is neither the folder of a run nor a run in the store"):
            store.run("x")


def test_what_was_recorded_is_there_after_reopening(where: str) -> None:
    with Store(where) as store:
        store.record(recorded("r1", JANUARY, [device("a")]))
    with Store(where) as again:
        assert again.run(None).organisation == "School"


def test_hostile_names_are_kept_as_harmless_text(where: str) -> None:
    with Store(where) as store:
        store.record(recorded("r1", JANUARY, [device("a", names=("nul \0 half \ud800 =1+1",))]))
        with store.reading() as session:
            assert units(session, Query())[0].name == "nul \ufffd half ? =1+1"
        document = store.device("a")
        assert document is not None
        assert document["names"] == ["nul \0 half \ud800 =1+1"]


def test_a_run_that_cannot_be_kept_leaves_nothing_behind(where: str) -> None:
    broken = recorded("r1", JANUARY, [device("a")])
    lines = [*broken.devices, {"device": "b"}]
    with Store(where) as store:
        with pytest.raises(KeyError):
            store.record(type(broken)(broken.info, broken.folder, "School", lines, [], ()))
        assert store.runs() == []
        assert store.device("a") is None


def test_a_file_that_is_no_store_is_refused(tmp_path: Path) -> None:
    path = tmp_path / "netaudit.db"
    path.write_text("a letter to the mayor, long enough to look like a page" * 50)
    with pytest.raises(DataError, match="is not a netaudit store"):
        Store(path)


def test_a_server_that_is_not_there_is_explained(tmp_path: Path) -> None:
    with pytest.raises(NetauditError, match="does the server run"):
        Store(f"postgresql://postgres@/x?host={tmp_path}")
    with pytest.raises(UsageError, match="postgresql://"):
        Store("mysql://root@db/x")


def test_a_password_in_the_url_is_not_shown() -> None:
    assert place_of("postgresql://me:secret@db.example/netaudit").shown == "postgresql://db.example/netaudit"


def test_the_place_can_be_chosen(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("NETAUDIT_STORE", "/somewhere/x.db")
    assert default_place() == "/somewhere/x.db"
    monkeypatch.delenv("NETAUDIT_STORE")
    monkeypatch.setenv("XDG_DATA_HOME", "/data")
    assert default_place() == "/data/netaudit/netaudit.db"
