"""Products that may replace a unit: from a person's own price file or an open catalogue. No price is invented."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field, replace
from types import MappingProxyType
from typing import Final

# What a price file may say of a product, beside maker, model and price.
TRAITS: Final = (
    "type", "form_factor", "megapixels", "lens", "ir", "indoor", "outdoor", "poe", "onvif", "audio", "channels",
    "ports",
)  # fmt: skip


@dataclass(frozen=True, slots=True)
class Price:
    """What one costs, as a range in hundredths of the currency, on which day, by which source."""

    low: int
    high: int
    currency: str
    date: str
    source: str


@dataclass(frozen=True, slots=True)
class Product:
    """One product. `maker`: as written in the file. `traits`: of TRAITS, as known. `watts`: tenths, 0 unknown.

    `price`: None where a catalogue knows the product but nobody has stated a price. `where`: file and line.
    """

    model: str
    maker: str
    traits: Mapping[str, str] = field(default_factory=lambda: MappingProxyType({}))
    watts: int = 0
    price: Price | None = None
    where: str = ""

    @property
    def key(self) -> tuple[str, str]:
        """Maker and model without case and blanks: what makes two rows one product."""
        return _plain(self.maker), _plain(self.model)


@dataclass(frozen=True, slots=True)
class Refusal:
    """A row or a product that cannot be used, and why."""

    where: str
    why: str


@dataclass(frozen=True, slots=True)
class Offer:
    """All that can be bought, and what was refused."""

    products: tuple[Product, ...] = ()
    refused: tuple[Refusal, ...] = ()


def merged(offers: Iterable[Offer]) -> Offer:
    """Join several files: of two rows for one product, traits are completed and the latest price counts."""
    products: dict[tuple[str, str], Product] = {}
    refused: list[Refusal] = []
    for offer in offers:
        refused += offer.refused
        for product in offer.products:
            held = products.get(product.key)
            products[product.key] = product if held is None else _joined(held, product)
    return Offer(tuple(products[key] for key in sorted(products)), tuple(refused))


def told_as(offer: Offer, path: str, name: str) -> Offer:
    """Return the offer with every `where` under another name of its file."""
    return Offer(
        tuple(replace(item, where=_renamed(item.where, path, name)) for item in offer.products),
        tuple(replace(item, where=_renamed(item.where, path, name)) for item in offer.refused),
    )


def _renamed(where: str, path: str, name: str) -> str:
    return name + where[len(path) :] if where.startswith(path) else where


def _joined(one: Product, two: Product) -> Product:
    prices = [product.price for product in (one, two) if product.price]
    latest = max(prices, key=lambda price: price.date, default=None)
    priced = next((product for product in (two, one) if product.price is latest and latest), two)
    return replace(
        priced, traits={**one.traits, **two.traits}, watts=two.watts or one.watts, price=latest, where=priced.where
    )


def _plain(text: str) -> str:
    return "".join(text.split()).casefold()
