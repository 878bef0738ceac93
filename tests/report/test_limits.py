"""What was not seen: every address of the scope is accounted for once, with the outcome that tells most."""

from collections.abc import Iterable, Sequence
from dataclasses import replace
from ipaddress import ip_address, ip_network
from typing import Any

from hypothesis import given
from hypothesis import strategies as st

from netaudit.identify.device import Answer, Device
from netaudit.report.addresses import parse_target, ranges
from netaudit.report.limits import OUTCOMES, Limits, build_limits
from netaudit.scope.model import Network, Scope
from tests.report.sample import SCOPE
from tests.report.sample_devices import unit

CAMERA = unit(1)[0]


def _scope(*networks: Network) -> Scope:
    return replace(SCOPE, networks=networks)


def _net(cidr: str, *exclude: str, site: str = "") -> Network:
    return Network(ip_network(cidr), site, "", tuple(ip_network(out) for out in exclude))


def _try(target: str, status: str, reason: str = "", probe: str = "sweep") -> dict[str, Any]:
    return {"probe": probe, "target": target, "status": status, "reason": reason}


def _camera(*addresses: str, **more: Any) -> Device:
    return replace(CAMERA, addresses=addresses, **more)


def _limits(network: str, attempts: Iterable[dict[str, Any]], devices: Sequence[Device] = ()) -> Limits:
    return build_limits(_scope(_net(network)), attempts, devices)


def test_each_address_counts_once_with_the_outcome_that_tells_most() -> None:
    tries = [
        _try("192.0.2.1", "silent"),
        _try("192.0.2.1:80", "refused"),
        _try("192.0.2.1:554", "timeout"),
        _try("192.0.2.2:80", "not_sent", "port 9100 is on the never-touch list"),
        _try("192.0.2.2:80", "silent"),
    ]
    limits = _limits("192.0.2.0/29", tries, [_camera("192.0.2.3")])
    (network,) = limits.networks
    assert (network.addresses, network.heard, network.missed) == (6, 1, {"refused": 1, "silent": 1, "no_attempt": 3})
    assert limits.not_reached == 5
    assert limits.never_asked == 3


def test_an_address_with_a_device_is_heard_whatever_its_attempts_say() -> None:
    limits = _limits(
        "192.0.2.0/30", [_try("192.0.2.1:80", "timeout"), _try("192.0.2.2", "answered")], [_camera("192.0.2.1")]
    )
    assert limits.networks[0].heard == 2
    assert limits.not_reached == 0
    assert limits.groups == ()


def test_excluded_and_nested_networks_are_not_counted_twice() -> None:
    scope = _scope(_net("10.0.0.0/23", "10.0.1.0/28"), _net("10.0.0.0/24", site="inner"))
    outer, inner = build_limits(scope, [], [_camera("10.0.0.9")]).networks
    assert (outer.addresses, outer.excluded, outer.heard) == (510 - 255 - 16, 16, 0)
    assert (inner.addresses, inner.heard) == (254, 1)


def test_reasons_and_ranges_are_grouped() -> None:
    tries = [_try(f"192.0.2.{last}", "not_scheduled", "the run was stopped") for last in (1, 2, 3, 7)]
    (scheduled, none) = _limits("192.0.2.0/28", tries).groups
    assert scheduled.ranges == ("192.0.2.1–192.0.2.3", "192.0.2.7")
    assert scheduled.reasons == (("the run was stopped", 4),)
    assert (none.outcome, none.addresses) == ("no_attempt", 10)


def test_an_attempt_at_a_whole_network_speaks_for_its_untried_addresses() -> None:
    tries = [_try("192.0.2.0/28", "not_scheduled", "stopped"), _try("192.0.2.1", "silent")]
    limits = _limits("192.0.2.0/28", tries, [_camera("192.0.2.2")])
    assert limits.networks[0].missed == {"silent": 1, "not_scheduled": 12}
    assert [group.reasons for group in limits.groups] == [(), (("stopped", 12),)]


def test_a_network_too_large_to_ask_is_not_counted() -> None:
    (network,) = _limits("fd00::/64", [_try("[fd00::5]:80", "silent")], [_camera("fd00::7")]).networks
    assert (network.addresses, network.heard, network.missed) == (None, 1, {"silent": 1})


def test_devices_outside_the_scope_and_channels_behind_recorders_are_named() -> None:
    recorder = _camera("192.0.2.1", type=Answer("recorder", 0.9), traits={"channels": "16"})
    limits = _limits("192.0.2.0/30", [], [recorder, _camera("203.0.113.5", traits={"channels": "no"})])
    assert limits.outside == 1
    assert limits.hidden == ((recorder.device, 16),)


def test_what_a_probe_met_is_counted_even_where_no_address_is_meant() -> None:
    limits = _limits("192.0.2.0/30", [_try("239.255.255.250:3702", "answered", probe="ws"), _try("x", "broken")])
    assert [(row.probe, row.counts) for row in limits.probes] == [("ws", {"answered": 1})]


def test_targets_of_attempts_are_read_in_every_form() -> None:
    forms = ("192.0.2.1", "192.0.2.1:80", "[2001:db8::1]:80", "2001:db8::1", "fe80::1%eth0")
    assert [str(parse_target(form)) for form in forms] == [
        "192.0.2.1", "192.0.2.1", "2001:db8::1", "2001:db8::1", "fe80::1",
    ]  # fmt: skip
    assert parse_target("camera.example") is None


def test_ranges_do_not_join_across_versions() -> None:
    assert ranges([ip_address("255.255.255.255"), ip_address("::1"), ip_address("::")]) == [
        "255.255.255.255",
        "::–::1",
    ]


@given(
    st.lists(st.tuples(st.integers(1, 14), st.sampled_from(OUTCOMES)), max_size=60),
    st.sets(st.integers(1, 14)),
)
def test_heard_and_missed_always_add_up(tries: list[tuple[int, str]], heard: set[int]) -> None:
    attempts = [_try(f"192.0.2.{last}:80", status) for last, status in tries]
    limits = _limits("192.0.2.0/28", attempts, [_camera(f"192.0.2.{last}") for last in heard])
    (network,) = limits.networks
    assert network.addresses == 14 == network.heard + network.not_reached
    assert sum(group.addresses for group in limits.groups) == limits.not_reached
