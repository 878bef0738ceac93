"""The TCP ports a camera may open: read from data, checked once."""

from dataclasses import dataclass
from functools import cache
from pathlib import Path
from typing import Final

from netaudit.toml_file import read_toml

_FILE: Final = Path(__file__).parent / "camera_ports.toml"


@dataclass(frozen=True, slots=True)
class CameraPorts:
    """`every`: all ports, the most telling first. `discovery`: those that find out who lives behind a router."""

    every: tuple[int, ...]
    discovery: tuple[int, ...]

    def without(self, never: frozenset[int]) -> "CameraPorts":
        """Leave out the ports that the scope never touches."""
        return CameraPorts(
            tuple(port for port in self.every if port not in never),
            tuple(port for port in self.discovery if port not in never),
        )


@cache
def camera_ports(path: Path = _FILE) -> CameraPorts:
    """Read the port list. Raises DataError that names file and line."""
    file = read_toml(path)
    entries = file.data.get("port", [])
    for index, entry in enumerate(entries):
        number = entry.get("number")
        if not isinstance(number, int) or not 0 < number < 65536 or not entry.get("service"):
            raise file.error("is no port", "number = 1..65535 and service = what it is", "port", index)
    return CameraPorts(
        tuple(entry["number"] for entry in entries),
        tuple(entry["number"] for entry in entries if entry.get("discovery")),
    )
