"""Leases of Windows DHCP Server: Get-DhcpServerv4Lease | Export-Csv, and the list that its console exports."""

from collections.abc import Iterable
from typing import Final

from netaudit.evidence import tables
from netaudit.intake.columns import Cells, Layout, table_format

_COLUMNS: Final = {
    "ipaddress": "ip", "clientipaddress": "ip", "clientid": "mac", "uniqueid": "mac", "hostname": "hostname",
    "name": "hostname", "addressstate": "state", "leaseexpirytime": "ends", "leaseexpiration": "ends",
    "description": "description", "serverip": "server",
}  # fmt: skip
_RESERVED: Final = {"activereservation": "active", "inactivereservation": "expired"}


def _build(cells: Cells) -> Iterable[tables.Row | None]:
    state = cells.get("state", "active").lower()
    yield tables.lease(
        cells.get("ip", ""), cells.get("mac", ""), hostname=cells.get("hostname", ""), ends=cells.get("ends", ""),
        state=_RESERVED.get(state, state), source=cells.get("server", ""),
    )  # fmt: skip


FORMAT = table_format(
    "dhcp_windows", "Windows DHCP Server leases",
    ("Get-DhcpServerv4Lease -ScopeId ... | Export-Csv leases.csv", "DHCP console: Address Leases, Export List"),
    (tables.LEASE,),
    Layout(
        _COLUMNS,
        (frozenset({"ipaddress", "clientid", "addressstate"}), frozenset({"clientipaddress", "uniqueid"})),
        _build,
    ),
)  # fmt: skip
