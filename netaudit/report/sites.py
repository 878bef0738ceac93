"""Units counted by building, with what stayed silent there."""

from collections.abc import Callable, Sequence
from ipaddress import IPv4Address, IPv6Address

from netaudit.identify.device import Device
from netaudit.report.addresses import Finder, parse_target
from netaudit.report.limits import Limits
from netaudit.report.verdict import count
from netaudit.report.views import Card, SiteRow
from netaudit.scope.model import Scope


def site_finder(scope: Scope) -> Callable[[Device], str]:
    """Return a function that names the site of a device: its own, else that of the network it answered in, else ""."""
    finder = Finder(scope.networks)

    def site_of(device: Device) -> str:
        if device.site:
            return device.site
        for text in device.addresses:
            address = parse_target(text)
            if isinstance(address, IPv4Address | IPv6Address):
                index = finder.index(address)
                if index is not None:
                    return scope.networks[index].site
        return ""

    return site_of


def site_rows(scope: Scope, cards: Sequence[Card], limits: Limits) -> tuple[SiteRow, ...]:
    """Return one row a site, of those in the scope and those that devices name."""
    units: dict[str, list[Card]] = {network.site: [] for network in scope.networks}
    for card in cards:
        if card.unit:
            units.setdefault(card.site, []).append(card)
    return tuple(_row(site, units[site], limits) for site in sorted(units))


def _row(site: str, units: Sequence[Card], limits: Limits) -> SiteRow:
    networks = [network for network in limits.networks if network.site == site]
    return SiteRow(
        site=site,
        networks=tuple(network.cidr for network in networks),
        units=len(units),
        counts=count(card.status for card in units),
        human=sum(card.human for card in units),
        not_reached=sum(network.not_reached for network in networks),
    )
