"""Keys that several units show: which may join them, and which must not because they tell no units apart."""

from collections import defaultdict
from collections.abc import Sequence
from typing import Final

from netaudit.identify.keys import Key
from netaudit.identify.sighting import Sighting, place_of

_MANY_MACS: Final = 3
"""A serial with so many MACs is a default that a whole series shares; two are a recorder with two network ports."""
_MANY_PLACES: Final = 4
"""A MAC at more addresses than this within an hour is a router's or a proxy's."""


def in_several(units: Sequence[Sequence[Sighting]]) -> frozenset[Key]:
    """The keys that more than one unit shows; no other key could join anything."""
    first: dict[Key, int] = {}
    common: set[Key] = set()
    for index, unit in enumerate(units):
        for sighting in unit:
            for key in sighting.keys:
                if first.setdefault(key, index) != index:
                    common.add(key)
    return frozenset(common)


def shared_keys(units: Sequence[Sequence[Sighting]], common: frozenset[Key]) -> frozenset[Key]:
    """Return the keys that several units show, so that they must not join anything. `common`: keys of several units.

    A MAC with two serials told in the same way, or at many addresses within an hour; a serial with three MACs; an
    endpoint with two serials or three MACs.
    """
    serials: dict[Key, dict[str, list[set[str]]]] = defaultdict(lambda: defaultdict(list))
    macs: dict[Key, set[str]] = defaultdict(set)
    places: dict[Key, set[str]] = defaultdict(set)
    for unit in units if common else ():
        _note(unit, common, serials, macs, places)
    crowded = {key for key, hours in places.items() if len(hours) > _MANY_PLACES and _crowded(hours)}
    many_serials = {key for key, kinds in serials.items() if any(len(units) > 1 for units in kinds.values())}
    many_macs = {key for key, values in macs.items() if len(values) >= _MANY_MACS}
    return frozenset(crowded | many_serials | many_macs) & common


def _note(
    unit: Sequence[Sighting],
    common: frozenset[Key],
    serials: dict[Key, dict[str, list[set[str]]]],
    macs: dict[Key, set[str]],
    places: dict[Key, set[str]],
) -> None:
    keys = {key for sighting in unit for key in sighting.keys}
    if common.isdisjoint(keys):
        return
    own = {key.value for key in keys if key.type == "mac"}
    told: dict[str, set[str]] = defaultdict(set)
    for sighting in unit:
        told[sighting.kind].update(key.value for key in sighting.keys if key.type == "serial")
    for key in keys:
        if key.type == "serial":
            macs[key] |= own
            continue
        for kind, values in told.items():
            _gather(serials[key][kind], values)
        if key.type == "endpoint":
            macs[key] |= own
    for sighting in unit:
        if not sighting.channel and "." in sighting.ip and not sighting.ip.startswith("169.254."):
            for key in sighting.keys:
                if key.type == "mac":
                    places[key].add(f"{sighting.at}|{place_of(sighting)}")


def _gather(units: list[set[str]], values: set[str]) -> None:
    """Add the serials of one unit: to the set that shares one with them, else as another unit's."""
    if values:
        for known in units:
            if not known.isdisjoint(values):
                known |= values
                return
        units.append(set(values))


def _crowded(sightings: set[str]) -> bool:
    hours: dict[str, set[str]] = defaultdict(set)
    for item in sightings:
        at, _, place = item.partition("|")
        hours[at[: len("2026-11-23T05")]].add(place)
    return any(len(found) > _MANY_PLACES for found in hours.values())
