"""Clues that say less beside more particular ones: a factory's default label, a general video trait."""

from typing import Final

from netaudit.identify.device import SURVEILLANCE_TYPES, Strength
from netaudit.identify.fuse import is_witness, weaker
from netaudit.identify.hit import Vote
from netaudit.identify.knowledge import Knowledge

_PARTICULAR: Final = SURVEILLANCE_TYPES - {"camera"}


def demote_factory_labels(votes: tuple[Vote, ...], knowledge: Knowledge) -> tuple[Vote, ...]:
    """Weaken a maker's own label where a label that this maker is known to supply was shown as well.

    Relabelled units keep some of the factory's texts: "Vendor: Dahua" beside "name: Amcrest" is no contradiction.
    Nor is the maker's name beside one of its own labels: "Manufacturer: TP-Link" beside "Model: Tapo C200".
    """
    values = {vote.value for vote in votes if is_witness(vote.strength)}
    if len(values) < 2:
        return votes
    foreign = [knowledge.brands[v] for v in values if v in knowledge.brands and not knowledge.brands[v].own_of]
    supplied = {row.maker for brand in foreign for row in brand.made_by}
    labels = {knowledge.brands[v].own_of for v in values if v in knowledge.brands} - {""}
    plain_names = {maker for maker in labels if maker in values and knowledge.brands[maker].own_of == maker}
    sub_labelled = {knowledge.brands[v].own_of for v in values if v in knowledge.brands and v not in plain_names}
    own = {v for v in values if v in knowledge.brands and knowledge.brands[v].own_of in supplied}
    own |= plain_names & sub_labelled
    return tuple(vote if vote.value not in own else vote._replace(strength=_default(vote.strength)) for vote in votes)


def demote_general_camera(votes: list[Vote]) -> list[Vote]:
    """Leave out moderate and weak "camera" clues where a strong one names another kind of video equipment.

    Door stations, encoders and recorders show the general traits of video transmitters as well.
    """
    if any(vote.value in _PARTICULAR and vote.strength in ("strong", "proof") for vote in votes):
        return [vote for vote in votes if vote.value != "camera" or vote.strength in ("strong", "proof")]
    return votes


def _default(strength: Strength) -> Strength:
    return "weak" if not is_witness(weaker(strength)) else weaker(weaker(strength))
