"""Which products fit a replacement class, and which of them the same policies let through. Pure."""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from typing import Final

from netaudit.identify.device import Answer, Device, Reason
from netaudit.identify.words import plain
from netaudit.plan.products import Offer, Product, Refusal
from netaudit.policy.engine import judge
from netaudit.policy.finding import Finding
from netaudit.policy.model import Policy
from netaudit.policy.owner import OwnerFacts
from netaudit.policy.relations import Relations

_ASKING: Final = ("covered", "likely", "depends", "unknown")
_BY_MAKER: Final = ("named_maker", "affiliate", "country_of_maker")
_FEATURES: Final = ("ir", "outdoor", "audio")
_NO: Final = ("", "no", "false", "0")


@dataclass(frozen=True, slots=True)
class Screened:
    """The products that may be bought, cheapest first, those without a price last; and the others with the reason."""

    products: tuple[Product, ...]
    refused: tuple[Refusal, ...]


@dataclass(frozen=True, slots=True)
class Rules:
    """All that a product is screened with: the same policies, answers and word lists as the units in place.

    `names`: maker and brand names (plain) to ids.
    """

    policies: Sequence[Policy]
    facts: OwnerFacts
    relations: Relations
    makers: Mapping[str, str]
    brands: Mapping[str, str]
    on: date


def screen(offer: Offer, rules: Rules) -> Screened:
    """Hold every product against the policies as if it were in place; refuse what is not clear, with the why."""
    verdicts: dict[tuple[str, str], str] = {}
    kept: list[Product] = []
    refused = list(offer.refused)
    for product in offer.products:
        case = (plain(product.maker), product.traits.get("type", "camera"))
        if case not in verdicts:
            verdicts[case] = _objection(product, rules)
        if verdicts[case]:
            refused.append(Refusal(f"{product.maker} {product.model} ({product.where})", verdicts[case]))
        else:
            kept.append(product)
    return Screened(tuple(sorted(kept, key=_cheapest)), tuple(refused))


def fitting(device: Device, traits: Mapping[str, str], products: Iterable[Product]) -> tuple[Product, ...]:
    """Return the products that do at least what the unit does, in their order. What is not known of it asks nothing.

    `traits`: the unit's, measured, looked up or typed. A product of which a trait is not known does not fit it.
    """
    kind = device.type.value or "unknown"
    return tuple(product for product in products if _fits(kind, traits, product.traits))


def _fits(kind: str, old: Mapping[str, str], new: Mapping[str, str]) -> bool:
    if kind == "unknown" or new.get("type", "camera") != kind:
        return False
    if old.get("form_factor") and new.get("form_factor") != old["form_factor"]:
        return False
    if any(old.get(name, "") not in _NO and new.get(name, "") in _NO for name in _FEATURES):
        return False
    # A file that names no profiles says nothing against them; the plan's steps tell to look before ordering.
    if new.get("onvif", "yes") != "yes" and not set(_words(old.get("onvif", ""))) <= set(_words(new["onvif"])):
        return False
    return all(_number(new.get(name)) >= _number(old.get(name)) for name in ("megapixels", "channels", "ports"))


def _objection(product: Product, rules: Rules) -> str:
    maker = rules.makers.get(plain(product.maker))
    brand = rules.brands.get(plain(product.maker))
    if maker is None and brand is None:
        return "its maker is in no word list, so nobody knows whom it belongs to"
    findings = judge([_device(product, maker, brand)], rules.policies, rules.facts, rules.relations, rules.on)
    asking = [item for item in findings if item.duty and item.binds_owner is not False and _asks(item)]
    worst = min(asking, key=_worst, default=None)
    return f"{worst.policy}: {worst.why}" if worst else ""


def _asks(finding: Finding) -> bool:
    # What waits only for an answer about the unit in place (a certificate) says nothing of one still to be bought.
    return finding.status in _ASKING and (finding.status != "depends" or finding.basis in _BY_MAKER)


def _worst(finding: Finding) -> tuple[int, str]:
    return _ASKING.index(finding.status), finding.policy


def _device(product: Product, maker: str | None, brand: str | None) -> Device:
    nothing = Answer()
    says = {"maker": maker} if maker else {"brand": brand or ""}
    reason = Reason(product.where, "price file", says, "proof", f"{product.maker} {product.model}", "typed")
    return Device(
        device=product.where, subject=None, addresses=(), macs=(), ports=(),
        type=Answer(product.traits.get("type", "camera"), 1.0),
        maker=Answer(maker, 1.0 if maker else 0.0, product.maker, "confirmed" if maker else "unknown"),
        brand=Answer(brand, 1.0 if brand else 0.0, product.maker), model=Answer(product.model, 1.0),
        firmware=nothing, serial=nothing, soc=nothing, relabelled=None, reasons=(reason,),
        first_seen=price_day(product),
    )  # fmt: skip


def price_day(product: Product) -> str:
    """Return the day from which a product can have been bought: that of its price, "" where it has none."""
    return product.price.date if product.price else ""


def _cheapest(product: Product) -> tuple[bool, int, str, str]:
    return product.price is None, product.price.high if product.price else 0, product.maker, product.model


def _number(text: str | None) -> float:
    try:
        return float(text or 0)
    except ValueError:
        return 0.0


def _words(text: str) -> list[str]:
    return text.replace(",", " ").split()
