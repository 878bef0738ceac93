"""Observations in, devices out: pure, deterministic, every answer with its reasons."""

import gc
from collections.abc import Iterable, Iterator, Mapping, Sequence
from contextlib import contextmanager
from typing import Final, NamedTuple, TypeVar

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

_T = TypeVar("_T", str, int)


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
    hits = _hits(unit, clones)
    verdict, texts = judge.judge(hits)
    contradictions = verdict.contradictions + texts.contradictions
    signatures = _signatures(hits, verdict.derived) if contradictions else {}
    traits: Mapping[str, str] = texts.decoded.traits
    answers = {"type": verdict.type, "maker": verdict.maker, "brand": verdict.brand, **texts.answers}
    return Device(
        device=name,
        subject=next((s.subject for s in group if s.subject), None),
        addresses=addresses,
        macs=_ordered([s.macs for s in group if s.macs]),
        ports=_ordered([s.ports for s in group if s.ports]),
        **(mark(answers, typed) if typed else answers),
        relabelled=verdict.relabelled,
        contradictions=tuple([_sign(item, signatures) for item in contradictions]),
        reasons=_reasons(hits, verdict.derived),
        site=next((s.site for s in reversed(group) if s.site), ""),
        names=tuple(dict.fromkeys([text for s in group if s.names for text in s.names]))[:_MAX_NAMES],
        traits=traits,
        first_seen=group[0].at,
        last_seen=group[-1].at,
        observations=(*[s.id for s in group], *[statement.id for statement, _ in typed]),
    )


def _ordered(told: list[tuple[_T, ...]]) -> tuple[_T, ...]:
    """All that was told, each once, in order; most units tell a thing once, or the same again."""
    if len(told) == 1 and len(told[0]) == 1:
        return told[0]
    return tuple(sorted(set[_T]().union(*told)))


def _hits(unit: _Unit, clones: frozenset[str]) -> dict[Hit, str]:
    """Return the hits of a device in the order they came, each with the first observation that showed it."""
    hits: dict[Hit, str] = {}
    for sighting in unit.group:
        heard = sighting.id
        for hit in sighting.hits:
            if hit not in hits:
                hits[hit] = heard
    if clones:
        hits = {without_clone(hit, clones): heard for hit, heard in hits.items()}
    return hits | {hit: statement.id for statement, hit in unit.typed} if unit.typed else hits


def _reasons(hits: Mapping[Hit, str], derived: Sequence[Derived]) -> tuple[Reason, ...]:
    """One reason for each thing that a signature saw; the first observation that showed it stands for all."""
    if len({(hit.signature, hit.saw) for hit in hits}) < len(hits):
        seen: dict[tuple[str, str], tuple[Hit, str]] = {}
        for hit, heard in hits.items():
            seen.setdefault((hit.signature, hit.saw), (hit, heard))
        hits = dict(seen.values())
    reasons = [Reason(heard, hit.signature, hit.says, hit.strength, hit.saw, hit.layer) for hit, heard in hits.items()]
    shown: dict[tuple[str, str], str] = {}
    for item in derived:
        if item.source not in shown:
            shown[item.source] = _shown(item.source, hits)
        vote = item.vote
        reasons.append(Reason(shown[item.source], item.signature, item.says, vote.strength, item.saw, vote.layer))
    return tuple(reasons)


def _shown(source: tuple[str, str], hits: Mapping[Hit, str]) -> str:
    """The observation that showed the label or the model code: what followed from it rests on it."""
    question, value = source
    return next(heard for hit, heard in hits.items() if hit.says.get(question) == value)


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
