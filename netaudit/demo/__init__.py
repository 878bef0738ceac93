"""The virtual building: some eighty devices that answer on loopback addresses with real sockets.

Nothing outside this package knows of it: a scan treats it like any other building.

    async with Building.start() as building:
        Path("scope.toml").write_text(building.scope_toml())
        ...  # scan
        building.expected(), building.journal.harmful()
"""

from netaudit.demo.building import Building
from netaudit.demo.expected import Expected, by_address, expected
from netaudit.demo.serve import serve

__all__ = ["Building", "Expected", "by_address", "expected", "serve"]
