"""Snipe-IT: the assets that its list exports, and files of its importer."""

from collections.abc import Iterable
from typing import Final

from netaudit.evidence import tables
from netaudit.intake.columns import Cells, Layout, table_format

_COLUMNS: Final = {
    "itemname": "name", "assetname": "name", "name": "name", "assettag": "asset_tag", "serial": "serial",
    "serialnumber": "serial", "model": "model", "modelname": "model", "modelno": "model_number",
    "modelnumber": "model_number", "manufacturer": "manufacturer", "category": "category", "status": "status",
    "location": "location", "company": "company", "macaddress": "mac", "mac": "mac", "ipaddress": "ip", "ip": "ip",
    "notes": "notes",
}  # fmt: skip
_NEEDS: Final = (
    frozenset({"assettag", "modelname", "category"}), frozenset({"assettag", "model", "category", "serial"}),
    frozenset({"assettag", "itemname", "serialnumber"}),
)  # fmt: skip


def _build(cells: Cells) -> Iterable[tables.Row | None]:
    # The model number is the maker's own; the model's name is what the inventory calls it.
    number = cells.pop("model_number", "")
    name = cells.get("name") or cells.get("asset_tag", "")
    yield tables.asset(**(cells | {"name": name, "model": number or cells.get("model", "")}))


FORMAT = table_format(
    "snipe_it", "Snipe-IT assets", ("Assets, Export (CSV)", "a file of the CSV importer"), (tables.ASSET,),
    Layout(_COLUMNS, _NEEDS, _build),
)  # fmt: skip
