"""The drill: back up, lose everything, restore; also from one kind of database to the other, and after kill -9."""

import json
import os
import signal
import subprocess
import sys
import zipfile
from pathlib import Path

import pytest

from netaudit.errors import DataError, UsageError
from netaudit.store.attachments import attach, attachment_path
from netaudit.store.backup import backup, restore
from netaudit.store.people import Author, Decision, annotate, annotations, decide
from netaudit.store.store import Store
from netaudit.store.units import Query, units
from tests.store.things import device, finding, recorded

ANNA = Author("Anna", "2026-11-23T10:00:00.000Z")
PHOTO = b"\x89PNG\r\n\x1a\n" + bytes(64)

# Records run after run until it is killed.
WRITER = """
import sys
from netaudit.store.store import Store
from tests.store.things import device, recorded
with Store(sys.argv[1]) as store:
    for number in range(1, 1000):
        devices = [device(f"d{n}", "dahua" if number % 2 else "axis") for n in range(200)]
        store.record(recorded(f"run-{number:04}", f"2026-01-01T00:{number // 60:02}:{number % 60:02}.000Z", devices))
        print(number, flush=True)
"""


def filled(where: str | Path) -> Store:
    store = Store(where)
    store.record(recorded("r1", "2026-01-01T00:00:00.000Z", [device("a"), device("b")], [finding("a")]))
    with store.writing() as session:
        annotate(session, "a", {"room": "3.14"}, 1, ANNA)
        decide(session, Decision("exclude", "in store", "b", expires="2027-01-01"), ANNA)
        attach(session, store.place, PHOTO, "../../photo.png", ANNA, device="a")
    return store


def test_what_was_backed_up_comes_back_on_either_database(where: str, tmp_path: Path) -> None:
    with filled(tmp_path / "old" / "netaudit.db") as old:
        first = backup(old, tmp_path / "one.zip")
        assert (first["run"], first["unit"], first["annotation"], first["attachment"]) == (1, 2, 1, 1)
        photo = attachment_path(old.place, "c0ffee").parent.parent
        assert [path.read_bytes() for path in photo.rglob("*") if path.is_file()] == [PHOTO]
    with Store(where) as new:
        assert restore(new, tmp_path / "one.zip") == first
        assert new.device("a") == device("a").to_dict()
        assert new.members("r1") == ["a", "b"]
        with new.writing() as session:
            assert annotations(session, "a") == {"room": "3.14"}
            # The counters follow: the next row does not meet a restored one.
            assert decide(session, Decision("sign_off", "seen"), ANNA).id == 2
        new.record(recorded("r2", "2026-02-01T00:00:00.000Z", [device("c")]))
        second = backup(new, tmp_path / "two.zip")
        assert (second["run"], second["unit"]) == (2, 3)


def test_a_store_in_use_is_not_overwritten(where: str, tmp_path: Path) -> None:
    with filled(tmp_path / "old.db") as old:
        backup(old, tmp_path / "one.zip")
    with filled(where) as used, pytest.raises(UsageError, match="not empty"):
        restore(used, tmp_path / "one.zip")


@pytest.mark.parametrize("change", ["byte", "gone", "added", "not a zip", "cut"])
def test_a_damaged_backup_is_refused_and_nothing_is_read(change: str, tmp_path: Path) -> None:
    with filled(tmp_path / "old.db") as old:
        backup(old, tmp_path / "one.zip")
    with zipfile.ZipFile(tmp_path / "one.zip") as archive:
        members = {name: archive.read(name) for name in archive.namelist()}
    if change == "byte":
        members["tables/unit.jsonl"] = members["tables/unit.jsonl"].replace(b"amcrest", b"axis---", 1)
    elif change == "gone":
        del members["tables/unit.jsonl"]
    elif change == "added":
        members["tables/../../evil"] = b"x"
    bad = tmp_path / "bad.zip"
    with zipfile.ZipFile(bad, "w") as archive:
        for name, data in members.items():
            archive.writestr(name, data)
    if change == "not a zip":
        bad.write_bytes(b"PK, but a letter")
    elif change == "cut":
        bad.write_bytes(bad.read_bytes()[:-200])
    with Store(tmp_path / "new.db") as new:
        with pytest.raises(DataError):
            restore(new, bad)
        assert new.runs() == []


def test_a_backup_of_another_shape_names_both(tmp_path: Path) -> None:
    with filled(tmp_path / "old.db") as old:
        backup(old, tmp_path / "one.zip")
    with zipfile.ZipFile(tmp_path / "one.zip") as archive:
        about = json.loads(archive.read("store.json"))
    assert about["format"] == 1
    assert about["rows"]["unit"] == 2


def test_a_writer_killed_at_any_point_leaves_whole_runs_and_a_backup_of_them(tmp_path: Path) -> None:
    path = tmp_path / "netaudit.db"
    for reached in (2, 5):
        command = [sys.executable, "-c", WRITER, str(path)]
        with subprocess.Popen(command, stdout=subprocess.PIPE, cwd=Path(__file__).parents[2]) as writer:
            assert writer.stdout is not None
            while int(writer.stdout.readline()) < reached:
                pass
            os.kill(writer.pid, signal.SIGKILL)
        with Store(path) as store:
            runs = store.runs()
            assert len(runs) >= reached
            assert all(row.units == 200 and len(store.members(row.run)) == 200 for row in runs)
            with store.reading() as session:
                assert {row.maker for row in units(session, Query(limit=500))} <= {"dahua", "axis"}
            counts = backup(store, tmp_path / f"{reached}.zip")
        with Store(tmp_path / f"again-{reached}.db") as again:
            assert restore(again, tmp_path / f"{reached}.zip") == counts
            assert [row.run for row in again.runs()] == [row.run for row in runs]
