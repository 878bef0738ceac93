"""Stores from before the first numbered shape: put aside; their runs are taken in again from their folders."""

import sqlite3
from contextlib import closing
from pathlib import Path

from netaudit.store.place import Place

_ASIDE = ".before-0001"


def set_aside(place: Place) -> list[Path]:
    """Rename an SQLite store of the earliest kind and return the folders of its runs, the oldest first.

    Everything in such a store came from the runs' folders; what cannot be read there is still in the file put aside.
    """
    if place.file is None or not place.file.is_file():
        return []
    try:
        with closing(sqlite3.connect(place.file)) as connection:
            tables = {name for (name,) in connection.execute("SELECT name FROM sqlite_master WHERE type = 'table'")}
            if tables != {"run", "device", "finding"}:
                return []
            folders = [Path(row[0]) for row in connection.execute("SELECT folder FROM run ORDER BY started")]
            connection.execute("PRAGMA wal_checkpoint(TRUNCATE)")
    except sqlite3.DatabaseError:
        return []
    place.file.replace(place.file.with_name(place.file.name + _ASIDE))
    return folders
