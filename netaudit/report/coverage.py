"""How much of each network is known: the numbers behind "how do you know that this is all?". Pure."""

from collections.abc import Iterable, Sequence
from ipaddress import IPv4Address, IPv6Address

from netaudit.report.addresses import Finder, parse_target
from netaudit.report.limits import NEVER_ASKED, NetworkCoverage
from netaudit.report.views import Card, CoverageRow
from netaudit.scope.model import Network


def coverage_rows(
    networks: Sequence[Network], reached: Sequence[NetworkCoverage], cards: Iterable[Card]
) -> tuple[CoverageRow, ...]:
    """Return one row a network. `reached`: the same networks, with what became of their addresses."""
    finder = Finder(networks)
    members: dict[int, list[Card]] = {}
    for card in cards:
        index = _network(card, finder, networks)
        if index is not None:
            members.setdefault(index, []).append(card)
    return tuple(_row(reach, members.get(index, [])) for index, reach in enumerate(reached))


def _row(reach: NetworkCoverage, cards: Sequence[Card]) -> CoverageRow:
    never = sum(count for outcome, count in reach.missed.items() if outcome in NEVER_ASKED)
    told = [card for card in cards if not card.place.direct]
    behind = sum(1 for card in told if card.place.recorder)
    return CoverageRow(
        addresses=reach.addresses,
        answered=reach.heard,
        silent=reach.not_reached - never,
        not_asked=never,
        tables=len(told) - behind,
        behind=behind,
        devices=len(cards),
        named=sum(1 for card in cards if card.device.maker.value is not None),
    )


def _network(card: Card, finder: Finder, networks: Sequence[Network]) -> int | None:
    """The network a device counts for: its recorder's where only that told of it, its own address's, its site's."""
    texts = [card.place.recorder] if card.place.recorder and not card.place.direct else list(card.device.addresses)
    for text in texts:
        address = parse_target(text)
        if isinstance(address, IPv4Address | IPv6Address) and (index := finder.index(address)) is not None:
            return index
    if card.device.addresses or not card.site:
        return None
    return next((index for index, network in enumerate(networks) if network.site == card.site), None)
