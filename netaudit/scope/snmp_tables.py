"""Which leaves and columns of switches and routers may be read by SNMP: the data of snmp_tables.toml."""

from collections.abc import Mapping
from dataclasses import dataclass
from functools import cache
from pathlib import Path
from types import MappingProxyType
from typing import Final

from netaudit.toml_file import read_toml

_FILE: Final = Path(__file__).parent / "snmp_tables.toml"


@dataclass(frozen=True, slots=True)
class PowerColumn:
    """A column that tells the power of each port. `form`, `watts`, `enterprise`: see the head of the file."""

    name: str
    oid: str
    enterprise: str
    form: str
    watts: float
    confidence: str
    sources: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class SnmpTables:
    """Everything that may be read. `leaves`, `columns`: name to object identifier; `columns` has the power ones too."""

    leaves: Mapping[str, str]
    columns: Mapping[str, str]
    power: tuple[PowerColumn, ...]

    def is_leaf(self, oid: str) -> bool:
        """True when this identifier may be read by GET."""
        return oid in self.leaves.values()

    def is_in_column(self, oid: str) -> bool:
        """True when this identifier is a listed column, or a place inside one, where GETBULK may go on from."""
        return any(oid == column or oid.startswith(f"{column}.") for column in self.columns.values())


@cache
def snmp_tables() -> SnmpTables:
    """Read the shipped file. Raises DataError."""
    data = read_toml(_FILE).data
    power = tuple(PowerColumn(**{**entry, "sources": tuple(entry["sources"])}) for entry in data["power"])
    columns = data["columns"] | data["cisco"] | {column.name: column.oid for column in power}
    return SnmpTables(MappingProxyType(data["leaves"]), MappingProxyType(columns), power)
