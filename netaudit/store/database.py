"""Opening the database and bringing it to the newest shape."""

import fcntl
import sqlite3
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

from sqlalchemy import Connection, Engine, create_engine, event, inspect, text
from sqlalchemy.exc import DatabaseError, OperationalError

from netaudit.errors import DataError, NetauditError
from netaudit.store import schema_told  # noqa: F401 - its tables are the store's, whoever asks for them first
from netaudit.store.migrations import HEAD
from netaudit.store.place import Place

_SETTINGS = (
    # WAL: a reader (the web page) never waits for a writer, and a kill leaves the last commit whole.
    "PRAGMA journal_mode=WAL",
    "PRAGMA synchronous=NORMAL",
    "PRAGMA foreign_keys=ON",
    "PRAGMA busy_timeout=30000",
    "PRAGMA cache_size=-65536",
)


def open_database(place: Place) -> Engine:
    """Return an engine on a store of the newest shape, made when missing. Raises DataError, NetauditError."""
    if place.file:
        place.file.parent.mkdir(parents=True, exist_ok=True)
    engine = _engine(place)
    try:
        with engine.connect() as connection:
            newest = _revision(connection) == HEAD
        if not newest:
            migrate(engine, place)
    except DatabaseError as error:
        engine.dispose()
        raise _explained(error, place) from error
    except NetauditError:
        engine.dispose()
        raise
    return engine


def migrate(engine: Engine, place: Place) -> None:
    """Take the steps that are missing, all or none, one process at a time."""
    from alembic import command
    from alembic.config import Config

    config = Config()
    config.set_main_option("script_location", str(Path(__file__).parent / "migrations"))
    with _alone(engine, place) as connection:
        revision = _revision(connection)
        if revision == HEAD:
            return
        if revision and revision > HEAD:
            raise DataError(place.shown, f"has shape {revision}, newer than this netaudit knows ({HEAD})", "an update")
        config.attributes["connection"] = connection
        command.upgrade(config, "head")


@contextmanager
def _alone(engine: Engine, place: Place) -> Iterator[Connection]:
    """One transaction that no second migration can run beside."""
    if not place.file:
        with engine.begin() as connection:
            connection.execute(text("SELECT pg_advisory_xact_lock(20261123)"))
            yield connection
        return
    with place.file.with_name(place.file.name + "-lock").open("w") as lock:
        fcntl.flock(lock, fcntl.LOCK_EX)
        with engine.begin() as connection:
            yield connection


def _revision(connection: Connection) -> str | None:
    tables = inspect(connection).get_table_names()
    if "alembic_version" in tables:
        return connection.execute(text("SELECT version_num FROM alembic_version")).scalar()
    if tables:
        where = connection.engine.url.render_as_string(hide_password=True)
        raise DataError(where, "holds tables that are not netaudit's", "a store of netaudit, or an empty database")
    return None


def _engine(place: Place) -> Engine:
    if not place.file:
        return create_engine(place.url, pool_pre_ping=True)
    engine = create_engine(place.url)

    @event.listens_for(engine, "connect")
    def _settings(connection: Any, _record: Any) -> None:
        # sqlite3's own idea of transactions leaves schema changes outside of them: SQLAlchemy says BEGIN itself.
        connection.isolation_level = None
        for setting in _SETTINGS:
            connection.execute(setting)

    @event.listens_for(engine, "begin")
    def _begin(connection: Connection) -> None:
        connection.exec_driver_sql(connection.get_execution_options().get("begin", "BEGIN"))

    return engine


def _explained(error: DatabaseError, place: Place) -> NetauditError:
    if isinstance(error.orig, sqlite3.DatabaseError) and not isinstance(error, OperationalError):
        return DataError(place.shown, f"is not a netaudit store: {error.orig}", "an SQLite file of netaudit")
    advice = "is the folder writable?" if place.file else "does the server run, and may this user use the database?"
    return NetauditError(f"the store {place.shown} cannot be opened ({str(error.orig).strip()}): {advice}")
