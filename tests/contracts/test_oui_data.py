"""The MAC registries: complete, well-formed, as SOURCE.md says; and the camera view agrees with them."""

import hashlib
import importlib.util
import re
from pathlib import Path
from types import ModuleType

import pytest

from tests.contracts.signature_files import OUI_DATA, ids, plain, registry

TABLES = {"mal.csv": 6, "mam.csv": 7, "mas.csv": 9, "iab.csv": 9}
SOURCE = (OUI_DATA / "SOURCE.md").read_text(encoding="utf-8")


@pytest.mark.parametrize(("name", "digits"), TABLES.items())
def test_prefixes_are_sorted_unique_and_of_one_length(name: str, digits: int) -> None:
    prefixes = [row["prefix"] for row in registry(name)]
    assert prefixes == sorted(set(prefixes))
    assert all(re.fullmatch(rf"[0-9A-F]{{{digits}}}", prefix) for prefix in prefixes)
    assert all(row["organisation"].strip() == row["organisation"] != "" for row in registry(name))


@pytest.mark.parametrize("name", [*TABLES, "camera_makers.csv"])
def test_source_page_states_rows_and_digest(name: str) -> None:
    line = next(line for line in SOURCE.splitlines() if line.startswith(f"| `{name}`"))
    assert hashlib.sha256((OUI_DATA / name).read_bytes()).hexdigest() in line
    assert f"{len(registry(name)):,}" in line


def test_all_tables_together_stay_small() -> None:
    assert sum(path.stat().st_size for path in OUI_DATA.iterdir() if path.is_file()) < 3_000_000


@pytest.mark.parametrize(
    ("prefix", "organisation"),
    [("00408C", "axis"), ("ACCC8E", "axis"), ("4419B6", "hikvision"), ("3CEF8C", "dahua"), ("EC71DB", "reolink"),
     ("0018AE", "tvt"), ("9C8ECD", "amcrest"), ("142FFD", "lt security")],
)  # fmt: skip
def test_well_known_blocks(prefix: str, organisation: str) -> None:
    owners = {row["prefix"]: row["organisation"] for row in registry("mal.csv")}
    assert organisation in owners[prefix].lower()


def test_the_camera_view_agrees_with_the_registry_row_or_is_listed_as_newer() -> None:
    owners = {row["prefix"]: row["organisation"] for name in TABLES for row in registry(name)}
    for row in registry("camera_makers.csv"):
        if row["prefix"] not in owners:
            assert row["prefix"] in SOURCE, row
        else:
            assert plain(owners[row["prefix"]]) == plain(row["registry_organisation"]), row


def test_the_camera_view_uses_known_makers_labels_and_roles() -> None:
    makers, brands = ids("makers.toml", "maker"), ids("brands.toml", "brand")
    for row in registry("camera_makers.csv"):
        assert row["maker"] in makers | brands, row
        assert row["role"] in {"camera maker", "generic", "module maker"}, row
        assert row["brand"] in brands | {""}, row


@pytest.mark.parametrize("label", ["amcrest", "lts", "lorex", "alibi", "abus", "swann", "provision_isr", "annke"])
def test_the_block_of_a_label_names_no_maker(label: str) -> None:
    rows = [row for row in registry("camera_makers.csv") if row["maker"] == label]
    assert rows
    assert label not in ids("makers.toml", "maker")


@pytest.mark.parametrize("word", ["ingenico", "truenorth"])
def test_name_collisions_are_left_out(word: str) -> None:
    assert not [row for row in registry("camera_makers.csv") if word in row["registry_organisation"].lower()]


def converter() -> ModuleType:
    spec = importlib.util.spec_from_file_location("oui_build", OUI_DATA / "build.py")
    assert spec
    assert spec.loader
    module = importlib.util.module_from_spec(spec)
    spec.loader.exec_module(module)
    return module


def test_the_converter_sorts_blocks_into_tables(tmp_path: Path) -> None:
    source = tmp_path / "manuf"
    source.write_text(
        "# comment\n"
        "AC:CC:8E\t\tAxis Communications AB\n"
        "1C:CA:E3:70:00:00/28\tBird\tBird Home  Automation GmbH\n"
        "8C:1F:64:FE:50:00/36\t\tTruenorth\n"
        "00:50:C2:00:10:00/36\t\tJMBS Developpements\n"
        "0A:DB:00\t\tA company id, no MAC\n"
        "AA:00:04\t\tDigital Equipment Corporation\n",
        encoding="utf-8",
    )
    converter().main(source, tmp_path)
    header = "prefix,organisation\n"
    assert (tmp_path / "mal.csv").read_text() == (
        header + "AA0004,Digital Equipment Corporation\nACCC8E,Axis Communications AB\n"
    )
    assert (tmp_path / "mam.csv").read_text() == header + "1CCAE37,Bird Home Automation GmbH\n"
    assert (tmp_path / "mas.csv").read_text() == header + "8C1F64FE5,Truenorth\n"
    assert (tmp_path / "iab.csv").read_text() == header + "0050C2001,JMBS Developpements\n"
