"""The addresses that `netaudit oui update` may ask: read from one data file, https only."""

from dataclasses import dataclass
from datetime import date
from pathlib import Path
from urllib.parse import urlsplit

from netaudit.registry.formats import TABLES
from netaudit.toml_file import TomlFile, read_toml


@dataclass(frozen=True, slots=True)
class Registry:
    """One public list: `table` is the file it fills."""

    name: str
    table: str
    url: str

    @property
    def host(self) -> str:
        """The only host that this list may come from."""
        return urlsplit(self.url).hostname or ""


@dataclass(frozen=True, slots=True)
class Addresses:
    """The lists, and the ISO day on which the shipped tables were made."""

    shipped: str
    registries: tuple[Registry, ...]


def read_addresses(path: Path) -> Addresses:
    """Read registries.toml. Raises DataError that names file, line and what was expected."""
    file = read_toml(path)
    shipped, rows = file.data.get("shipped"), file.data.get("registry")
    if not isinstance(shipped, date):
        raise file.error(f"shipped is {shipped!r}", "a day such as 2026-10-01", key="shipped")
    if not isinstance(rows, list) or not all(isinstance(row, dict) for row in rows):
        raise file.error("names no registry", "[[registry]] with name, table and url")
    return Addresses(shipped.isoformat(), tuple(_registry(file, index, row) for index, row in enumerate(rows)))


def _registry(file: TomlFile, index: int, row: dict[str, object]) -> Registry:
    name, table, url = (str(row.get(key, "")) for key in ("name", "table", "url"))
    if table not in TABLES:
        raise file.error(f"table is {table!r}", f"one of {', '.join(TABLES)}", "registry", index, "table")
    if urlsplit(url).scheme != "https" or not urlsplit(url).hostname:
        raise file.error(f"url is {url!r}", "an https address", "registry", index, "url")
    return Registry(name, table, url)
