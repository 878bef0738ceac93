"""Observations in, devices out: pure, deterministic, every answer with its reasons."""

import gc
from collections.abc import Iterable, Iterator, Mapping, Sequence
from contextlib import contextmanager
from typing import Final, NamedTuple

from netaudit.evidence.observation import Observation
from netaudit.identify.corrections import STATEMENT, Said, Statements, hits_of, mark
from netaudit.identify.device import Contradiction, Device, Reason, Side
from netaudit.identify.device_id import device_ids
from netaudit.identify.hit import Hit
from netaudit.identify.knowledge import Knowledge
from netaudit.identify.mac_clue import without_clone
from netaudit.identify.match import Matcher, matcher_for
from netaudit.identify.merge import Group, merge
from netaudit.identify.parts import HELD, parts
from netaudit.identify.shelf import Shelf
from netaudit.identify.sighting import Sighting, sight
from netaudit.identify.spill import Spill
from netaudit.identify.verdict import Derived, Judge

_MAX_NAMES: Final = 8


def identify(observations: Iterable[Observation], knowledge: Knowledge) -> list[Device]:
    """Identify the devices behind observations. Same observations, in whatever order: the same devices.

    Devices come sorted by their first address, then by id. Never raises for anything a network can send.
    """
    with _collector_paused():
        return list(identified(observations, knowledge))


def identified(observations: Iterable[Observation], knowledge: Knowledge, held: int = HELD) -> Iterator[Device]:
    """Yield what `identify` returns, each device made when it is asked for: they need not be in memory at once.

    `held`: the most observations that are kept in memory; from the next on they are kept in a temporary file.
    """
    with Spill() as spill, _heap_left_alone():
        with _collector_paused():
            heard = _heard(observations, knowledge, spill, held)
            gc.freeze()
        judge = Judge(knowledge)
        for name, group in heard.shelf.in_order():
            yield _device(_Unit(name, _addresses(group), group, heard.typed.get(name, ())), judge, heard.clones)


class _Unit(NamedTuple):
    """One device, before it is judged. `typed`: what people said of it."""

    name: str
    addresses: tuple[str, ...]
    group: Group
    typed: Sequence[Said]


class _Heard(NamedTuple):
    """The devices heard of, what people said of them by name, and the MACs that several of them show at once."""

    shelf: Shelf
    typed: dict[str, list[Said]]
    clones: frozenset[str]


def _heard(observations: Iterable[Observation], knowledge: Knowledge, spill: Spill, held: int) -> _Heard:
    said: dict[str, Observation] = {}
    shelf, statements, clones = Shelf(spill), Statements(()), set[str]()
    for part in parts(_sightings(observations, matcher_for(knowledge), said), spill, held):
        if said and not statements:
            statements = Statements(said.values())  # all have come: the first part is made when everything was read
        groups, shared = merge(part)
        clones |= {key.value for key in shared if key.type == "mac"}
        for name, group in zip(device_ids(groups, shared), groups, strict=True):
            shelf.put(name, next(iter(_addresses(group)), ""), group)
            if statements:
                statements.show(name, group)
    typed = {name: hits_of(found, knowledge) for name, found in statements.by_device().items()}
    return _Heard(shelf, typed, frozenset(clones))


def _sightings(
    observations: Iterable[Observation], matcher: Matcher, said: dict[str, Observation]
) -> Iterator[Sighting]:
    """Yield what was heard; what was typed goes to `said`, by id."""
    for observation in observations:
        if observation.kind == STATEMENT:
            said[observation.id] = observation
        else:
            yield sight(observation, matcher)


@contextmanager
def _collector_paused() -> Iterator[None]:
    """Many small objects and no cycles are made here: looking for cycles would double the time."""
    was_on = gc.isenabled()
    gc.disable()
    try:
        yield
    finally:
        if was_on:
            gc.enable()


@contextmanager
def _heap_left_alone() -> Iterator[None]:
    """What was read stays until the end and is frozen: the collector need not walk over it again and again."""
    try:
        yield
    finally:
        gc.unfreeze()


def _device(unit: _Unit, judge: Judge, clones: frozenset[str]) -> Device:
    name, addresses, group, typed = unit
    pairs = [(sighting.id, hit) for sighting in group for hit in sighting.hits]
    if clones:
        pairs = [(heard, without_clone(hit, clones)) for heard, hit in pairs]
    pairs += [(statement.id, hit) for statement, hit in typed]
    verdict, texts = judge.judge(dict.fromkeys([hit for _, hit in pairs]))
    signatures = (
        _signatures([hit for _, hit in pairs], verdict.derived)
        if verdict.contradictions or texts.contradictions
        else {}
    )
    traits: Mapping[str, str] = texts.decoded.traits
    answers = {"type": verdict.type, "maker": verdict.maker, "brand": verdict.brand, **texts.answers}
    return Device(
        device=name,
        subject=next((s.subject for s in group if s.subject), None),
        addresses=addresses,
        macs=tuple(sorted({mac for s in group for mac in s.macs})),
        ports=tuple(sorted({port for s in group for port in s.ports})),
        **(mark(answers, typed) if typed else answers),
        relabelled=verdict.relabelled,
        contradictions=tuple(_sign(item, signatures) for item in verdict.contradictions + texts.contradictions),
        reasons=_reasons(pairs, verdict.derived),
        site=next((s.site for s in reversed(group) if s.site), ""),
        names=tuple(dict.fromkeys([text for s in group for text in s.names]))[:_MAX_NAMES],
        traits=traits,
        first_seen=group[0].at,
        last_seen=group[-1].at,
        observations=(*[s.id for s in group], *[statement.id for statement, _ in typed]),
    )


def _reasons(pairs: list[tuple[str, Hit]], derived: Iterable[Derived]) -> tuple[Reason, ...]:
    """One reason for each thing that a signature saw; the first observation that showed it stands for all."""
    out: dict[tuple[str, str], Reason] = {}
    for heard, hit in pairs:
        key = (hit.signature, hit.saw)
        if key not in out:
            out[key] = Reason(heard, hit.signature, hit.says, hit.strength, hit.saw, hit.layer)
    return (*out.values(), *[_derived_reason(item, pairs) for item in derived])


def _derived_reason(item: Derived, pairs: list[tuple[str, Hit]]) -> Reason:
    """What followed from the label or the model code rests on the observation that showed it."""
    question, value = item.source
    shown = next(filter(lambda pair: pair[1].says.get(question) == value, pairs))[0]
    vote = item.vote
    return Reason(shown, item.signature, {vote.question: vote.value}, vote.strength, item.saw, vote.layer)


def _signatures(hits: Iterable[Hit], derived: Iterable[Derived]) -> dict[tuple[str, str], tuple[str, ...]]:
    """(question, value) to the signatures that said so."""
    out: dict[tuple[str, str], set[str]] = {}
    for hit in hits:
        for vote in hit.votes + hit.texts:
            out.setdefault((vote.question, vote.value), set()).add(hit.signature)
    for item in derived:
        out.setdefault((item.vote.question, item.vote.value), set()).add(item.signature)
    return {key: tuple(sorted(names)) for key, names in out.items()}


def _sign(item: Contradiction, signatures: Mapping[tuple[str, str], tuple[str, ...]]) -> Contradiction:
    sides = tuple(Side(side.value, side.layers, signatures.get((item.question, side.value), ())) for side in item.sides)
    return Contradiction(item.question, sides, item.text)


def _addresses(group: Group) -> tuple[str, ...]:
    """The addresses of a device, the latest first."""
    latest = {sighting.ip: sighting.at for sighting in group if sighting.ip}  # the group is in order of time
    if len(latest) < 2:
        return tuple(latest)
    return tuple(sorted(sorted(latest), key=latest.__getitem__, reverse=True))
