"""Which units go together: a recorder and the cameras behind it, sites apart, deadlines first."""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from typing import Final

from netaudit.plan.model import PriorityPart
from netaudit.plan.needs import Need
from netaudit.plan.priority import score

NO_DEADLINE: Final = "9999"


@dataclass(frozen=True, slots=True)
class Ranked:
    """A need with its priority and the recorder it hangs on, "" where that one is not in the plan."""

    need: Need
    parts: tuple[PriorityPart, ...]
    recorder: str = ""

    @property
    def id(self) -> str:
        """The device's id."""
        return self.need.device.device

    @property
    def score(self) -> int:
        """The sum of the parts."""
        return score(self.parts)


@dataclass(frozen=True, slots=True)
class Group:
    """Units that go in one phase, the recorder first. The site is the recorder's."""

    units: tuple[Ranked, ...]

    @property
    def site(self) -> str:
        """The site of the first unit."""
        return self.units[0].need.device.site

    @property
    def rank(self) -> tuple[str, int, str]:
        """Sort key: earliest deadline, then highest score, then id."""
        return (
            min(unit.need.deadline or NO_DEADLINE for unit in self.units),
            -max(unit.score for unit in self.units),
            self.units[0].id,
        )


@dataclass(frozen=True, slots=True)
class Batch:
    """Groups of one site that make one replacement phase. `part`: its number where the site takes several, else 0."""

    site: str
    groups: tuple[Group, ...]
    part: int = 0

    @property
    def rank(self) -> tuple[str, bool, int, str, int]:
        """Sort key: deadlines first, a site without a name last among equals, then by score and name."""
        deadline, score, _ = self.groups[0].rank
        return deadline, not self.site, score, self.site, self.part


def batches(units: Sequence[Ranked], max_units: int) -> list[Batch]:
    """Arrange the units into replacement phases, in their order. No group is parted, however large."""
    by_site: dict[str, list[Group]] = {}
    for group in grouped(units):
        by_site.setdefault(group.site, []).append(group)
    rows = [batch for site, groups in by_site.items() for batch in _of_site(site, groups, max_units)]
    return sorted(rows, key=lambda batch: batch.rank)


def _of_site(site: str, groups: list[Group], max_units: int) -> list[Batch]:
    parts = _cut(sorted(groups, key=lambda group: group.rank), max_units)
    return [Batch(site, tuple(part), number if len(parts) > 1 else 0) for number, part in enumerate(parts, 1)]


def _cut(groups: Iterable[Group], max_units: int) -> list[list[Group]]:
    parts: list[list[Group]] = []
    for group in groups:
        size = sum(len(other.units) for other in parts[-1]) if parts else max_units
        if size + len(group.units) > max_units:
            parts.append([])
        parts[-1].append(group)
    return parts


def grouped(units: Sequence[Ranked]) -> list[Group]:
    """Return the units as groups that are never parted, each recorder first and the cameras behind it."""
    above = {unit.id: unit.recorder for unit in units if unit.recorder}
    members: dict[str, list[Ranked]] = {}
    for unit in units:
        members.setdefault(_root(unit.id, above), []).append(unit)
    return [
        Group(tuple(sorted(rows, key=lambda unit: (_depth(unit.id, above), -unit.score, unit.id))))
        for rows in members.values()
    ]


def _path(device: str, above: Mapping[str, str]) -> list[str]:
    """Return the device and the recorders above it; a loop in the data ends where it would begin again."""
    path = [device]
    while above.get(path[-1]) and above[path[-1]] not in path:
        path.append(above[path[-1]])
    return path


def _root(device: str, above: Mapping[str, str]) -> str:
    path = _path(device, above)
    if path[-1] not in above:
        return path[-1]
    # A loop has no top: its smallest id stands for it, so that all its members agree.
    return min(_path(path[-1], above))


def _depth(device: str, above: Mapping[str, str]) -> int:
    return len(_path(device, above))
