"""The store keeps runs whole, replaces a resumed one, and says what is wrong with a file that is no store."""

from pathlib import Path

import pytest

from netaudit.errors import DataError, UsageError
from netaudit.evidence.run import RunInfo
from netaudit.identify.device import Answer, Device
from netaudit.policy.finding import Finding
from netaudit.store.store import Store, default_path


def device(name: str, maker: str | None = "dahua") -> Device:
    empty = Answer()
    return Device(
        device=name, subject=None, addresses=("192.0.2.7",), macs=(), ports=(80,), type=Answer("camera", 0.99),
        maker=Answer(maker, 0.99, "Dahua", "confirmed"), brand=empty, model=empty, firmware=empty, serial=empty,
        soc=empty, relabelled=None, site="HQ",
    )  # fmt: skip


def finding(name: str) -> Finding:
    return Finding(name, "US-NDAA19-889B", "Part B", "covered", "Dahua is named")


def run(name: str, started: str) -> RunInfo:
    return RunInfo(run=name, version="0", started=started, status="complete")


def test_a_run_is_kept_with_its_devices_in_order(tmp_path: Path) -> None:
    with Store(tmp_path / "deep" / "netaudit.db") as store:
        store.record(run("r1", "2026-01-01"), tmp_path, "School", [device("b"), device("a")], [finding("b")])
        assert [item["device"] for item in store.devices("r1")] == ["b", "a"]
        assert store.devices("r1")[0] == device("b").to_dict()
        assert store.findings("r1") == [finding("b").to_dict()]


def test_a_resumed_run_replaces_itself(tmp_path: Path) -> None:
    with Store(tmp_path / "netaudit.db") as store:
        store.record(run("r1", "2026-01-01"), tmp_path, "School", [device("a")], [finding("a")])
        store.record(run("r1", "2026-01-01"), tmp_path, "School", [device("a"), device("b")], [])
        assert [row.run for row in store.runs()] == ["r1"]
        assert len(store.devices("r1")) == 2
        assert store.findings("r1") == []


def test_the_latest_run_or_the_named_one(tmp_path: Path) -> None:
    with Store(tmp_path / "netaudit.db") as store:
        with pytest.raises(UsageError, match=r"holds no run yet: `netaudit scan`"):
            store.run(None)
        store.record(run("20260101-a", "2026-01-01"), tmp_path, "School", [], [])
        store.record(run("20260301-b", "2026-03-01"), tmp_path, "School", [], [])
        assert store.run(None).run == "20260301-b"
        assert store.run("20260101").run == "20260101-a"
        with pytest.raises(UsageError, match="2 runs begin with '2026'"):
            store.run("2026")
        with pytest.raises(UsageError, match="0 runs begin with 'x'"):
            store.run("x")


def test_what_was_recorded_is_there_after_reopening(tmp_path: Path) -> None:
    with Store(tmp_path / "netaudit.db") as store:
        store.record(run("r1", "2026-01-01"), tmp_path, "School", [device("a")], [])
    with Store(tmp_path / "netaudit.db") as again:
        assert again.run(None).organisation == "School"


def test_a_file_that_is_no_store_is_refused(tmp_path: Path) -> None:
    path = tmp_path / "netaudit.db"
    path.write_text("a letter to the mayor, long enough to look like a page" * 50)
    with pytest.raises(DataError, match="is not a netaudit store"):
        Store(path)


def test_the_place_can_be_chosen(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("NETAUDIT_STORE", "/somewhere/x.db")
    assert default_path() == Path("/somewhere/x.db")
    monkeypatch.delenv("NETAUDIT_STORE")
    monkeypatch.setenv("XDG_DATA_HOME", "/data")
    assert default_path() == Path("/data/netaudit/netaudit.db")
