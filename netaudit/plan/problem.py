"""The planner's problem in whole numbers: what has to be placed, in which periods, within which limits. No solver."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from itertools import combinations
from types import MappingProxyType
from typing import Final

from netaudit.plan.planning import Weighing
from netaudit.plan.project import Crew, Period, Stock, Switch, Vms

# The kinds of limit, as they are named to people.
LIMITS: Final = {
    "budget": "budget of a period",
    "crew": "crews and working days",
    "window": "access to a site",
    "site": "most units of a site in one period",
    "deadline": "deadlines that must be kept",
    "poe": "power of a switch",
    "licence": "channel licences",
    "stock": "units in the store and spares",
    "pin": "wishes of people for a unit or a site",
}


@dataclass(frozen=True, slots=True)
class Job:
    """Units that are changed together, the recorder first. `days` hundredths, `cost` hundredths (the upper figure).

    `late`: for each period, units times periods after the deadline. `points`: the sum of the priorities.
    `closed`: period index to (limit, reason) where the job may not be. `products`: model to number, stock only.
    `power`: switch to (drawn now, drawn then) in tenths of a watt. `licences`: system to number.
    """

    id: str
    units: tuple[str, ...]
    site: str
    days: int = 0
    cost: int = 0
    points: int = 0
    deadline: str = ""
    late: tuple[int, ...] = ()
    closed: Mapping[int, tuple[str, str]] = field(default_factory=lambda: MappingProxyType({}))
    products: Mapping[str, int] = field(default_factory=lambda: MappingProxyType({}))
    power: Mapping[str, tuple[int, int]] = field(default_factory=lambda: MappingProxyType({}))
    licences: Mapping[str, int] = field(default_factory=lambda: MappingProxyType({}))


@dataclass(frozen=True, slots=True)
class SiteLimit:
    """A site: `share` of each period's days on which it is open, in percent; work to contain it, its weight.

    `points`: the priorities of all its units, those that stay as well. `visit_days`, `visit_cost`: for each visit;
    `contain_cost`: once, where the site is contained.
    """

    name: str
    share: tuple[int, ...]
    max_units: int | None = None
    disruption: int = 1
    contain_days: int = 0
    points: int = 0
    visit_days: int = 0
    visit_cost: int = 0
    contain_cost: int = 0


@dataclass(frozen=True, slots=True)
class Problem:
    """All of it. `prices`: model to the upper price of products in stock. `once`: cost before any work."""

    periods: tuple[Period, ...]
    jobs: tuple[Job, ...]
    sites: Mapping[str, SiteLimit]
    weights: Weighing
    currency: str = ""
    carry_over: bool = False
    once: int = 0
    crews: tuple[Crew, ...] = ()
    switches: tuple[Switch, ...] = ()
    vms: tuple[Vms, ...] = ()
    stock: tuple[Stock, ...] = ()
    prices: Mapping[str, int] = field(default_factory=lambda: MappingProxyType({}))
    search: int = 100

    def crew_limits(self) -> "tuple[CrewLimit, ...]":
        """Return what the crews can do together: no set of sites may ask more than the crews that go there have.

        With a set for every union of crews this is exact (Hall's theorem, for work that can be divided).
        """
        everywhere = frozenset(self.sites)
        if not self.crews:
            return (CrewLimit(everywhere, None),)
        least: dict[frozenset[str], int] = {}
        for size in range(1, len(self.crews) + 1):
            for some in combinations(self.crews, size):
                names = {crew.name for crew in some}
                only = frozenset(s for s in everywhere if {c.name for c in self.crews if _serves(c, s)} <= names)
                if only:
                    least.setdefault(only, size)
        return tuple(CrewLimit(sites, count) for sites, count in least.items())

    def drawn(self, switch: Switch) -> int:
        """Return what the plan's units draw from a switch today, in tenths of a watt."""
        return sum(job.power[switch.name][0] for job in self.jobs if switch.name in job.power)


def _serves(crew: Crew, site: str) -> bool:
    return not crew.sites or site in crew.sites


@dataclass(frozen=True, slots=True)
class CrewLimit:
    """Sites that only `count` crews can serve together; None: all crews of the period."""

    sites: frozenset[str]
    count: int | None

    def days(self, period: Period) -> int:
        """Return the hundredths of days there are for these sites in a period."""
        return period.days * (period.crews if self.count is None else self.count)


@dataclass(frozen=True, slots=True)
class Terms:
    """What a plan comes to, term by term (see objectives.toml), and the weighted sum."""

    late: int
    waiting: int
    visits: int
    disturbance: int
    money: int
    exposure: int

    def weighed(self, weights: Weighing) -> int:
        """Return the sum of the terms times their weights."""
        return (
            self.late * weights.late + self.waiting * weights.waiting + self.visits * weights.visits
            + self.disturbance * weights.disturbance + self.money * weights.money + self.exposure * weights.exposure
        )  # fmt: skip


@dataclass(frozen=True, slots=True)
class Relief:
    """One limit that, if it gave way, would let a plan fit. `where`: what gives by how much, in words."""

    limit: str
    where: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class Solution:
    """Where each job goes. `period`: job id to period index; jobs without one are in `left`.

    `contained`: site to the period in which it is contained. `outcome`: proven (no better plan exists), bounded (within
    `gap` of the best possible), unfit (proven that not all fits), open (neither). `bound`: no plan weighs less.
    """

    period: Mapping[str, int]
    contained: Mapping[str, int]
    outcome: str
    terms: Terms
    weighed: int
    bound: int
    left: tuple[str, ...] = ()
    bought: Mapping[str, int] = field(default_factory=lambda: MappingProxyType({}))
    solver: str = ""

    @property
    def gap(self) -> float:
        """How much better a plan could be at most, as a part of this one; 0 where it is proven to be the best."""
        return max(0.0, (self.weighed - self.bound) / self.weighed) if self.weighed > 0 else 0.0
