"""From label to maker, and whether a unit is relabelled.

A label is text that a reseller sets. It leads to a maker only where all of its range is known to come from one maker,
with high confidence; a label that buys from several makers decides nothing (facts: oem.md section 3, point 8).
"""

from collections.abc import Iterable, Mapping

from netaudit.identify.fuse import PROBABLE, Ranked, is_witness
from netaudit.identify.hit import Vote
from netaudit.identify.knowledge import Knowledge
from netaudit.identify.words import OWN_RELATIONS, Brand


def sole_maker(brand: Brand) -> str:
    """Return the only maker behind a label; "" where there are several, or where it is not sure for its whole range."""
    makers = {row.maker for row in brand.made_by} | ({brand.own_of} if brand.own_of else set())
    if len(makers) != 1:
        return ""
    sure = brand.own_of or any(row.confidence == "high" and row.scope == "all" for row in brand.made_by)
    return makers.pop() if sure else ""


def label_votes(brand: Ranked | None, maker_votes: Iterable[Vote], knowledge: Knowledge) -> tuple[Vote, ...]:
    """Return the vote for the maker that follows from a sure label, none where the label decides nothing.

    The vote belongs to the layer that showed the label: a header that names label and maker is one witness, not two.
    It is no stronger than what showed the label: a title that may be anybody's text makes no maker probable.
    """
    if brand is None or brand.confidence < PROBABLE or brand.value not in knowledge.brands:
        return ()
    maker = sole_maker(knowledge.brands[brand.value])
    if not maker:
        return ()
    taken = {vote.layer for vote in maker_votes if vote.value == maker}
    shown = sorted(layer for layer, strength in brand.layers.items() if is_witness(strength)) or sorted(brand.layers)
    layer = next((name for name in shown if name not in taken), shown[0])
    return (Vote("maker", maker, layer, "strong" if _is_sure(brand) else "moderate"),)


def _is_sure(brand: Ranked) -> bool:
    return not {"strong", "proof"}.isdisjoint(brand.layers.values())


def is_relabelled(maker: str | None, brand: str | None, knowledge: Knowledge) -> bool | None:
    """True where the label is not the maker's own, False where it is, None where one of them is not known."""
    if maker is None or brand is None or brand not in knowledge.brands:
        return None
    label = knowledge.brands[brand]
    if label.own_of and (label.own_of in knowledge.family(maker) or maker in knowledge.family(label.own_of)):
        return False
    own = any(row.maker == maker and row.relation in OWN_RELATIONS for row in label.made_by)
    return not own


def possible_makers(brand: str, brands: Mapping[str, Brand]) -> tuple[tuple[str, str, str], ...]:
    """Return (maker, scope, confidence) of every maker known behind a label, for the explanation."""
    rows = brands[brand].made_by if brand in brands else ()
    return tuple(sorted({(row.maker, row.scope, row.confidence) for row in rows}))
