"""Who belongs to whom, and in which country a maker sits: what the tests on affiliates and countries need."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from typing import Final

from netaudit.identify.words import Brand, Edge, Maker

# A supplier relation sells parts or units; it makes nobody an affiliate.
AFFILIATION: Final = frozenset({"subsidiary", "affiliate", "former_affiliate"})
# Chains are short in truth; the bound only stops a loop in the data.
_LONGEST_CHAIN: Final = 6


@dataclass(frozen=True, slots=True)
class Link:
    """One step from a company to the one it belongs to. `since`, `until`: ISO days or parts of them, or ""."""

    target: str
    since: str = ""
    until: str = ""


@dataclass(frozen=True, slots=True)
class Relations:
    """Pure look-ups over the word lists. Ids are of makers.toml and brands.toml."""

    names: Mapping[str, str]
    countries: Mapping[str, str]
    links: Mapping[str, tuple[Link, ...]] = field(default_factory=dict)
    labels: Mapping[str, str] = field(default_factory=dict)

    def knows(self, maker: str) -> bool:
        """Say whether the maker is in the word list at all; of others nothing may be concluded."""
        return maker in self.names

    def name(self, company: str) -> str:
        """Return a company's name for people, its id where there is no other."""
        return self.names.get(company) or self.labels.get(company, company)

    def chains(self, company: str) -> Iterable[tuple[Link, ...]]:
        """Yield every chain of links upward from the company, nearest first, without the empty one."""
        ahead: list[tuple[tuple[Link, ...], frozenset[str]]] = [((), frozenset({company}))]
        while ahead:
            chain, seen = ahead.pop(0)
            here = chain[-1].target if chain else company
            for link in self.links.get(here, ()):
                if link.target not in seen and len(chain) < _LONGEST_CHAIN:
                    longer = (*chain, link)
                    yield longer
                    ahead.append((longer, seen | {link.target}))

    def countries_above(self, maker: str) -> tuple[str, ...]:
        """Return the countries of the maker and of its present owners, "" for each that is not known."""
        above = [chain[-1].target for chain in self.chains(maker) if not any(link.until for link in chain)]
        return tuple(self.countries.get(company, "") for company in (maker, *above))


def relations(
    makers: Mapping[str, Maker], edges: Iterable[Edge] = (), brands: Mapping[str, Brand] | None = None
) -> Relations:
    """Build the look-ups: a maker's `parent` and every affiliation edge are links; suppliers are not."""
    links: dict[str, list[Link]] = {}
    for maker in makers.values():
        if maker.parent:
            links.setdefault(maker.id, []).append(Link(maker.parent))
    for edge in edges:
        if edge.kind in AFFILIATION and not _told(links, edge):
            links.setdefault(edge.origin, []).append(Link(edge.target, edge.since, edge.until))
    names = {maker.id: maker.short or maker.name for maker in makers.values()}
    countries = {maker.id: maker.country for maker in makers.values()}
    # A brand's name helps the sentence; it does not make the brand a known maker.
    labels = {brand.id: brand.name for brand in (brands or {}).values()}
    return Relations(names, countries, {company: tuple(items) for company, items in links.items()}, labels)


def _told(links: Mapping[str, list[Link]], edge: Edge) -> bool:
    return any(link.target == edge.target and not link.until for link in links.get(edge.origin, ())) and not edge.until
