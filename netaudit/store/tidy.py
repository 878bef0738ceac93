"""After a large write PostgreSQL is told at once what its tables hold now; its own housekeeping comes a minute later.

SQLite needs none of it: its pages were as quick before as after (docs/how-to/keep-and-back-up.md).
"""

from contextlib import suppress
from typing import Final

from sqlalchemy import Engine, text
from sqlalchemy.exc import DBAPIError

from netaudit.store.schema import StateRow, UnitDocumentRow, UnitRow

LARGE: Final = 5_000
"""Units of one run from which on it is worth it."""


def tidy(engine: Engine, units: int) -> None:
    """Put the statistics right after a run of so many units. Never an error: a server that refuses is only slower."""
    if units < LARGE or engine.dialect.name != "postgresql":
        return
    tables = ", ".join(table.__tablename__ for table in (UnitRow, StateRow, UnitDocumentRow))
    with suppress(DBAPIError), engine.connect().execution_options(isolation_level="AUTOCOMMIT") as connection:
        connection.execute(text(f"VACUUM (ANALYZE) {tables}"))
