"""Reads one table of a data file with checks, so that every mistake names its file and line."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import date
from typing import Any

from netaudit.toml_file import TomlFile


@dataclass(frozen=True, slots=True)
class Table:
    """One table of a TOML file: `name` and `index` say where it stands, for messages."""

    file: TomlFile
    data: Mapping[str, Any]
    name: str = ""
    index: int = 0

    def only(self, known: Iterable[str]) -> None:
        """Raise DataError where the table has a key that is not in `known`: most often a slip of the pen."""
        names = tuple(known)
        for key in self.data:
            if key not in names:
                raise self.wrong(key, f"has the unknown key {key!r}", f"one of {', '.join(names)}")

    def text(self, key: str, default: str | None = None) -> str:
        """Return a string; dates are written as ISO dates. Raises DataError when absent without a default."""
        value = self.data.get(key, default)
        if isinstance(value, date):
            return value.isoformat()
        if not isinstance(value, str):
            raise self.wrong(key, self._problem(key), "a string")
        return value

    def texts(self, key: str) -> tuple[str, ...]:
        """Return a list of strings, empty when absent."""
        value = self.data.get(key, [])
        if not isinstance(value, list) or not all(isinstance(item, str) for item in value):
            raise self.wrong(key, self._problem(key), "a list of strings")
        return tuple(value)

    def flag(self, key: str, default: bool | None = None) -> bool:
        """Return true or false. Raises DataError when absent without a default."""
        value = self.data.get(key, default)
        if not isinstance(value, bool):
            raise self.wrong(key, self._problem(key), "true or false")
        return value

    def number(self, key: str, default: int | None = None) -> int:
        """Return a whole number. Raises DataError when absent without a default."""
        value = self.data.get(key, default)
        if not isinstance(value, int) or isinstance(value, bool):
            raise self.wrong(key, self._problem(key), "a whole number")
        return value

    def choice(self, key: str, allowed: Iterable[str], default: str | None = None) -> str:
        """Return a string of a closed list."""
        words = tuple(allowed)
        value = self.text(key, default)
        if value not in words:
            raise self.wrong(key, f"{key} is {value!r}", f"one of {', '.join(words)}")
        return value

    def day(self, key: str) -> str:
        """Return an ISO date, "" when absent."""
        value = self.text(key, "")
        if value and not is_day(value):
            raise self.wrong(key, f"{key} is {value!r}", "a day such as 2026-11-23")
        return value

    def numbers(self, key: str) -> dict[str, int]:
        """Return a table of whole numbers, empty when absent."""
        value = self.data.get(key, {})
        if not isinstance(value, dict) or not all(type(item) is int for item in value.values()):
            raise self.wrong(key, self._problem(key), "a table of whole numbers")
        return dict(value)

    def words(self, key: str) -> dict[str, str]:
        """Return a table of strings, empty when absent."""
        value = self.data.get(key, {})
        if not isinstance(value, dict) or not all(isinstance(item, str) for item in value.values()):
            raise self.wrong(key, self._problem(key), "a table of strings")
        return dict(value)

    def table(self, key: str) -> "Table":
        """Return the sub-table `[key]` of the file's top level; an empty one when absent."""
        value = self.data.get(key, {})
        if not isinstance(value, dict):
            raise self.wrong(key, self._problem(key), "a table")
        return Table(self.file, value, key)

    def tables(self, key: str) -> list["Table"]:
        """Return the `[[key]]` tables of the file's top level, in order."""
        value = self.data.get(key, [])
        if not isinstance(value, list) or not all(isinstance(item, dict) for item in value):
            raise self.wrong(key, self._problem(key), f"[[{key}]] tables")
        return [Table(self.file, item, key, number) for number, item in enumerate(value)]

    def wrong(self, key: str, problem: str, expected: str) -> Exception:
        """Build (not raise) the DataError that points at `key`."""
        return self.file.error(problem, expected, self.name, self.index, key)

    def _problem(self, key: str) -> str:
        return f"{key} is {self.data[key]!r}" if key in self.data else f"{key} is missing"


def is_day(text: str) -> bool:
    """Say whether the text is an ISO date (YYYY-MM-DD)."""
    try:
        return date.fromisoformat(text).isoformat() == text
    except ValueError:
        return False
