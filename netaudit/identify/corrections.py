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


class Statements:
    """Typed statements, and which of the devices that are shown to them each one means."""

    def __init__(self, statements: Iterable[Observation]) -> None:
        self._statements = sorted(statements, key=lambda item: (item.at, item.id))
        self._wanted = {handle for item in self._statements for handle in (*_sure(item), _there(item))}
        self._holders: dict[Key, str | None] = {}
        self._shown: dict[str, set[str]] = {}

    def __bool__(self) -> bool:
        return bool(self._statements)

    def show(self, name: str, group: Group) -> None:
        """Show a device by its id and its lines."""
        handles = {Key("id", name), *(key for sighting in group for key in sighting.keys)}
        handles |= {Key("subject", s.subject) for s in group if s.subject}
        handles |= {Key("place", place_of(s)) for s in group if s.ip}
        for handle in handles & self._wanted:
            # What means several devices means none.
            self._holders[handle] = None if handle in self._holders else name
            self._shown[name] = {key.type for sighting in group for key in sighting.keys}

    def by_device(self) -> dict[str, list[Observation]]:
        """Return the statements of each device, oldest first; what finds no device is left out."""
        found: dict[str, list[Observation]] = {}
        for statement in self._statements:
            if (device := self._device_of(statement)) is not None:
                found.setdefault(device, []).append(statement)
        return found

    def _device_of(self, statement: Observation) -> str | None:
        for handle in _sure(statement):
            if (device := self._holders.get(handle)) is not None:
                return device
        there = self._holders.get(_there(statement))
        # Another serial or MAC at the address than the one that was spoken of is another unit.
        other = there is not None and any(key.type in self._shown[there] for key in _keys(statement))
        return None if other else there


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


def _keys(statement: Observation) -> list[Key]:
    fields = statement.fields
    keys = [Key("serial", serial) for text in every(fields, "of_serial") if (serial := good_serial(text))]
    return keys + [Key("mac", mac) for text in every(fields, "of_mac") if (mac := normal_mac(text))]


def _sure(statement: Observation) -> list[Key]:
    """What a device can be meant by, wherever it is now; the best first."""
    device = Key("id", first(statement.fields, "device"))
    return [device, Key("subject", statement.subject or ""), *_keys(statement)]


def _there(statement: Observation) -> Key:
    return Key("place", f"{statement.target.get('site') or ''}|{statement.target.get('ip') or ''}")
