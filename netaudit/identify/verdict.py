"""Hits of one device to its answers. Equal sets of clues are weighed once: most devices of a site look alike."""

from collections.abc import Iterable
from dataclasses import dataclass
from typing import Final

from netaudit.identify.conflict import contradiction, same_model
from netaudit.identify.device import SURVEILLANCE_TYPES, Answer, Contradiction
from netaudit.identify.fuse import POSSIBLE, Ranked, fuse, grade
from netaudit.identify.hit import Hit, Vote
from netaudit.identify.knowledge import Knowledge
from netaudit.identify.lineage import demote_factory_labels, is_relabelled, label_votes
from netaudit.identify.model_codes import Decoded, decode
from netaudit.identify.resolve import TEXT_QUESTIONS

_REMEMBERED: Final = 50_000
_Votes = frozenset[Vote]


@dataclass(frozen=True, slots=True)
class Verdict:
    """The answers by id: maker, brand, type, whether relabelled, and the contradictions among them."""

    maker: Answer
    brand: Answer
    type: Answer
    relabelled: bool | None
    contradictions: tuple[Contradiction, ...]


@dataclass(frozen=True, slots=True)
class Texts:
    """The answers by text, the decoded model, and the contradiction about the model."""

    answers: dict[str, Answer]
    decoded: Decoded
    contradictions: tuple[Contradiction, ...]


class Judge:
    """Weighs the hits of devices against one knowledge."""

    def __init__(self, knowledge: Knowledge) -> None:
        self._knowledge = knowledge
        self._verdicts: dict[tuple[_Votes, frozenset[tuple[str, str]]], Verdict] = {}
        self._decoded: dict[tuple[str, str | None, str | None], Decoded] = {}

    def judge(self, hits: Iterable[Hit]) -> tuple[Verdict, Texts]:
        """Return the answers for the hits of one device."""
        hits = tuple(hits)
        votes = frozenset([vote for hit in hits for vote in hit.votes])
        generic = frozenset((hit.generic, hit.layer) for hit in hits if hit.generic)
        first = self._verdict(votes, generic)
        texts = self._texts(hits, first)
        model_vote = _type_vote(texts, hits)
        if model_vote is None:
            return first, texts
        return self._verdict(votes | {model_vote}, generic), texts

    def _verdict(self, votes: _Votes, generic: frozenset[tuple[str, str]]) -> Verdict:
        key = (votes, generic)
        found = self._verdicts.get(key)
        if found is None:
            if len(self._verdicts) >= _REMEMBERED:
                self._verdicts.clear()
            found = self._verdicts[key] = _decide(votes, generic, self._knowledge)
        return found

    def _texts(self, hits: tuple[Hit, ...], verdict: Verdict) -> Texts:
        votes: dict[str, list[Vote]] = {}
        for hit in hits:
            for vote in hit.texts:
                votes.setdefault(vote.question, []).append(vote)
        ranked = {question: fuse(question, items) for question, items in votes.items()}
        maker, brand = verdict.maker.value, verdict.brand.value
        models = sorted(ranked.get("model", ()), key=lambda item: not self._decode(item.value, maker, brand).meaning)
        answers = {question: _answer(ranked.get(question, ())) for question in TEXT_QUESTIONS}
        if models and models[0].confidence >= POSSIBLE:
            answers["model"] = _answer(models[:1])
        model = answers["model"].value
        decoded = self._decode(model, maker, brand) if model else Decoded("", {}, "")
        clash = None if same_model(item.value for item in models) else contradiction("model", models)
        return Texts(answers, decoded, (clash,) if clash else ())

    def _decode(self, model: str, maker: str | None, brand: str | None) -> Decoded:
        key = (model, maker, brand)
        found = self._decoded.get(key)
        if found is None:
            if len(self._decoded) >= _REMEMBERED:
                self._decoded.clear()
            name = self._knowledge.brands[brand].name if brand else None
            found = self._decoded[key] = decode(model, maker, name, self._knowledge.model_rows)
        return found


def _type_vote(texts: Texts, hits: tuple[Hit, ...]) -> Vote | None:
    """A model code that could be read says the type, as one more statement of the layer that showed the model."""
    if not texts.decoded.type:
        return None
    model = texts.answers["model"].value
    layer = min(vote.layer for hit in hits for vote in hit.texts if vote.question == "model" and vote.value == model)
    return Vote("type", texts.decoded.type, layer, "strong")


def _decide(votes: _Votes, generic: frozenset[tuple[str, str]], knowledge: Knowledge) -> Verdict:
    by_question: dict[str, list[Vote]] = {"maker": [], "brand": [], "type": []}
    for vote in sorted(votes):
        by_question[vote.question].append(vote)
    types = fuse("type", by_question["type"])
    brands = fuse("brand", demote_factory_labels(tuple(by_question["brand"]), knowledge))
    brand = brands[0] if brands else None
    direct = by_question["maker"]
    if types and types[0].confidence >= POSSIBLE and types[0].value in SURVEILLANCE_TYPES:
        # A giant's block supports its owner only where something else says that this is surveillance equipment.
        direct = direct + [Vote("maker", name, layer, "weak") for name, layer in sorted(generic)]
    makers = fuse("maker", [*direct, *label_votes(brand, direct, knowledge)])
    maker_answer, brand_answer = _maker(makers, knowledge), _brand(brands, knowledge)
    found = (
        contradiction("maker", makers, lambda name: _maker_name(name, knowledge)),
        contradiction("brand", brands, lambda name: knowledge.brands[name].name),
        contradiction("type", types),
    )
    return Verdict(
        maker_answer, brand_answer, _type(types),
        is_relabelled(maker_answer.value, brand_answer.value, knowledge),
        tuple(item for item in found if item is not None),
    )  # fmt: skip


def _answer(ranked: Iterable[Ranked]) -> Answer:
    best = next(iter(ranked), None)
    if best is None or best.confidence < POSSIBLE:
        return Answer()
    return Answer(best.value, best.confidence)


def _type(ranked: tuple[Ranked, ...]) -> Answer:
    answer = _answer(ranked)
    return answer if answer.value else Answer("unknown")


def _maker(ranked: tuple[Ranked, ...], knowledge: Knowledge) -> Answer:
    answer = _answer(ranked)
    if answer.value is None:
        return Answer(grade="unknown")
    return Answer(answer.value, answer.confidence, knowledge.makers[answer.value].name, grade(ranked[0]))


def _maker_name(name: str, knowledge: Knowledge) -> str:
    maker = knowledge.makers[name]
    return maker.short or maker.name


def _brand(ranked: tuple[Ranked, ...], knowledge: Knowledge) -> Answer:
    answer = _answer(ranked)
    return (
        answer if answer.value is None else Answer(answer.value, answer.confidence, knowledge.brands[answer.value].name)
    )
