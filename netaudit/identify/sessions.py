"""One address over time: which of its observations are of the same unit, where the unit was replaced or moved away."""

from collections.abc import Sequence
from dataclasses import dataclass, field
from typing import Final

from netaudit.identify.keys import Key
from netaudit.identify.sighting import Sighting

GAP: Final = 3600.0
"""Seconds after which an address may belong to another unit: longer than the questions to one host take."""


_SAME_WAY: Final = {"table.arp": "link.mac", "dhcp.lease": "link.mac"}
"""Kinds that tell a MAC as another kind does: a router's table of an address and our own must not both be right."""
_LISTED: Final = "table.asset"
"""What an inventory says of an address may be years old: it never overrides, nor is joined with, another MAC there."""

_Slot = tuple[str, str]


@dataclass(slots=True)
class _Session:
    members: list[Sighting] = field(default_factory=list)
    keys: set[Key] = field(default_factory=set)
    told: dict[_Slot, set[str]] = field(default_factory=dict)
    macs: set[str] = field(default_factory=set)
    mac_at: float = 0.0
    begin: float = 0.0
    end: float = 0.0

    def refuses(self, sighting: Sighting, moment: float) -> bool:
        """True when the sighting says another serial or MAC than this unit said in the same way, or long ago."""
        if clashes(self.told, told_by(sighting)):
            return True
        macs = {key.value for key in sighting.keys if key.type == "mac"}
        late = moment - self.mac_at > GAP or sighting.kind == _LISTED
        return bool(macs and self.macs) and macs.isdisjoint(self.macs) and late

    def take(self, sighting: Sighting, moment: float) -> None:
        """Add a sighting that belongs to this unit."""
        self.begin = min(self.begin, moment) if self.members else moment
        self.end = max(self.end, moment)
        self.members.append(sighting)
        self.keys.update(sighting.keys)
        for slot, values in told_by(sighting).items():
            self.told.setdefault(slot, set()).update(values)
        if macs := {key.value for key in sighting.keys if key.type == "mac"}:
            self.macs |= macs
            self.mac_at = moment

    def distance(self, moment: float) -> float:
        """Seconds between a moment and this session; 0 inside it."""
        return max(self.begin - moment, moment - self.end, 0.0)


def told_by(sighting: Sighting) -> dict[_Slot, set[str]]:
    """Return the serials and MACs that a sighting tells, by the way it tells them (its kind)."""
    told: dict[_Slot, set[str]] = {}
    for key in sighting.keys:
        if key.type != "endpoint":
            told.setdefault((_SAME_WAY.get(sighting.kind, sighting.kind), key.type), set()).add(key.value)
    return told


def clashes(told: dict[_Slot, set[str]], new: dict[_Slot, set[str]]) -> bool:
    """True when other serials or MACs are told in the same way."""
    return any(slot in told and told[slot].isdisjoint(values) for slot, values in new.items())


def is_steady(sightings: Sequence[Sighting]) -> bool:
    """True when the address never showed two MACs, or two serials told in the same way: the usual case."""
    keys = {key for sighting in sightings for key in sighting.keys}
    types = [key.type for key in keys]
    if types.count("mac") > 1:
        return False
    if types.count("serial") < 2:
        return True
    told: dict[_Slot, set[str]] = {}
    for new in map(told_by, sightings):
        if clashes(told, new):
            return False
        for slot, values in new.items():
            told.setdefault(slot, set()).update(values)
    return True


def split(
    sightings: Sequence[Sighting], elsewhere: dict[Key, list[tuple[float, str]]], place: str
) -> list[list[Sighting]]:
    """Split the sightings of one address into units.

    `elsewhere`: for each key seen at several addresses, its (moment, address) pairs.
    """
    ordered = sorted(sightings, key=lambda item: (item.kind == _LISTED, item.moment(), item.id))
    sessions: list[_Session] = []
    for sighting in ordered:
        if sighting.keys:
            _seat(sighting, sessions)
    for sighting in ordered:
        if not sighting.keys:
            _seat_keyless(sighting, sessions, elsewhere, place)
    return [session.members for session in sessions]


def _seat(sighting: Sighting, sessions: list[_Session]) -> None:
    moment = sighting.moment()
    keys = set(sighting.keys)
    sharing = [session for session in sessions if keys & session.keys and not session.refuses(sighting, moment)]
    open_ones = sharing or [session for session in sessions[-1:] if not session.refuses(sighting, moment)]
    session = open_ones[-1] if open_ones else _Session()
    if not open_ones:
        sessions.append(session)
    session.take(sighting, moment)


def _seat_keyless(
    sighting: Sighting, sessions: list[_Session], elsewhere: dict[Key, list[tuple[float, str]]], place: str
) -> None:
    moment = sighting.moment()
    nearest = min(sessions, key=lambda session: session.distance(moment), default=None)
    if nearest is None or (nearest.distance(moment) > GAP and _moved_away(nearest, moment, elsewhere, place)):
        nearest = _Session()
        sessions.append(nearest)
    nearest.take(sighting, moment)


def _moved_away(session: _Session, moment: float, elsewhere: dict[Key, list[tuple[float, str]]], place: str) -> bool:
    """True when the unit was seen at another address nearer to the moment than it was seen here."""
    reach = session.distance(moment)
    return any(
        there != place and abs(at - moment) < reach for key in session.keys for at, there in elsewhere.get(key, ())
    )
