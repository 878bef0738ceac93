"""The steps lead to the tables as the code has them, on both databases; an older store is taken over."""

import json
import sqlite3
from pathlib import Path
from typing import Any

import pytest
from alembic.autogenerate import compare_metadata
from alembic.config import Config
from alembic.migration import MigrationContext
from alembic.script import ScriptDirectory
from sqlalchemy import text

from netaudit.errors import DataError
from netaudit.store import migrations
from netaudit.store.schema import Base
from netaudit.store.store import Store


def test_the_newest_step_is_the_one_that_the_code_expects() -> None:
    config = Config()
    config.set_main_option("script_location", str(Path(migrations.__file__).parent))
    assert ScriptDirectory.from_config(config).get_heads() == [migrations.HEAD]


def test_the_steps_lead_to_the_tables_of_the_code(where: str) -> None:
    with Store(where) as store, store.engine.connect() as connection:
        differences: list[Any] = compare_metadata(MigrationContext.configure(connection), Base.metadata)
        assert differences == []


def test_a_store_of_a_newer_netaudit_is_left_alone(where: str) -> None:
    with Store(where) as store, store.writing() as session:
        session.execute(text("UPDATE alembic_version SET version_num = '9999'"))
    with pytest.raises(DataError, match="newer than this netaudit knows"):
        Store(where)


def test_tables_of_somebody_else_are_left_alone(where: str) -> None:
    with Store(where) as store, store.writing() as session:
        session.execute(text("DROP TABLE alembic_version"))
    with pytest.raises(DataError, match="not netaudit's"):
        Store(where)


def test_a_store_from_before_the_first_step_is_put_aside_and_its_runs_taken_in(tmp_path: Path) -> None:
    folder = tmp_path / "run"
    folder.mkdir()
    (folder / "run.json").write_text(json.dumps({"run": "r1", "version": "0", "started": "2026-01-01T00:00:00.000Z"}))
    (folder / "scope.toml").write_text(
        '[authorisation]\norganisation = "School"\nauthorised_by = "A. Head"\nvalid_from = 2026-01-01\n'
        'valid_until = 2026-12-31\n[[network]]\ncidr = "192.0.2.0/24"\nsite = "HQ"\n'
    )
    (folder / "devices.jsonl").write_text("")
    (folder / "findings.jsonl").write_text("")
    path = tmp_path / "netaudit.db"
    with sqlite3.connect(path) as old:
        old.execute("CREATE TABLE run (run TEXT PRIMARY KEY, folder TEXT, started TEXT)")
        old.execute("CREATE TABLE device (run TEXT)")
        old.execute("CREATE TABLE finding (run TEXT)")
        old.execute("INSERT INTO run VALUES ('r1', ?, '2026')", (str(folder),))
    old.close()
    with Store(path) as store:
        assert [row.run for row in store.runs()] == ["r1"]
    assert (tmp_path / "netaudit.db.before-0001").is_file()
