"""The kernel's routing tables, read as they stand in /proc."""

import subprocess
from ipaddress import IPv4Address, ip_address, ip_network
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from netaudit.net.routes import Route, Ways, parse_route, read_routes, route_to, routes_towards
from tests.sweep.namespace import Cable, cable, run_in

__all__ = ["cable"]

V4 = """\
Iface\tDestination\tGateway \tFlags\tRefCnt\tUse\tMetric\tMask\t\tMTU\tWindow\tIRTT
eth0\t00000000\t01004D0A\t0003\t0\t0\t100\t00000000\t0\t0\t0
eth0\t00004D0A\t00000000\t0001\t0\t0\t0\t00FFFFFF\t0\t0\t0
eth1\t00004D0A\t00000000\t0001\t0\t0\t50\t00FFFFFF\t0\t0\t0
*\t0000630A\t00000000\t0201\t0\t0\t0\t0000FFFF\t0\t0\t0
eth2\t0000A8C0\t00000000\t0000\t0\t0\t0\t0000FFFF\t0\t0\t0
"""
V6 = """\
fd000066000000000000000000000000 40 00000000000000000000000000000000 00 00000000000000000000000000000000 \
00000100 00000001 00000000 00000001     eth0
00000000000000000000000000000000 00 00000000000000000000000000000000 00 fd000066000000000000000000000001 \
00000400 00000001 00000000 00000003     eth0
"""


@pytest.fixture
def routes(tmp_path: Path) -> tuple[Route, ...]:
    v4, v6 = tmp_path / "route", tmp_path / "ipv6_route"
    v4.write_text(V4, encoding="ascii")
    v6.write_text(V6, encoding="ascii")
    return read_routes(v4, v6)


@pytest.mark.parametrize(
    ("address", "text"),
    [
        ("10.77.0.9", "10.77.0.0/24 dev eth0"),
        ("8.8.8.8", "default via 10.77.0.1 dev eth0"),
        ("192.168.0.1", "default via 10.77.0.1 dev eth0"),
        ("127.5.5.5", "127.0.0.0/8 dev lo"),
        ("fd00:66::9", "fd00:66::/64 dev eth0"),
        ("fd00:77::9", "default via fd00:66::1 dev eth0"),
    ],
)
def test_the_longest_prefix_and_then_the_lowest_metric_lead(routes: tuple[Route, ...], address: str, text: str) -> None:
    found = route_to(ip_address(address), routes)
    assert found is not None
    assert found.text == text
    again = parse_route(text)
    assert again is not None
    assert (again.network, again.interface, again.gateway) == (found.network, found.interface, found.gateway)


def test_a_rejecting_row_leads_nowhere(routes: tuple[Route, ...]) -> None:
    assert route_to(ip_address("10.99.1.1"), routes) is None
    assert parse_route("unreachable 10.99.0.0/16") == Route(ip_network("10.99.0.0/16"), "", reject=True)


@given(st.ip_addresses(v=4))
def test_the_quick_way_decides_alike(address: IPv4Address) -> None:
    rows = (
        "default via 10.77.0.1 dev eth0",
        "10.0.0.0/8 dev eth1",
        "unreachable 10.9.0.0/16",
        "10.9.128.0/17 dev tun0",
    )
    routes = [route for row in rows if (route := parse_route(row))]
    routes += [Route(ip_network("0.0.0.0/0"), "wlan0", "10.3.0.1", 600), Route(ip_network("::/0"), "eth0", "fe80::1")]
    quick = Ways(routes)
    for asked in (address, IPv4Address(int(address) & 0xFFFFFF | 10 << 24)):
        assert quick.to(str(asked)) == route_to(asked, routes)


def test_only_rows_that_lead_to_a_network_are_kept(routes: tuple[Route, ...]) -> None:
    kept = [route.text for route in routes_towards([ip_network("10.77.0.0/28")], routes)]
    assert kept == ["default via 10.77.0.1 dev eth0", "10.77.0.0/24 dev eth0", "10.77.0.0/24 dev eth1"]


def test_unreadable_tables_have_no_rows(tmp_path: Path) -> None:
    assert [route.interface for route in read_routes(tmp_path / "none", tmp_path / "none")] == ["lo"]


@given(st.text(max_size=60))
def test_any_text_is_a_route_or_none(text: str) -> None:
    found = parse_route(text)
    assert found is None or isinstance(found, Route)


def test_the_tables_of_this_kernel_are_read(cable: Cable) -> None:
    add = ["ip", "-n", cable.near, "route", "add"]
    subprocess.run([*add, "10.97.0.0/24", "via", "10.66.0.10"], check=True)
    subprocess.run([*add, "unreachable", "10.96.0.0/24"], check=True)
    found = run_in(cable.near, read_routes)
    assert {"10.97.0.0/24 via 10.66.0.10 dev eth0", "unreachable 10.96.0.0/24", "fd00:66::/64 dev eth0"} <= {
        route.text for route in found
    }
    assert route_to(ip_address("10.95.0.1"), found) is None
