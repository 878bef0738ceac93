"""Rows of tables become targets and fields; addresses in every usual spelling become one."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from netaudit.evidence import tables
from netaudit.evidence.addresses import ip_of, mac_of

MAC = "44:19:b6:0a:0b:0c"


@pytest.mark.parametrize(
    "text",
    [
        "44:19:B6:0A:0B:0C", "44-19-b6-0a-0b-0c", "4419.b60a.0b0c", "4419b6-0a0b0c", "4419b60a0b0c", "44:19:b6:a:b:c",
        " 44 19 B6 0A 0B 0C ",
    ],
)  # fmt: skip
def test_every_usual_spelling_of_a_mac_is_one(text: str) -> None:
    assert mac_of(text) == MAC


@pytest.mark.parametrize("text", ["", "(incomplete)", "00:00:00:00:00:00", "ff-ff-ff-ff-ff-ff", "44:19:b6", "z" * 12])
def test_what_names_no_unit_is_no_mac(text: str) -> None:
    assert mac_of(text) == ""


@pytest.mark.parametrize(
    ("text", "ip"),
    [
        ("10.20.0.7", "10.20.0.7"), ("10.20.0.7/24", "10.20.0.7"), ("fe80::1%eth0", "fe80::1"),
        ("[2001:db8::1]", "2001:db8::1"),
        ("::ffff:10.0.0.1", "10.0.0.1"), ("0.0.0.0", ""), ("224.0.0.251", ""), ("255.255.255.255", ""), ("10.0.0", ""),
    ],
)  # fmt: skip
def test_addresses_of_hosts_are_read_and_others_are_none(text: str, ip: str) -> None:
    assert ip_of(text) == ip


@given(st.text(max_size=80))
def test_no_text_breaks_the_readers(text: str) -> None:
    assert mac_of(mac_of(text)) == mac_of(text)
    assert ip_of(ip_of(text)) == ip_of(text)


def test_an_arp_row_names_address_and_mac_and_an_incomplete_one_is_none() -> None:
    row = tables.arp("10.20.0.7", "4419.b60a.0b0c", interface="Vlan20", vlan="20", source="core-1", state="")
    assert row == (
        "table.arp",
        {"ip": "10.20.0.7", "mac": MAC, "vlan": "20"},
        {"ip": "10.20.0.7", "mac": MAC, "interface": "Vlan20", "vlan": "20", "source": "core-1"},
    )
    assert tables.arp("10.20.0.7", "(incomplete)") is None


def test_a_forwarding_row_tells_no_address() -> None:
    row = tables.forwarding(MAC, switch="sw1", port="Gi1/0/7", vlan="20")
    assert row is not None
    assert row.target == {"mac": MAC, "vlan": "20"}


def test_the_address_of_an_ended_lease_is_no_longer_where_the_unit_is() -> None:
    active = tables.lease("10.20.0.7", MAC, state="active")
    ended = tables.lease("10.20.0.7", MAC, state="Expired")
    assert active is not None
    assert ended is not None
    assert active.target == {"ip": "10.20.0.7", "mac": MAC}
    assert ended.target == {"mac": MAC}
    assert ended.fields["ip"] == "10.20.0.7"


def test_an_inventory_row_needs_something_to_know_the_unit_by() -> None:
    assert tables.asset(location="Hall", status="active") is None
    row = tables.asset(name="Gate cam", serial="ACCC8E012345", ip="10.20.0.7/24")
    assert row is not None
    assert row.target == {"ip": "10.20.0.7"}
