"""Every test that asks for `where` runs on SQLite and on PostgreSQL, as the tests of the store do."""

from tests.store.conftest import server, where

__all__ = ["server", "where"]
