"""Every test that asks for `where` runs on SQLite and on PostgreSQL."""

import os
from collections.abc import Iterator
from itertools import count
from pathlib import Path

import pytest

from tests.store.server import Server, binaries

_NUMBERS = count()


@pytest.fixture(scope="session")
def server() -> Iterator[Server]:
    """A PostgreSQL server of this test session's own."""
    programs = binaries()
    if programs is None:
        assert os.environ.get("CI") != "true", "CI must run the tests on PostgreSQL"
        pytest.skip("needs a PostgreSQL server (Debian's package postgresql)")
    with Server(programs) as running:
        yield running


@pytest.fixture(params=["sqlite", "postgresql"])
def where(request: pytest.FixtureRequest, tmp_path: Path) -> str:
    """The place of a store that does not exist yet."""
    if request.param == "sqlite":
        return str(tmp_path / "deep" / "netaudit.db")
    running: Server = request.getfixturevalue("server")
    return running.url(f"store_{next(_NUMBERS)}")
