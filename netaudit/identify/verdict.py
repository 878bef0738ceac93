"""Hits of one device to its answers. Equal sets of clues are weighed once: most devices of a site look alike."""

from collections.abc import Callable, Iterable, Mapping, Sequence
from functools import lru_cache
from typing import Final

from msgspec import Struct
from msgspec.structs import replace

from netaudit.identify.conflict import contradiction, layer_name
from netaudit.identify.corrections import LAYER, typed_first
from netaudit.identify.demote import demote_factory_labels, demote_general_camera
from netaudit.identify.device import SURVEILLANCE_TYPES, Answer, Contradiction, Strength
from netaudit.identify.fuse import POSSIBLE, Ranked, fuse, grade
from netaudit.identify.hit import Hit, Vote
from netaudit.identify.knowledge import Knowledge
from netaudit.identify.lineage import is_relabelled, label_votes
from netaudit.identify.model_codes import Decoded, decode
from netaudit.identify.resolve import TEXT_QUESTIONS
from netaudit.identify.spelling import rank_texts
from netaudit.identify.words import plain

_REMEMBERED: Final = 50_000
_CASES: Final = 8192
_UNREAD: Final = Decoded()
_NOTHING: Final = Answer()
_Votes = frozenset[Vote]
_Generic = frozenset[tuple[str, str]]


class Verdict(Struct, frozen=True):
    """The answers by id, the contradictions among them, and what followed from the label or the model code."""

    maker: Answer
    brand: Answer
    type: Answer
    relabelled: bool | None
    contradictions: tuple[Contradiction, ...]
    derived: tuple["Derived", ...] = ()


class Derived(Struct, frozen=True):
    """A statement that follows from an answer: the label's maker, the model code's type.

    `source`: (question, value) of the answer it follows from; its observations stand behind it.
    """

    signature: str
    saw: str
    source: tuple[str, str]
    vote: Vote
    says: Mapping[str, str]


class Texts(Struct, frozen=True):
    """The answers by text, the decoded model, and the contradiction about the model."""

    answers: dict[str, Answer]
    decoded: Decoded
    contradictions: tuple[Contradiction, ...]


_Clues = tuple[tuple[tuple[Vote, ...], ...], _Generic, tuple[Vote, ...]]
"""All that units of one series say alike: votes for ids, makers of generic blocks, votes for texts but the serial."""


class Judge:
    """Weighs the hits of devices against one knowledge."""

    def __init__(self, knowledge: Knowledge) -> None:
        self._knowledge = knowledge
        self._cases: dict[_Clues, tuple[Verdict, Texts]] = {}
        self._confidence: dict[frozenset[tuple[str, Strength]], float] = {}
        self._verdicts: dict[tuple[_Votes, _Generic, _Votes], Verdict] = {}
        self._decoded: dict[tuple[str, str | None, str | None], Decoded] = {}

    def judge(self, hits: Iterable[Hit]) -> tuple[Verdict, Texts]:
        """Return the answers for the hits of one device.

        Nothing but the answer to "which serial?" depends on the serials that were told: what units of a series say
        beside them is weighed once.
        """
        votes: list[tuple[Vote, ...]] = []
        generic: list[tuple[str, str]] = []
        texts: list[Vote] = []
        serials: list[Vote] = []
        for hit in hits:
            if hit.votes:
                votes.append(hit.votes)
            if hit.generic:
                generic.append((hit.generic, hit.layer))
            for vote in hit.texts:
                (serials if vote.question == "serial" else texts).append(vote)
        clues = (tuple(votes), frozenset(generic), tuple(texts))
        case = self._cases.get(clues)
        if case is None:
            if len(self._cases) >= _CASES:
                self._cases.clear()
            case = self._cases[clues] = self._weigh(clues)
        if not serials:
            return case
        verdict, told = case
        return verdict, Texts({**told.answers, "serial": self._serial(serials)}, told.decoded, told.contradictions)

    def _weigh(self, clues: _Clues) -> tuple[Verdict, Texts]:
        """Weigh all clues but the serials."""
        said, generic, texts = clues
        votes = frozenset([vote for some in said for vote in some])
        first = self._verdict(votes, generic)
        told = self._texts(texts, first)
        if not (code := _model_code(told, texts, self._knowledge)):
            return first, told
        second = self._verdict(votes, generic, frozenset(item.vote for item in code))
        return replace(second, derived=second.derived + code), told

    def _serial(self, votes: list[Vote]) -> Answer:
        """Weigh the serials. Mostly all say the same one: how sure it is depends on who says it only."""
        value = votes[0].value
        if len({vote.value for vote in votes}) > 1:
            return _answer(_ranked("serial", votes))
        witnesses = frozenset([(layer, strength) for _, _, layer, strength in votes])
        confidence = self._confidence.get(witnesses)
        if confidence is None:
            confidence = self._confidence[witnesses] = _answer(_ranked("serial", votes)).confidence
        return Answer(value, confidence) if confidence else _NOTHING

    def _verdict(self, votes: _Votes, generic: _Generic, code: _Votes = frozenset()) -> Verdict:
        key = (votes, generic, code)
        found = self._verdicts.get(key)
        if found is None:
            if len(self._verdicts) >= _REMEMBERED:
                self._verdicts.clear()
            found = self._verdicts[key] = _decide(votes, generic, code, self._knowledge)
        return found

    def _texts(self, told: Iterable[Vote], verdict: Verdict) -> Texts:
        votes: dict[str, list[Vote]] = {}
        for vote in told:
            votes.setdefault(vote.question, []).append(vote)
        maker, brand = verdict.maker.value, verdict.brand.value
        models = rank_texts("model", votes["model"]) if "model" in votes else ()
        if len(models) > 1:
            # Of several texts the one that is a known code of this maker is the model.
            models = tuple(sorted(models, key=lambda item: not self._decode(item.value, maker, brand).meaning))
        models = typed_first("model", votes.get("model", ()), models)
        answers = {question: _answer(_ranked(question, votes.get(question, ()))) for question in TEXT_QUESTIONS}
        answers["model"] = _answer(models)
        model = answers["model"].value
        decoded = self._decode(model, maker, brand) if model else _UNREAD
        clash = contradiction("model", models) if len(models) > 1 else None
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


def _ranked(question: str, votes: Sequence[Vote]) -> tuple[Ranked, ...]:
    """Weigh the texts told for one question; what a person typed goes first."""
    ranked = rank_texts(question, votes) if votes else ()
    return typed_first(question, votes, ranked) if any(vote.layer == LAYER for vote in votes) else ranked


def _model_code(texts: Texts, votes: Iterable[Vote], knowledge: Knowledge) -> tuple[Derived, ...]:
    """A model code that could be read says the type and a hint of the label, in the layer that showed the model."""
    model, decoded = texts.answers["model"].value, texts.decoded
    if model is None or not (decoded.type or decoded.brand):
        return ()
    layer = min(vote.layer for vote in votes if vote.question == "model" and vote.value == model)
    said = [Vote("type", decoded.type, layer, "strong")] if decoded.type else []
    if brand := knowledge.brand_names.get(plain(decoded.brand)):
        # Neutral units keep the factory's own codes, a reseller's code is his alone.
        said.append(Vote("brand", brand, layer, "weak" if knowledge.brands[brand].own_of else "moderate"))
    source = ("model", model)
    return tuple(Derived(f"model-code-{v.question}", model, source, v, {v.question: v.value}) for v in said)


def _decide(votes: _Votes, generic: _Generic, code: _Votes, knowledge: Knowledge) -> Verdict:
    types = typed_first("type", votes | code, fuse("type", demote_general_camera(_on("type", votes | code))))
    direct = _on("maker", votes)
    if types and types[0].confidence >= POSSIBLE and types[0].value in SURVEILLANCE_TYPES:
        # A giant's block supports its owner only where something else says that this is surveillance equipment.
        direct += [Vote("maker", name, layer, "weak") for name, layer in sorted(generic)]
    # The model code was read inside the maker's range: it may name the label, but not lead back to the maker.
    shown = _brands(votes, knowledge)
    brands = _brands(votes | code, knowledge) if code else shown
    labels = label_votes(shown[0] if shown else None, direct, knowledge)
    makers = typed_first("maker", [*direct, *labels], fuse("maker", [*direct, *labels]))
    maker_answer, brand_answer = _maker(makers, knowledge), _brand(brands, knowledge)
    found = (
        contradiction("maker", makers, lambda name: _maker_name(name, knowledge), _witness(labels, direct)),
        contradiction("brand", brands, lambda name: knowledge.brands[name].name),
        contradiction("type", types),
    )
    return Verdict(
        maker_answer, brand_answer, _type(types),
        is_relabelled(maker_answer.value, brand_answer.value, knowledge),
        tuple(item for item in found if item is not None),
        tuple(_from_label(vote, shown[0], knowledge) for vote in labels),
    )  # fmt: skip


def _on(question: str, votes: _Votes) -> list[Vote]:
    return sorted(vote for vote in votes if vote.question == question)


def _brands(votes: _Votes, knowledge: Knowledge) -> tuple[Ranked, ...]:
    ranked = fuse("brand", demote_factory_labels(tuple(_on("brand", votes)), knowledge))
    return typed_first("brand", votes, ranked)


def _witness(labels: tuple[Vote, ...], direct: list[Vote]) -> Callable[[str, str], str]:
    """What follows from the label is called the label's word, not that of the layer which showed it."""
    plain_layers = {(vote.value, vote.layer) for vote in direct}
    by_label = {(vote.value, vote.layer) for vote in labels} - plain_layers
    return lambda value, layer: "label" if (value, layer) in by_label else layer_name(layer)


def _from_label(vote: Vote, brand: Ranked, knowledge: Knowledge) -> Derived:
    name = knowledge.brands[brand.value].name
    return Derived(f"label-{brand.value}", name, ("brand", brand.value), vote, {vote.question: vote.value})


def _answer(ranked: tuple[Ranked, ...]) -> Answer:
    if not ranked or ranked[0].confidence < POSSIBLE:
        return _NOTHING
    return _known_answer(ranked[0].value, ranked[0].confidence)


@lru_cache(maxsize=1024)
def _known_answer(value: str, confidence: float) -> Answer:
    return Answer(value, confidence)


def _type(ranked: tuple[Ranked, ...]) -> Answer:
    answer = _answer(ranked)
    return answer if answer.value else Answer("unknown")


def _maker(ranked: tuple[Ranked, ...], knowledge: Knowledge) -> Answer:
    answer = _answer(ranked)
    if answer.value is None:
        return Answer(grade="unknown")
    return Answer(answer.value, answer.confidence, knowledge.makers[answer.value].name, grade(ranked))


def _maker_name(name: str, knowledge: Knowledge) -> str:
    maker = knowledge.makers[name]
    return maker.short or maker.name


def _brand(ranked: tuple[Ranked, ...], knowledge: Knowledge) -> Answer:
    answer = _answer(ranked)
    return (
        answer if answer.value is None else Answer(answer.value, answer.confidence, knowledge.brands[answer.value].name)
    )
