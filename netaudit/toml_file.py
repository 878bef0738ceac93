"""TOML files that people write: read with the line of every key, so that a mistake can be pointed at."""

import re
import tomllib
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

from netaudit.errors import DataError

_HEADER = re.compile(r"^\s*\[(\[)?\s*([A-Za-z0-9_.\-\"]+)\s*\]\]?\s*(?:#.*)?$")
_KEY = re.compile(r"^\s*\"?([A-Za-z0-9_.\-]+)\"?\s*=")
_LINE_IN_MESSAGE = re.compile(r"\(at line (\d+), column \d+\)")

# A data file of ours is far smaller; a larger one is a mistake or an attack.
_MAX_BYTES = 32 * 1024 * 1024


@dataclass(frozen=True, slots=True)
class TomlFile:
    """A parsed TOML file: `data` as tomllib gives it, and the lines its keys stand on."""

    path: Path
    data: dict[str, Any]
    raw: bytes
    _lines: dict[tuple[str, int, str], int] = field(default_factory=dict)

    def line(self, table: str = "", index: int = 0, key: str = "") -> int:
        """Line (1-based) of a key in the `index`-th `[[table]]`; of the table's header when the key is absent."""
        return self._lines.get((table, index, key)) or self._lines.get((table, index, "")) or 1

    def error(self, problem: str, expected: str, table: str = "", index: int = 0, key: str = "") -> DataError:
        """Build (not raise) the error that points at a place in this file."""
        return DataError(f"{self.path}:{self.line(table, index, key)}", problem, expected)


def read_toml(path: Path) -> TomlFile:
    """Read a TOML file. Raises DataError that names file, line and what was expected."""
    return parse_toml(read_toml_bytes(path), path)


def read_toml_bytes(path: Path) -> bytes:
    """Read the bytes of a TOML file. Raises DataError that names it."""
    try:
        return path.read_bytes()
    except OSError as error:
        raise DataError(str(path), f"cannot be read: {error.strerror or error}", "a readable TOML file") from error


def parse_toml(raw: bytes, path: Path) -> TomlFile:
    """Parse the bytes of a TOML file; `path` is only used in messages. Raises DataError."""
    if len(raw) > _MAX_BYTES:
        raise DataError(str(path), f"is {len(raw)} bytes long", f"at most {_MAX_BYTES} bytes")
    try:
        text = raw.decode("utf-8-sig")
        data = tomllib.loads(text)
    except UnicodeDecodeError as error:
        line = raw[: error.start].count(b"\n") + 1
        raise DataError(f"{path}:{line}", "is not UTF-8 text", "UTF-8") from error
    except tomllib.TOMLDecodeError as error:
        found = _LINE_IN_MESSAGE.search(str(error))
        # tomllib says "at end of document" where the file ends too early.
        where = f"{path}:{found.group(1) if found else max(1, len(text.splitlines()))}"
        raise DataError(where, f"is not TOML: {error}", "TOML as in docs/reference") from error
    return TomlFile(path, data, raw, _key_lines(text))


def _key_lines(text: str) -> dict[tuple[str, int, str], int]:
    lines: dict[tuple[str, int, str], int] = {}
    counts: dict[str, int] = {}
    table, index = "", 0
    for number, line in enumerate(text.splitlines(), 1):
        if header := _HEADER.match(line):
            table = header.group(2).replace('"', "")
            index = counts.get(table, -1) + 1 if header.group(1) else 0
            counts[table] = index
            lines[(table, index, "")] = number
        elif key := _KEY.match(line):
            lines.setdefault((table, index, key.group(1)), number)
    return lines
