"""Milestone XProtect: the hardware list that MilestonePSTools exports. Its password columns are never read."""

from collections.abc import Iterable
from typing import Final

from netaudit.evidence import tables
from netaudit.intake.columns import Cells, Layout, table_format

_COLUMNS: Final = {
    "hardwarename": "name", "name": "name", "hardwareaddress": "ip", "address": "ip", "macaddress": "mac",
    "mac": "mac", "driverdisplayname": "driver", "drivername": "driver", "drivernumber": "driver_number",
    "model": "model", "hardwaremodel": "model", "serialnumber": "serial", "firmwareversion": "firmware",
    "firmware": "firmware", "recordingservername": "recorder", "recordingserver": "recorder", "grouppath": "location",
    "enabled": "status",
}  # fmt: skip
_NEEDS: Final = (
    frozenset({"hardwarename", "hardwareaddress"}), frozenset({"hardwarename", "address", "drivernumber"}),
    frozenset({"drivernumber", "address", "name"}),
    frozenset({"recordingserver", "address", "name"}),
)  # fmt: skip


def _build(cells: Cells) -> Iterable[tables.Row | None]:
    yield tables.asset(**cells)


FORMAT = table_format(
    "milestone", "Milestone XProtect hardware",
    ("Export-HardwareCsv (MilestonePSTools)", "Export-VmsHardware (MilestonePSTools)"), (tables.ASSET,),
    Layout(_COLUMNS, _NEEDS, _build),
    note="Such files hold passwords: their columns are dropped before anything is kept. Delete the file afterwards.",
)  # fmt: skip
