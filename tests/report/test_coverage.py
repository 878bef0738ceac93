"""Coverage: every device counts once, for the right network; what did not answer itself is not counted as answered."""

from dataclasses import replace
from ipaddress import ip_network

from netaudit.report.coverage import coverage_rows
from netaudit.report.limits import NetworkCoverage
from netaudit.report.views import Card, Place
from netaudit.scope.model import Network
from tests.report.sample import sample

NETWORKS = (Network(ip_network("10.20.0.0/24"), site="HQ"), Network(ip_network("10.20.1.0/24"), site="Annex"))
REACHED = tuple(
    NetworkCoverage(str(net.cidr), "", net.site, 254, 0, 2, {"silent": 250, "not_sent": 2}) for net in NETWORKS
)


def card(address: str, site: str = "HQ", **place: object) -> Card:
    base = sample().report().cards[0]
    device = replace(base.device, addresses=(address,) if address else ())
    return replace(base, device=device, site=site, place=Place(**place))  # type: ignore[arg-type]


def test_each_device_counts_for_the_network_it_is_known_by() -> None:
    cards = [
        card("10.20.0.7"),
        card("10.20.0.8", direct=False),
        card("192.168.254.2", direct=False, recorder="10.20.1.9", channel="3"),
        card("", site="Annex", direct=False),
        card("172.16.0.1"),
    ]
    first, second = coverage_rows(NETWORKS, REACHED, cards)
    assert (first.answered, first.silent, first.not_asked) == (2, 250, 2)
    assert (first.devices, first.tables, first.behind) == (2, 1, 0)
    assert (second.devices, second.tables, second.behind) == (2, 1, 1)
    assert second.share == 1.0


def test_a_network_without_a_device_has_no_share() -> None:
    assert coverage_rows(NETWORKS, REACHED, [])[0].share is None


def test_the_report_has_a_row_for_each_network() -> None:
    report = sample().report()
    assert len(report.coverage) == len(report.limits.networks)
