"""Who belongs to whom, and in which country a maker sits: what the tests on affiliates and countries need."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from typing import Final, TypeAlias

from netaudit.identify.words import Brand, Edge, Maker

# A supplier relation sells parts or units; it makes nobody an affiliate.
AFFILIATION: Final = frozenset({"subsidiary", "affiliate", "former_affiliate"})
# Chains are short in truth; the bound only stops a loop in the data.
_LONGEST_CHAIN: Final = 6


@dataclass(frozen=True, slots=True)
class Link:
    """One step from a company to the one it belongs to. `since`, `until`: ISO days or parts of them, or "".

    `former`: the tie has ended, even where `until` is not known. `confidence`: high, medium or low.
    """

    target: str
    since: str = ""
    until: str = ""
    former: bool = False
    confidence: str = "high"


Chain: TypeAlias = tuple[Link, ...]


@dataclass(frozen=True, slots=True)
class Relations:
    """Pure look-ups over the word lists. Ids are of makers.toml and brands.toml.

    `chains`: company to every chain of links upward from it, nearest first. `labels`: names of brands.
    """

    names: Mapping[str, str]
    countries: Mapping[str, str]
    chains: Mapping[str, tuple[Chain, ...]] = field(default_factory=dict)
    labels: Mapping[str, str] = field(default_factory=dict)

    def knows(self, maker: str) -> bool:
        """Say whether the maker is in the word list at all; of others nothing may be concluded."""
        return maker in self.names

    def name(self, company: str) -> str:
        """Return a company's name for people, its id where there is no other."""
        return self.names.get(company) or self.labels.get(company, company)

    def countries_above(self, maker: str) -> tuple[str, ...]:
        """Return the countries of the maker and of its present owners, "" for each that is not known."""
        above = [chain[-1].target for chain in self.chains.get(maker, ()) if not any(link.former for link in chain)]
        return tuple(self.countries.get(company, "") for company in (maker, *above))


def relations(
    makers: Mapping[str, Maker], edges: Iterable[Edge] = (), brands: Mapping[str, Brand] | None = None
) -> Relations:
    """Build the look-ups: a maker's `parent` and every affiliation edge are links; suppliers are not."""
    links: dict[str, list[Link]] = {maker.id: [Link(maker.parent)] for maker in makers.values() if maker.parent}
    for edge in edges:
        known = links.setdefault(edge.origin, [])
        if edge.kind in AFFILIATION and Link(edge.target) not in known:
            former = edge.kind == "former_affiliate" or bool(edge.until)
            known.append(Link(edge.target, edge.since, edge.until, former, edge.confidence))
    return Relations(
        names={maker.id: maker.short or maker.name for maker in makers.values()},
        countries={maker.id: maker.country for maker in makers.values()},
        chains={company: tuple(_chains(company, links)) for company in links},
        labels={brand.id: brand.name for brand in (brands or {}).values()},
    )


def _chains(company: str, links: Mapping[str, list[Link]]) -> Iterable[Chain]:
    ahead: list[Chain] = [()]
    while ahead:
        chain = ahead.pop(0)
        here = chain[-1].target if chain else company
        seen = {company, *(link.target for link in chain)}
        for link in links.get(here, ()):
            if link.target not in seen and len(chain) < _LONGEST_CHAIN:
                yield (*chain, link)
                ahead.append((*chain, link))
