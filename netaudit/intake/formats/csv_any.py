"""Any table with a header line: columns by the synonyms of headers.toml, or by a mapping file of the user."""

import tomllib
from collections.abc import Iterable, Iterator, Mapping
from functools import cache
from pathlib import Path
from typing import Final

from netaudit.errors import DataError
from netaudit.evidence import tables
from netaudit.intake.columns import Cells, is_secret, is_table, read_table
from netaudit.intake.head import Head
from netaudit.intake.header_line import normal
from netaudit.intake.model import Format, Item
from netaudit.intake.source import Source
from netaudit.toml_file import read_toml

_HEADERS: Final = Path(__file__).parents[1] / "headers.toml"
_KNOWS: Final = frozenset({"ip", "mac", "serial"})


@cache
def synonyms() -> Mapping[str, tuple[str, ...]]:
    """Return field to the names of columns that mean it."""
    return {field: tuple(names) for field, names in tomllib.loads(_HEADERS.read_text(encoding="utf-8")).items()}


def read_mapping(path: Path) -> dict[str, str]:
    """Read a mapping file: `field = "Column"` or a list of them. Return normalised column to field.

    Raises DataError for an unknown field, a column of a secret, and what is no text.
    """
    found: dict[str, str] = {}
    for field, value in read_toml(path).data.items():
        names = [value] if isinstance(value, str) else value
        if field not in synonyms():
            raise DataError(str(path), f"maps the unknown field {field!r}", f"one of {', '.join(sorted(synonyms()))}")
        if not isinstance(names, list) or not all(isinstance(name, str) and name.strip() for name in names):
            raise DataError(f"{path}: {field}", "is no column name", 'field = "Column", or a list of names')
        if secret := next((name for name in names if is_secret(name)), None):
            raise DataError(f"{path}: {field}", f"maps the column {secret!r}", "no column that can hold a password")
        found |= {normal(name): field for name in names}
    return found


def _looks(head: Head) -> int:
    known = {normal(name) for field in _KNOWS for name in synonyms()[field]}
    return 40 if is_table(head) and head.header & known else 0


def _read(source: Source) -> Iterator[Item]:
    columns = source.mapping or {normal(name): field for field, names in synonyms().items() for name in names}
    return read_table(source, columns, _build)


def _build(cells: Cells) -> Iterable[tables.Row | None]:
    ip, mac, switch, port = (cells.get(name, "") for name in ("ip", "mac", "switch", "port"))
    if mac and switch and port:
        yield tables.forwarding(mac, switch=switch, port=port, vlan=cells.get("vlan", ""))
    if ip and mac and not cells.keys() & {"serial", "manufacturer", "model", "name"}:
        yield tables.arp(ip, mac, vlan=cells.get("vlan", ""))
    elif not (mac and switch and port) or cells.keys() & {"ip", "serial", "manufacturer", "model", "name"}:
        yield tables.asset(**cells)


FORMAT = Format(
    "csv", "Any table with a header line", ("a spreadsheet saved as CSV (comma, semicolon, tab or bar)",),
    (tables.ASSET, tables.ARP, tables.MAC), _looks, _read,
    "Columns are found by their names; a mapping file (--map) names others.",
)  # fmt: skip
