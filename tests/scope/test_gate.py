"""The gate says yes to the written scope and to nothing else."""

from datetime import date
from ipaddress import IPv4Address, ip_address

import pytest
from hypothesis import given
from hypothesis import strategies as st

from netaudit.errors import ScopeError
from netaudit.scope.gate import Gate
from netaudit.scope.load import parse_scope
from netaudit.scope.model import NEVER_TOUCH
from tests.scope.test_load import GOOD, GRANTED

TODAY = date(2026, 11, 23)
SCOPE = parse_scope(GOOD.encode())


def gate() -> Gate:
    return Gate(SCOPE, TODAY)


@pytest.mark.parametrize(
    ("address", "port", "reason"),
    [
        ("10.20.0.7", 80, None),
        ("::ffff:10.20.0.7", 80, None),
        ("10.20.0.1", 80, "outside the written scope"),
        ("10.20.3.5", 80, "outside the written scope"),
        ("10.20.16.0", 80, "outside the written scope"),
        ("fe80::1%eth0", 80, "outside the written scope"),
        ("camera.example", 80, "is not an IP address"),
        ("10.20.0.7", 9100, "never-touch"),
    ],
)
def test_addresses_and_ports(address: str, port: int, reason: str | None) -> None:
    answer = gate().allows(address, port)
    assert answer is None if reason is None else reason in str(answer)


def test_groups_only_from_an_interface_that_is_in_scope() -> None:
    assert gate().allows_group("239.255.255.250", 3702, "10.20.0.9") is None
    assert gate().allows_group("255.255.255.255", 37020, "10.20.0.9") is None
    # Our own address is often excluded: that leaves us unasked, not blind.
    assert gate().allows_group("239.255.255.250", 3702, "10.20.0.1") is None
    assert gate().allows("10.20.0.1", 3702) is not None
    assert "in no network of the scope" in str(gate().allows_group("239.255.255.250", 3702, "192.168.1.2"))
    assert "not a discovery group" in str(gate().allows_group("239.1.2.3", 3702, "10.20.0.9"))


def test_refusals_are_raised_and_counted() -> None:
    door = gate()
    with pytest.raises(ScopeError, match="outside"):
        door.pass_("192.0.2.1", 80)
    with pytest.raises(ScopeError, match="not a discovery group"):
        door.pass_group("239.1.2.3", 1, "10.20.0.9")
    assert sum(door.refused.values()) == 2
    door.pass_("10.20.0.7", 80)
    assert sum(door.refused.values()) == 2


@pytest.mark.parametrize(
    ("today", "message"),
    [(date(2026, 10, 31), "starts on 2026-11-01"), (date(2027, 11, 2), "ended on 2027-11-01.*Head of Estates.*renew")],
)
def test_an_authorisation_counts_only_in_its_time(today: date, message: str) -> None:
    with pytest.raises(ScopeError, match=message):
        Gate(SCOPE, today)


@given(st.integers(0, 2**32 - 1), st.integers(1, 65535))
def test_no_packet_leaves_the_scope(number: int, port: int) -> None:
    address = str(IPv4Address(number))
    inside = any(network.holds(ip_address(address)) for network in SCOPE.networks)
    assert (gate().allows(address, port) is None) == (inside and port not in NEVER_TOUCH)


@pytest.mark.parametrize(
    ("address", "is_allowed"),
    [("10.20.3.5", False), ("10.20.3.6", True), ("10.20.9.1", False), ("10.20.8.1", True), ("10.20.4.7", True)],
)
def test_what_one_network_leaves_out_is_not_let_in_by_another(address: str, is_allowed: bool) -> None:
    """A wider network excludes one host of a narrower one, and a part that is a network of its own."""
    campus = '[[network]]\ncidr = "10.20.0.0/20"\nexclude = ["10.20.3.5", "10.20.4.0/24", "10.20.9.0/25"]\n'
    parts = (
        '[[network]]\ncidr = "10.20.3.0/24"\n[[network]]\ncidr = "10.20.4.0/24"\n[[network]]\ncidr = "10.20.8.0/23"\n'
    )
    door = Gate(parse_scope((GRANTED + campus + parts).encode()), TODAY)
    assert (door.allows(address, 80) is None) is is_allowed


def test_an_exclusion_that_excludes_nothing_is_told() -> None:
    networks = '[[network]]\ncidr = "10.20.0.0/24"\nexclude = ["10.20.0.7", "10.20.0.0/16", "10.21.0.7", "fe80::/64"]\n'
    assert parse_scope((GRANTED + networks).encode()).stray_exclusions() == ("10.21.0.7/32", "fe80::/64")
