"""Every model row: schema, its examples decode by itself and not by an earlier row, coded groups have a meaning."""

import datetime
import re

import pytest

from netaudit.identify.device import DEVICE_TYPES
from tests.contracts.signature_files import Row, ids, models, plain, table
from tests.contracts.test_signature_data import assert_bounded

ROWS = models()
GROUPS = {
    "mp", "series", "ch", "zoom", "rescls", "form", "tier", "gen", "size", "rest", "line", "shape", "sub", "num", "suf",
    "grp", "net", "t", "loc", "ser", "plat", "housing", "model",
}  # fmt: skip


@pytest.fixture(params=ROWS, ids=[row.where for row in ROWS])
def row(request: pytest.FixtureRequest) -> Row:
    found: Row = request.param
    return found


def test_schema_and_word_lists(row: Row) -> None:
    data = row.data
    assert data["maker"] in ids("makers.toml", "maker") | {""}
    names = {plain(name) for brand in table("brands.toml", "brand") for name in (brand["name"], *brand["aliases"])}
    assert data["brand"] == "" or plain(data["brand"]) in names
    assert data["type"] in set(DEVICE_TYPES) - {"unknown"}
    assert data["sources"]
    assert isinstance(data["checked"], datetime.date)
    assert set(re.compile(data["pattern"]).groupindex) <= GROUPS
    assert data["pattern"].startswith("^")
    assert_bounded(data["pattern"])


def test_each_example_is_decoded_by_this_row_first(row: Row) -> None:
    assert row.data["examples"]
    same_label = [other for other in ROWS if (other.kind, other.data["brand"]) == (row.kind, row.data["brand"])]
    for example in row.data["examples"]:
        first = next(other for other in same_label if re.search(other.data["pattern"], example))
        assert first.data["pattern"] == row.data["pattern"], example


def test_coded_digits_have_a_meaning(row: Row) -> None:
    codes = row.data.get("mp_codes")
    if codes is None:
        return
    pattern = re.compile(row.data["pattern"])
    for value in codes.values():
        assert 0.1 <= float(value) <= 64
    for example in row.data["examples"]:
        match = pattern.search(example)
        assert match
        coded = match.groupdict().get("rescls") or match.groupdict().get("mp")
        assert coded is None or coded in codes, example


@pytest.mark.parametrize(
    ("maker", "model", "form_factor", "group", "value"),
    [
        ("hikvision", "DS-2CD2385G1-I", "turret", "mp", "8"),
        ("hikvision", "DS-2CD2T47G2-L", "bullet", "mp", "4"),
        ("hikvision", "DS-7608NI-K2", "", "ch", "08"),
        ("dahua", "NVR4108HS-8P-4KS2", "", "ch", "08"),
        ("dahua", "NVR608-128-4KS2", "", "ch", "128"),
        ("dahua", "IPC-HDW5442TM-AS", "turret", "mp", "4"),
        ("dahua", "DH-IPC-HFW2431S-S-S2", "bullet", "mp", "4"),
        ("uniview", "IPC3614LB-SF28K-A", "turret", "mp", "4"),
        ("axis", "P3245-LVE", "dome", "", ""),
        ("hanwha", "XND-8080R", "dome", "rescls", "8"),
        ("reolink", "RLC-810A", "bullet", "", ""),
    ],
)
def test_well_known_models(maker: str, model: str, form_factor: str, group: str, value: str) -> None:
    first = next(row for row in ROWS if row.data["maker"] == maker and re.search(row.data["pattern"], model))
    assert first.data["form_factor"] == form_factor
    match = re.search(first.data["pattern"], model)
    assert match
    assert not group or match.group(group) == value


def test_no_row_is_lost() -> None:
    assert len(ROWS) >= 350
    assert len({row.kind for row in ROWS}) >= 55
