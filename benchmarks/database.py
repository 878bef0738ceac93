"""Where the store of a benchmark lies: a new file, or a database of a server that runs meanwhile."""

import contextlib
import sys
import tempfile
from collections.abc import Iterator
from pathlib import Path

sys.path.insert(0, str(Path(__file__).resolve().parents[1]))

from tests.store.server import Server, binaries

KINDS = ("sqlite", "postgresql")


@contextlib.contextmanager
def place(kind: str, given: str | None) -> Iterator[str]:
    """Yield where the store is: as given, a new file, or a new database of a server that runs meanwhile."""
    if given:
        yield given
    elif kind == "sqlite":
        with tempfile.TemporaryDirectory() as folder:
            yield str(Path(folder) / "netaudit.db")
    else:
        programs = binaries()
        if programs is None:
            raise SystemExit("no PostgreSQL server here: Debian's package postgresql has one")
        with Server(programs) as server:
            yield server.url("netaudit")
