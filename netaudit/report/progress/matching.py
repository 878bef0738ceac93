"""Which unit of a later run is which unit of an earlier one: by id, serial number, MAC; never by address alone."""

from collections.abc import Callable, Hashable, Iterable, Sequence

from netaudit.report.progress.snapshot import Unit


def same_units(old: Sequence[Unit], new: Sequence[Unit]) -> dict[int, int]:
    """Return pairs of the same unit as indexes: new to old. A key that several units of a run show tells nothing."""
    pairs: dict[int, int] = {}
    for keys in (_ids, _serials, _macs):
        known = _index(old, keys)
        taken = set(pairs.values())
        for place, unit in enumerate(new):
            if place in pairs:
                continue
            found = {known[key] for key in keys(unit) if known.get(key) is not None} - taken
            if len(found) == 1:
                pairs[place] = found.pop()  # type: ignore[assignment]
                taken.add(pairs[place])
    return pairs


def _index(units: Sequence[Unit], keys: Callable[[Unit], Iterable[Hashable]]) -> dict[Hashable, int | None]:
    index: dict[Hashable, int | None] = {}
    for place, unit in enumerate(units):
        for key in set(keys(unit)):
            index[key] = None if key in index else place
    return index


def _ids(unit: Unit) -> Iterable[Hashable]:
    return (unit.device.device,)


def _serials(unit: Unit) -> Iterable[Hashable]:
    # Makers number alike: a serial number tells a unit only together with its maker.
    serial = unit.device.serial.value
    return ((unit.device.maker.value, serial),) if serial else ()


def _macs(unit: Unit) -> Iterable[Hashable]:
    return unit.device.macs
