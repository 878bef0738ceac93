"""Before the first packet: every address once, and what it will cost."""

from ipaddress import IPv4Address, ip_network

from hypothesis import given, settings
from hypothesis import strategies as st

from netaudit.net.interfaces import Interface
from netaudit.scan.catalogue import all_probes
from netaudit.scan.estimate import Estimate, estimate
from netaudit.scan.ground import grounds
from netaudit.scope.model import Limits, Network, Scope
from tests.net.support import GRANTED

ETH0 = Interface("eth0", 2, "10.88.0.2", ip_network("10.88.0.0/24"), "10.88.0.255", "02:00:00:00:00:01")


def scope(*networks: Network, limits: Limits | None = None) -> Scope:
    return Scope(GRANTED, networks, limits or Limits())


def network(cidr: str, *exclude: str) -> Network:
    return Network(ip_network(cidr), exclude=tuple(ip_network(entry) for entry in exclude))


def test_a_network_is_divided_by_how_it_is_reached() -> None:
    found, losses = grounds(scope(network("10.88.0.0/23"), network("127.77.0.0/30")), (ETH0,))
    assert [(part.reach, len(part.addresses)) for part in found] == [("link", 254), ("routed", 255), ("loopback", 2)]
    assert "10.88.0.2" not in found[0].addresses
    assert losses == ()


def test_an_ipv6_network_is_not_walked_and_that_is_said() -> None:
    found, losses = grounds(scope(network("2001:db8::/64"), network("2001:db8:1::/126")), ())
    assert [part.addresses for part in found] == [("2001:db8:1::1", "2001:db8:1::2", "2001:db8:1::3")]
    assert "2001:db8::/64 has too many addresses" in losses[0]


small = st.tuples(st.integers(0, 255), st.integers(24, 32)).map(
    lambda pair: f"{IPv4Address(int(IPv4Address('10.88.0.0')) + (pair[0] << 32 - pair[1]) % 256)}/{pair[1]}"
)


@settings(deadline=None)
@given(st.lists(small, min_size=1, max_size=4), st.lists(small, max_size=2))
def test_every_address_comes_once_and_excluded_ones_never(cidrs: list[str], excluded: list[str]) -> None:
    whole = scope(*(network(cidr, *excluded) for cidr in dict.fromkeys(cidrs)))
    addresses = [ip for part in grounds(whole, (ETH0,))[0] for ip in part.addresses]
    assert len(addresses) == len(set(addresses))
    assert not any(IPv4Address(ip) in ip_network(out) for ip in addresses for out in excluded)
    assert all(whole.network_of(IPv4Address(ip)) for ip in addresses)


def reckon(cidr: str, interfaces: tuple[Interface, ...] = (), limits: Limits | None = None) -> Estimate:
    return estimate(scope(network(cidr), limits=limits), interfaces, all_probes())


def test_the_silent_decide_the_time_of_a_sparse_network() -> None:
    small_net, large_net = reckon("10.0.0.0/24"), reckon("10.0.0.0/20")
    assert large_net.packets > 15 * small_net.packets
    assert large_net.seconds > 5 * small_net.seconds
    assert large_net.seconds_if_empty < large_net.seconds


def test_twice_the_rate_is_nearly_half_the_time() -> None:
    slow = reckon("10.0.0.0/20", limits=Limits(packets_per_second=500))
    fast = reckon("10.0.0.0/20", limits=Limits(packets_per_second=1000))
    assert slow.packets == fast.packets
    assert 1.6 < slow.seconds / fast.seconds < 2.0


def test_a_link_costs_less_than_a_routed_network_and_is_announced_to() -> None:
    near, away = reckon("10.88.0.0/24", (ETH0,)), reckon("10.88.0.0/24")
    assert near.seconds_if_empty < away.seconds_if_empty
    assert {line.interface for line in near.announcements} == {"eth0 10.88.0.2"}
    assert {"ws_discovery", "sadp", "dhip"} <= {line.probe for line in near.announcements}
    assert away.announcements == ()


def test_experimental_probes_cost_packets_and_are_marked() -> None:
    written = scope(network("10.88.0.0/24"))
    usual, more = (estimate(written, (ETH0,), all_probes().chosen(experimental=choice)) for choice in (False, True))
    assert not any(line.experimental for line in usual.announcements)
    makers = {"hanwha", "vivotek", "bosch", "gige_vision", "vision_360"}
    experimental = makers | {"mndp", "hid", "lantronix", "microchip"}
    assert {line.probe for line in more.announcements if line.experimental} == experimental
    assert more.packets > usual.packets


def test_the_packets_of_a_search_that_only_its_own_port_sends_are_counted_once() -> None:
    lines = {
        line.probe: line for line in reckon("10.88.0.0/24", (ETH0,)).announcements if line.group == "255.255.255.255"
    }
    # Twice, to both broadcast addresses; from two ports only where the answer may come to either.
    assert (lines["reolink"].packets, lines["dahua_legacy"].packets) == (4, 8)


def test_a_dry_run_names_all_that_would_be_sent() -> None:
    sums = reckon("10.88.0.0/24", (ETH0,))
    assert {80, 554, 8000} <= set(sums.tcp_ports)
    assert {"http_front", "rtsp"} <= set(sums.questions)
    assert {"ws_discovery", "dhip", "sadp"} <= set(sums.directed)
    assert sums.packets == sum(part.packets for part in sums.networks) + sum(a.packets for a in sums.announcements)
