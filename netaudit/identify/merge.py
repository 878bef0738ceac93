"""Observations to devices: what belongs together, by subject, serial, endpoint, MAC, and address with site.

A key joins only where it can tell units apart: blank and default serials, private MACs and keys that several units show
at once (cloned cameras, a router's MAC in front of many) join nothing.
"""

from collections import Counter, defaultdict
from collections.abc import Iterable
from operator import attrgetter
from typing import NamedTuple

from netaudit.identify.keys import Key
from netaudit.identify.sessions import is_steady, split
from netaudit.identify.shared import in_several, shared_keys
from netaudit.identify.sighting import Sighting, place_of

Group = tuple[Sighting, ...]

_MOMENT = attrgetter("at", "id")


class Merged(NamedTuple):
    """The lines of each device, and the keys that several devices show at once (such a MAC says nothing)."""

    groups: list[Group]
    shared: frozenset[Key]


def merge(sightings: Iterable[Sighting]) -> Merged:
    """Group sightings by device; groups and their members come in an order that only depends on the content."""
    units = _units(list(sightings))
    common = in_several(units)
    barred = shared_keys(units, common)
    groups = _join(units, common - barred)
    ordered = [tuple(sorted(group, key=_MOMENT) if len(group) > 1 else group) for group in groups]
    return Merged(sorted(ordered, key=lambda group: (group[0].at, group[0].id)), barred)


def _units(sightings: list[Sighting]) -> list[list[Sighting]]:
    """The pieces that are certainly one device: a subject, one unit at one address, or a single line."""
    subjects: dict[str, list[Sighting]] = defaultdict(list)
    places: dict[str, list[Sighting]] = defaultdict(list)
    loose: list[list[Sighting]] = []
    for sighting in sightings:
        if sighting.subject:
            subjects[sighting.subject].append(sighting)
        elif (place := place_of(sighting)) and not sighting.channel:
            places[place].append(sighting)
        else:
            loose.append([sighting])
    elsewhere = _wanderers(places)
    units = list(subjects.values())
    for place, members in places.items():
        if len(members) == 1:
            units.append(members)
            continue
        wanders = bool(elsewhere) and any(key in elsewhere for sighting in members for key in sighting.keys)
        units += [members] if not wanders and is_steady(members) else split(members, elsewhere, place)
    return units + _channels(loose, places)


def _wanderers(places: dict[str, list[Sighting]]) -> dict[Key, list[tuple[float, str]]]:
    first: dict[Key, str] = {}
    moving: set[Key] = set()
    for place, members in places.items():
        for sighting in members:
            for key in sighting.keys:
                if first.setdefault(key, place) != place:
                    moving.add(key)
    seen: dict[Key, list[tuple[float, str]]] = {key: [] for key in moving}
    if moving:
        for place, members in places.items():
            for sighting in members:
                for key in moving.intersection(sighting.keys):
                    seen[key].append((sighting.moment(), place))
    return seen


def _channels(loose: list[list[Sighting]], places: dict[str, list[Sighting]]) -> list[list[Sighting]]:
    """Join the lines of one recorder channel, and those of one MAC that has no address."""
    grouped: dict[str, list[Sighting]] = defaultdict(list)
    for [sighting] in loose:
        if sighting.channel:
            grouped[f"channel|{sighting.site}|{sighting.channel}|{sighting.ip}"].append(sighting)
        else:
            grouped[f"{sighting.site}|{sighting.macs[0] if sighting.macs else sighting.id}"].append(sighting)
    return list(grouped.values())


def _join(units: list[list[Sighting]], joining: frozenset[Key]) -> list[list[Sighting]]:
    """Union units over the joining keys; two subjects never become one device."""
    parent = list(range(len(units)))
    subject = [next((s.subject for s in unit if s.subject), None) for unit in units]

    def root(index: int) -> int:
        while parent[index] != index:
            parent[index] = parent[parent[index]]
            index = parent[index]
        return index

    holders: dict[Key, int] = {}
    handles = _handles(units, joining)
    for index in sorted(handles, key=lambda i: min(s.id for s in units[i])):
        for handle in sorted(handles[index]):
            left, right = root(holders.setdefault(handle, index)), root(index)
            if left == right or (subject[left] and subject[right] and subject[left] != subject[right]):
                continue
            parent[right] = left
            subject[left] = subject[left] or subject[right]
    joined: dict[int, list[Sighting]] = defaultdict(list)
    for index, unit in enumerate(units):
        joined[root(index)] += unit
    return list(joined.values())


def _handles(units: list[list[Sighting]], joining: frozenset[Key]) -> dict[int, set[Key]]:
    """What a unit can be joined by: keys that others show too, and an address where it is clear whose it is."""
    out: dict[int, set[Key]] = defaultdict(set)
    for index, unit in enumerate(units):
        if joining and (keys := joining.intersection([key for sighting in unit for key in sighting.keys])):
            out[index] |= keys
    guests = [index for index, unit in enumerate(units) if unit[0].subject or unit[0].channel]
    if guests:
        for index, places in _clear_places(units).items():
            out[index] |= {Key("place", place) for place in places}
    return out


def _clear_places(units: list[list[Sighting]]) -> dict[int, set[str]]:
    """Addresses that at most one subject and one other unit hold; a reported channel without keys may claim them."""
    own = [{place for s in unit if not s.channel and (place := place_of(s))} for unit in units]
    plain, subjects = Counter[str](), Counter[str]()
    for unit, places in zip(units, own, strict=True):
        (subjects if unit[0].subject else plain).update(places)
    out: dict[int, set[str]] = {}
    at = _holders(units, own)
    for index, (unit, places) in enumerate(zip(units, own, strict=True)):
        reported = {place for s in unit if s.channel and (place := place_of(s)) and not _clash(unit, at.get(place, ()))}
        claimed = {place for place in places | reported if plain[place] + subjects[place]}
        out[index] = {place for place in claimed if plain[place] < 2 and subjects[place] < 2}
    return out


def _holders(units: list[list[Sighting]], own: list[set[str]]) -> dict[str, list[Sighting]]:
    """Address to what was seen there directly."""
    found: dict[str, list[Sighting]] = defaultdict(list)
    for unit, places in zip(units, own, strict=True):
        for place in places:
            found[place] += unit
    return found


def _clash(reported: Iterable[Sighting], seen: Iterable[Sighting]) -> bool:
    """True where a recorder's word on a camera and what answers at its address are of two units: another serial or MAC.

    A recorder's own camera network may use the same private addresses as ours.
    """
    told, found = _of_type(reported), _of_type(seen)
    return any(kind in found and found[kind].isdisjoint(values) for kind, values in told.items())


def _of_type(sightings: Iterable[Sighting]) -> dict[str, set[str]]:
    found: dict[str, set[str]] = defaultdict(set)
    for sighting in sightings:
        for key in sighting.keys:
            found[key.type].add(key.value)
    return found
