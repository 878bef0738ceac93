"""What a person typed about a device ("this is a ..."): evidence with name and date, put before what was measured.

A statement never changes which observations belong together. It is attached to a finished device by the device's id;
where that has changed, by the serial or MAC the device had when somebody spoke of it; by its address last, and only
where no key speaks against it. It becomes the answer, and what was measured against it stays as a contradiction.
"""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import replace
from typing import Final

from netaudit.evidence.fields import every, first
from netaudit.evidence.observation import Observation
from netaudit.identify.device import Answer
from netaudit.identify.fuse import Ranked, fuse
from netaudit.identify.hit import Hit, Vote
from netaudit.identify.keys import Key, good_serial
from netaudit.identify.knowledge import Knowledge
from netaudit.identify.merge import Group
from netaudit.identify.oui import normal_mac
from netaudit.identify.resolve import ballots
from netaudit.identify.sighting import place_of
from netaudit.identify.signature import known_ids

STATEMENT: Final = "typed.statement"
"""Kind of the observation. Fields: any of maker, brand, type (ids), model, serial (texts); by, why; device, of_serial,
of_mac: which device is meant; withdraw: "yes" takes all earlier statements about this device back."""
ORIGIN: Final = "typed"
LAYER: Final = "typed"
QUESTIONS: Final = ("maker", "brand", "type", "model", "serial")
_SIGNATURE: Final = "typed-statement"
_LONGEST: Final = 128

Said = tuple[Observation, Hit]


def attach(
    statements: Iterable[Observation], names: Sequence[str], groups: Sequence[Group]
) -> dict[int, list[Observation]]:
    """Return the typed statements of each device (by its index), oldest first; what finds no device is left out."""
    index = _index(names, groups)
    found: dict[int, list[Observation]] = {}
    for statement in sorted(statements, key=lambda item: (item.at, item.id)):
        if (device := _device_of(statement, index, groups)) is not None:
            found.setdefault(device, []).append(statement)
    return found


def hits_of(statements: Sequence[Observation], knowledge: Knowledge) -> list[Said]:
    """Return each statement with its hit. The latest answer to a question counts; earlier ones are worth nothing."""
    out: list[Said] = []
    answered: set[str] = set()
    for statement in reversed(statements):
        says = {name: value for name, value in _says(statement, knowledge).items() if name not in answered}
        out.append((statement, _hit(statement, says)))
        answered |= set(QUESTIONS) if first(statement.fields, "withdraw") == "yes" else says.keys()
    return out[::-1]


def typed_first(question: str, votes: Iterable[Vote], ranked: tuple[Ranked, ...]) -> tuple[Ranked, ...]:
    """Put a typed value first: a person who has seen the unit is not outvoted. Unchanged where nothing was typed.

    Its confidence is that of the clues for it alone; the clues against it stay in the list, so that they show.
    """
    votes = [vote for vote in votes if vote.question == question]
    typed = next((v.value for v in votes if v.layer == LAYER and v.strength == "proof"), None)
    if typed is None:
        return ranked
    [alone] = fuse(question, [vote for vote in votes if vote.value == typed])
    others = (item for item in ranked if item.value != typed and item.layers.get(LAYER) != "proof")
    return (alone, *others)


def mark(answers: Mapping[str, Answer], said: Iterable[Said]) -> dict[str, Answer]:
    """Return the answers; those that somebody typed with "NAME on DATE" beside them."""
    out = dict(answers)
    for statement, hit in said:
        for question in hit.says.keys() & answers.keys():
            out[question] = replace(answers[question], typed=_who(statement))
    return out


def _says(statement: Observation, knowledge: Knowledge) -> dict[str, str]:
    """What the statement answers: ids that exist, and printable texts."""
    if statement.origin != ORIGIN:
        return {}
    known = known_ids(knowledge)
    said = {name: _clean(first(statement.fields, name)) for name in QUESTIONS}
    return {name: value for name, value in said.items() if value and value in known.get(name, (value,))}


def _hit(statement: Observation, says: Mapping[str, str]) -> Hit:
    votes, texts = ballots(says, LAYER, "proof")
    why = _clean(first(statement.fields, "why"))
    saw = f"typed by {_who(statement)}" + (f": {why}" if why else "")
    return Hit(_SIGNATURE, says, "proof" if says else "nothing", saw, LAYER, votes, texts)


def _who(statement: Observation) -> str:
    return f"{_clean(first(statement.fields, 'by')) or 'nobody named'} on {_clean(statement.at[:10])}"


def _clean(text: str) -> str:
    return "".join(character for character in text[:_LONGEST] if character.isprintable()).strip()


def _index(names: Sequence[str], groups: Sequence[Group]) -> dict[Key, int | None]:
    """Everything a device can be meant by, to its index; None where it means several."""
    index: dict[Key, int | None] = {}
    for number, (name, group) in enumerate(zip(names, groups, strict=True)):
        handles = {Key("id", name), *(key for sighting in group for key in sighting.keys)}
        handles |= {Key("subject", s.subject) for s in group if s.subject}
        handles |= {Key("place", place_of(s)) for s in group if s.ip}
        for handle in handles:
            index[handle] = None if handle in index else number
    return index


def _device_of(statement: Observation, index: Mapping[Key, int | None], groups: Sequence[Group]) -> int | None:
    fields, target = statement.fields, statement.target
    keys = [Key("serial", serial) for text in every(fields, "of_serial") if (serial := good_serial(text))]
    keys += [Key("mac", mac) for text in every(fields, "of_mac") if (mac := normal_mac(text))]
    sure = [Key("id", first(fields, "device")), Key("subject", statement.subject or ""), *keys]
    if (device := next((index[key] for key in sure if index.get(key) is not None), None)) is not None:
        return device
    there = index.get(Key("place", f"{target.get('site') or ''}|{target.get('ip') or ''}"))
    return None if there is None or _other_unit(keys, groups[there]) else there


def _other_unit(keys: Sequence[Key], group: Group) -> bool:
    """True when the unit at the address shows another serial or MAC than the unit that was spoken of."""
    shown = {key.type for sighting in group for key in sighting.keys}
    return any(key.type in shown for key in keys)
