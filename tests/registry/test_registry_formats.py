"""Registry files of every form are recognised and sorted into tables; nothing else is; no bytes break the reader."""

from contextlib import suppress

import pytest
from hypothesis import given
from hypothesis import strategies as st

from netaudit.data import data_folder
from netaudit.errors import DataError
from netaudit.registry.addresses import read_addresses
from netaudit.registry.formats import TABLES, read_registry

IEEE = (
    "Registry,Assignment,Organization Name,Organization Address\r\n"
    'MA-L,ACCC8E,Axis Communications AB,"Gränden 1 Lund SE 22369 "\r\n'
    'MA-L,0C1234,"Two\nLines  Ltd",x\r\n'
    "MA-M,1CCAE37,Bird Home Automation GmbH,x\r\n"
    "MA-S,8C1F64FE5,Truenorth,x\r\n"
    "IAB,0050C2001,JMBS Developpements,x\r\n"
    "CID,0ADB00,No MAC at all,x\r\n"
    "MA-L,AA0004,Digital Equipment Corporation,x\r\n"
)
MANUF = (
    "# comment\n"
    "AC:CC:8E\t\tAxis Communications AB\n"
    "0C:12:34         \tTwoLines    \tTwo Lines Ltd\n"
    "1C:CA:E3:70:00:00/28\tBird\tBird Home  Automation GmbH\n"
    "8C:1F:64:FE:50:00/36\tTruenorth\n"
    "00-50-C2-00-10-00/36\t\tJMBS Developpements\n"
    "0A:DB:00\t\tA company id, no MAC\n"
    "AA:00:04\t\tDigital Equipment Corporation\n"
)
EXPECTED = {
    "mal.csv": {
        "ACCC8E": "Axis Communications AB",
        "0C1234": "Two Lines Ltd",
        "AA0004": "Digital Equipment Corporation",
    },
    "mam.csv": {"1CCAE37": "Bird Home Automation GmbH"},
    "mas.csv": {"8C1F64FE5": "Truenorth"},
    "iab.csv": {"0050C2001": "JMBS Developpements"},
}


@pytest.mark.parametrize(("text", "form"), [(IEEE, "IEEE CSV"), (MANUF, "manuf"), ("\ufeff" + IEEE, "IEEE CSV")])
def test_both_forms_give_the_same_tables(text: str, form: str) -> None:
    listed = read_registry(text.encode(), "file")
    assert (listed.form, listed.tables) == (form, EXPECTED)


@pytest.mark.parametrize(
    "raw", [b"", b"<html>blocked</html>", b"Registry,Assignment,Organization Name\r\n", b"\0" * 99]
)
def test_what_holds_no_block_is_refused_by_name(raw: bytes) -> None:
    with pytest.raises(DataError, match="somewhere: holds no MAC block"):
        read_registry(raw, "somewhere")


_HEAD = "Registry,Assignment,Organization Name\n"
_BYTES = st.one_of(
    st.binary(max_size=300),
    st.text(max_size=300).map(lambda text: (_HEAD + text).encode()),
    st.text(alphabet="0123456789ABCDEF:/-\t\n#x ", max_size=300).map(str.encode),
)


@given(_BYTES)
def test_any_bytes_give_tables_or_a_message(raw: bytes) -> None:
    tables: dict[str, dict[str, str]] = {}
    with suppress(DataError):
        tables = read_registry(raw, "file").tables
    assert set(tables) <= set(TABLES)
    for rows in tables.values():
        assert all(prefix.isalnum() and who.isprintable() for prefix, who in rows.items())


def test_the_shipped_addresses_are_the_registrys_own_and_fill_every_table() -> None:
    addresses = read_addresses(data_folder("oui_data") / "registries.toml")
    assert {item.host for item in addresses.registries} == {"standards-oui.ieee.org"}
    assert {item.table for item in addresses.registries} == set(TABLES)
    assert f"data of {addresses.shipped}" in (data_folder("oui_data") / "SOURCE.md").read_text(encoding="utf-8")
