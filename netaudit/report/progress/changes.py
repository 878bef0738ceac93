"""What happened between two runs, unit by unit, and whether what was removed is back."""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from typing import Final, Literal, TypeAlias

from netaudit.report.message import Message, say
from netaudit.report.progress.matching import same_units
from netaudit.report.progress.snapshot import Snapshot, Unit

Kind: TypeAlias = Literal["gone", "not_looked_at", "replaced", "moved", "changed", "new", "back", "same"]
KINDS: Final[tuple[Kind, ...]] = ("back", "replaced", "gone", "not_looked_at", "new", "moved", "changed", "same")


@dataclass(frozen=True, slots=True)
class Change:
    """One unit between two runs. `old`: as it was; `new`: as it is, or what stands in its place.

    `not_looked_at`: not heard, where the later run did not look or was not whole: it may well be there.
    """

    kind: Kind
    old: Unit | None
    new: Unit | None
    what: tuple[Message, ...] = ()

    @property
    def unit(self) -> Unit:
        """The unit that the change is about: the later one where there is one."""
        found = self.new or self.old
        if found is None:
            raise ValueError("a change of nothing")
        return found


@dataclass(frozen=True, slots=True)
class Changes:
    """Everything between two runs. `alarms`: covered units that came in, makers that were removed and are back."""

    before: Snapshot
    after: Snapshot
    rows: tuple[Change, ...]
    alarms: tuple[Message, ...]

    def count(self, kind: Kind) -> int:
        """Return how many units this happened to."""
        return sum(row.kind == kind for row in self.rows)


def changes(before: Snapshot, after: Snapshot, earlier: Sequence[Snapshot] = ()) -> Changes:
    """Hold two runs against each other. `earlier`: runs before both, so that what comes back is known as such."""
    pairs = same_units(before.units, after.units)
    kept = {old: new for new, old in pairs.items()}
    fresh = [number for number in range(len(after.units)) if number not in pairs]
    past = [unit for run in earlier for unit in run.units]
    returned = set(same_units(past, [after.units[number] for number in fresh]))
    rows = [
        *(_kept(unit, after.units[kept[number]]) for number, unit in enumerate(before.units) if number in kept),
        *_others(before, after, kept, fresh, {fresh[place] for place in returned}),
    ]
    rows.sort(
        key=lambda row: (KINDS.index(row.kind), row.unit.device.site, row.unit.device.addresses, row.unit.device.device)
    )
    return Changes(before, after, tuple(rows), tuple(_alarms(before, after, earlier, rows)))


def _kept(old: Unit, new: Unit) -> Change:
    one, two = old.device, new.device
    what: list[Message] = []
    if one.site != two.site:
        what.append(say("diff.site", old=one.site or "–", new=two.site or "–"))
    if set(one.addresses).isdisjoint(two.addresses) and one.addresses and two.addresses:
        what.append(say("diff.address", old=", ".join(one.addresses), new=", ".join(two.addresses)))
    moved = bool(what)
    for key in ("maker", "brand", "model", "firmware"):
        was, now = getattr(one, key), getattr(two, key)
        if was.value != now.value:
            what.append(say(f"diff.{key}", old=was.name or was.value or "–", new=now.name or now.value or "–"))
    if old.status != new.status:
        what.append(say("diff.status", old=old.status, new=new.status))
    return Change("moved" if moved else "changed" if what else "same", old, new, tuple(what))


def _others(
    before: Snapshot, after: Snapshot, kept: dict[int, int], fresh: Sequence[int], returned: set[int]
) -> Iterator[Change]:
    at = {place: number for number in fresh for place in after.units[number].places}
    used: set[int] = set()
    for number, unit in enumerate(before.units):
        if number in kept:
            continue
        instead = next((at[place] for place in unit.places if place in at and at[place] not in used), None)
        if instead is not None:
            used.add(instead)
            yield Change("replaced", unit, after.units[instead])
        else:
            yield Change("gone" if after.looked_at(unit) else "not_looked_at", unit, None)
    for number in fresh:
        if number not in used:
            yield Change("back" if number in returned else "new", None, after.units[number])


def _alarms(
    before: Snapshot, after: Snapshot, earlier: Sequence[Snapshot], rows: Sequence[Change]
) -> Iterator[Message]:
    for row in rows:
        if row.new and row.new.banned and row.kind in ("new", "back", "replaced"):
            yield say(f"alarm.{row.kind}", unit=label(row.new), site=row.new.device.site or "–")
    now, then = _makers(after), _makers(before)
    once = {pair: name for run in earlier for pair, name in _makers(run).items()}
    for (site, maker), name in now.items():
        if (site, maker) in once and (site, maker) not in then:
            yield say("alarm.maker", maker=name, site=site or "–")


def _makers(run: Snapshot) -> dict[tuple[str, str], str]:
    """Return site and maker of the banned units, with the maker's name."""
    units = (unit.device for unit in run.units if unit.banned and unit.device.maker.value)
    return {(d.site, str(d.maker.value)): d.maker.name or str(d.maker.value) for d in units}


def label(unit: Unit) -> str:
    """Return what a person calls the unit: label or maker, model, address."""
    device = unit.device
    maker = device.brand.name or device.brand.value or device.maker.name or device.maker.value
    words = (maker, device.model.value, device.addresses[0] if device.addresses else device.device)
    return " ".join(word for word in words if word)
