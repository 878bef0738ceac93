"""Sightings in parts that share no device: each part can be merged by itself, so that not all need be in memory.

Every sighting has a home: what it certainly belongs to (subject, address with site, recorder channel, MAC). Homes that
show a common key, or claim one address, are linked, and linked homes stay in one part. All that `merge` and
`device_ids` compare lies within one home or among linked ones.
"""

from array import array
from collections.abc import Iterable, Iterator
from typing import Final

from netaudit.identify.sighting import Sighting, place_of
from netaudit.identify.spill import Buckets, Spill

HELD: Final = 65_536
"""Sightings that are held in memory; from the next on all are written to disk."""
_BUCKETS: Final = 256
_TOGETHER: Final = 32


def parts(sightings: Iterable[Sighting], spill: Spill, held: int = HELD) -> Iterator[list[Sighting]]:
    """Yield all sightings, once each, in parts that share no device: in one part where there are few."""
    first: dict[str, Sighting] = {}
    rest = iter(sightings)
    for sighting in rest:
        first.setdefault(sighting.id, sighting)
        if len(first) > held:
            break
    else:
        yield list(first.values())
        return
    spill.open()
    yield from _from_disk(_chained(first, rest), spill)


def _chained(first: dict[str, Sighting], rest: Iterator[Sighting]) -> Iterator[Sighting]:
    """Yield the sightings that were held, letting each go, then the rest."""
    while first:
        yield first.pop(next(iter(first)))
    yield from rest


def _from_disk(sightings: Iterator[Sighting], spill: Spill) -> Iterator[list[Sighting]]:
    homes, links = Buckets(spill, _TOGETHER), _Links()
    for sighting in sightings:
        home = hash(home_of(sighting))
        links.note(sighting, home)
        homes.add(home % _BUCKETS, sighting)
    linked, root = Buckets(spill, _TOGETHER), links.roots()
    for bucket in range(_BUCKETS):
        alone: dict[str, Sighting] = {}
        for sighting in homes.pop(bucket):
            home = hash(home_of(sighting))
            if home in root:
                linked.add(root[home] % _BUCKETS, sighting)
            else:
                alone.setdefault(sighting.id, sighting)
        yield list(alone.values())
    for bucket in range(_BUCKETS):
        yield list({sighting.id: sighting for sighting in linked.pop(bucket)}.values())


def home_of(sighting: Sighting) -> tuple[str, ...]:
    """Return what a sighting certainly belongs to; never finer than the pieces that `merge` begins with."""
    if sighting.subject:
        return ("subject", sighting.subject)
    if sighting.channel:
        return ("channel", sighting.site, sighting.channel)
    if place := place_of(sighting):
        return ("place", place)
    return ("mac", sighting.site, sighting.macs[0] if sighting.macs else sighting.id)


class _Links:
    """Which homes belong together, by hashes: two that are equal by chance only make a part larger."""

    def __init__(self) -> None:
        self._pairs = [array("q") for _ in range(_BUCKETS)]
        self._parent: dict[int, int] = {}
        self._last: set[tuple[int, int]] = set()

    def note(self, sighting: Sighting, home: int) -> None:
        """Note by which keys a home can be linked to others."""
        for key in sighting.keys:
            pair = (hash(key), home)
            if pair not in self._last:
                self._pairs[pair[0] % _BUCKETS].extend(pair)
                if len(self._last) >= _BUCKETS:
                    self._last.clear()
                self._last.add(pair)
        if (sighting.subject or sighting.channel) and (place := place_of(sighting)):
            self._join(home, hash(("place", place)))

    def roots(self) -> dict[int, int]:
        """Return, for every home that is linked to another, the home that stands for all of them."""
        while self._pairs:
            homes: dict[int, int] = {}
            pairs = iter(self._pairs.pop())
            for key, home in zip(pairs, pairs, strict=True):
                if homes.setdefault(key, home) != home:
                    self._join(homes[key], home)
        return {home: self._root(home) for home in self._parent}

    def _join(self, one: int, other: int) -> None:
        left, right = self._root(one), self._root(other)
        if left != right:
            self._parent[right] = left

    def _root(self, home: int) -> int:
        parent = self._parent
        while (above := parent.setdefault(home, home)) != home:
            parent[home] = home = parent.setdefault(above, above)
        return home
