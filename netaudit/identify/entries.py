"""Reading the tables of a signature file: one entry at a time, every mistake with file, line and id."""

import re
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from typing import Any, Final

from netaudit.errors import DataError
from netaudit.toml_file import TomlFile

_ID: Final = re.compile(r"[a-z0-9][a-z0-9_.\-]*")


@dataclass(slots=True)
class Faults:
    """Collects mistakes in lenient mode; lets the first one through otherwise."""

    lenient: bool = False
    found: list[DataError] = field(default_factory=list)

    @contextmanager
    def tolerate(self) -> Iterator[None]:
        """Run one entry's reading; in lenient mode a DataError is kept and the entry is left out."""
        try:
            yield
        except DataError as error:
            if not self.lenient:
                raise
            self.found.append(error)


@dataclass(frozen=True, slots=True)
class Entry:
    """One `[[table]]` of a file, with typed access to its keys."""

    file: TomlFile
    table: str
    index: int
    data: dict[str, Any]

    def error(self, problem: str, expected: str, key: str = "") -> DataError:
        """Build (not raise) the error that points at this entry and names its id."""
        name = self.data.get("id")
        label = f"{self.table} {name!r}" if isinstance(name, str) else self.table
        return self.file.error(f"{label}: {problem}", expected, self.table, self.index, key)

    def text(self, key: str, default: str | None = None) -> str:
        """Return a text; `default` None makes the key required and non-empty. Raises DataError."""
        value = self.data.get(key, default)
        if not isinstance(value, str) or (default is None and not value.strip()):
            problem = f"{key} is missing" if key not in self.data else f"{key} is {value!r}"
            raise self.error(problem, f"{key} as text", key)
        return value

    def id(self) -> str:
        """Return the entry's id. Raises DataError when it is no lower-case word."""
        value = self.text("id")
        if not _ID.fullmatch(value):
            raise self.error(f"id {value!r} has a wrong form", "lower-case letters, digits, - _ .", "id")
        return value

    def texts(self, key: str) -> tuple[str, ...]:
        """Return a list of texts, empty when the key is absent. Raises DataError."""
        value = self.data.get(key, [])
        if not isinstance(value, list) or not all(isinstance(item, str) for item in value):
            raise self.error(f"{key} is {value!r}", f"{key} as a list of texts", key)
        return tuple(value)

    def choice(self, key: str, allowed: frozenset[str], default: str | None = None) -> str:
        """Return one of the allowed words. Raises DataError."""
        value = self.text(key, default)
        if value not in allowed:
            raise self.error(f"{key} is {value!r}", "one of " + ", ".join(sorted(allowed)), key)
        return value

    def reference(self, key: str, known: "frozenset[str] | dict[str, Any]", default: str | None = None) -> str:
        """Return an id of a word list; "" is let through where `default` is "". Raises DataError."""
        value = self.text(key, default)
        if value and value not in known:
            raise self.error(f"{key} {value!r} is in no word list", f"an id that exists for {key}", key)
        return value


def entries(file: TomlFile, table: str, faults: Faults) -> list[Entry]:
    """Return the entries of `[[table]]`; anything else under that name is a fault."""
    rows = file.data.get(table, [])
    if isinstance(rows, list) and all(isinstance(row, dict) for row in rows):
        return [Entry(file, table, index, row) for index, row in enumerate(rows)]
    with faults.tolerate():
        raise file.error(f"{table} is no list of tables", f"[[{table}]]", table)
    return []


def children(parents: list[Entry], key: str) -> dict[int, list[Entry]]:
    """Return the `[[table.key]]` entries of each parent, by the parent's index, with their own line numbers."""
    out: dict[int, list[Entry]] = {}
    running = 0
    for parent in parents:
        rows = parent.data.get(key, [])
        rows = [row for row in rows if isinstance(row, dict)] if isinstance(rows, list) else []
        out[parent.index] = [
            Entry(parent.file, f"{parent.table}.{key}", running + offset, row) for offset, row in enumerate(rows)
        ]
        running += len(rows)
    return out
