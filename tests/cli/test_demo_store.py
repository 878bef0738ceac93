"""The virtual building never stands among real ones: the demo records into a store of its own."""

from pathlib import Path

import pytest

from netaudit.cli.demo import demo_store
from netaudit.store.place import default_place


def test_the_demo_does_not_use_the_store_of_real_buildings(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    monkeypatch.setenv("XDG_DATA_HOME", str(tmp_path))
    monkeypatch.delenv("NETAUDIT_STORE", raising=False)
    assert demo_store() == tmp_path / "netaudit" / "demo" / "netaudit.db"
    assert str(demo_store()) != default_place()
    monkeypatch.setenv("NETAUDIT_STORE", str(tmp_path / "real.db"))
    assert str(demo_store()) != default_place()
