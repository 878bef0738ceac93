"""The owner's planning file as data: periods, money, people, sites, switches, licences, stock, wishes.

Money is in hundredths of the currency, work in hundredths of a crew's day, power in tenths of a watt: whole numbers, so
that the solver and the sums agree to the last digit.
"""

from collections.abc import Mapping
from dataclasses import dataclass, field
from types import MappingProxyType
from typing import Final

OBJECTIVES: Final = ("deadline", "cost", "disruption")
DAY: Final = 100
WATT: Final = 10


@dataclass(frozen=True, slots=True)
class Period:
    """One stretch of the plan, first and last day included. `budget`: None where money sets no limit.

    `days`: working days (hundredths) that one crew has in it; `crews`: how many work side by side.
    """

    name: str
    start: str
    end: str
    budget: int | None
    days: int
    crews: int


@dataclass(frozen=True, slots=True)
class Window:
    """Days on which a site is open (or closed), first and last included, with the reason."""

    start: str
    end: str
    why: str = ""


@dataclass(frozen=True, slots=True)
class Site:
    """What holds at one site. `windows`: only then, when there are any; `closed`: never then.

    `max_units`: most units changed there in one period. `disruption`: how much a visit disturbs, 1 is usual.
    """

    name: str
    windows: tuple[Window, ...] = ()
    closed: tuple[Window, ...] = ()
    max_units: int | None = None
    disruption: int = 1


@dataclass(frozen=True, slots=True)
class Crew:
    """A crew of its own. `sites`: where it works; empty: everywhere."""

    name: str
    sites: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class Switch:
    """A switch that feeds units. `watts`: what it can give; `headroom`: percent kept free; `other`: drawn by others."""

    name: str
    watts: int
    headroom: int
    other: int
    devices: tuple[str, ...] = ()

    @property
    def room(self) -> int:
        """What the units of the plan may draw together."""
        return self.watts * (100 - self.headroom) // 100 - self.other


@dataclass(frozen=True, slots=True)
class Vms:
    """Channel licences of a video management system. `more`: how many may be bought, at `price` each.

    `reuse`: the old unit's licence serves the new one; then only changes of one period need free ones.
    """

    name: str
    sites: tuple[str, ...]
    free: int
    more: int = 0
    price: int = 0
    reuse: bool = True


@dataclass(frozen=True, slots=True)
class Stock:
    """Units in the store. `product`: model as in the price file; `have`: there already; `keep`: left as spares."""

    product: str
    have: int
    keep: int = 0


@dataclass(frozen=True, slots=True)
class Pin:
    """A wish of a person: this unit or site in this period, or not before it; with reason and name."""

    device: str
    site: str
    period: str
    not_before: str
    reason: str
    by: str


@dataclass(frozen=True, slots=True)
class CostLine:
    """One line of cost with the owner's figures. `per`: unit, camera, recorder, day, visit, project or percent.

    `low`, `high`: hundredths of the currency, or hundredths of a percent. `cash`: False where no money leaves.
    """

    id: str
    label: str
    per: str
    low: int
    high: int
    date: str
    source: str
    cash: bool = True


@dataclass(frozen=True, slots=True)
class PriceSource:
    """A price file or catalogue to read. `columns`: our name to the file's; see docs/reference/price-files.md."""

    file: str
    format: str
    currency: str
    date: str
    source: str
    decimal: str
    columns: Mapping[str, str]


@dataclass(frozen=True, slots=True)
class Project:
    """The whole planning file. `effort`: type of unit to hundredths of a crew's day; also `contain` and `visit`.

    `keep_deadlines`: no unit after its deadline; else lateness is only weighed. `search`: the solver's patience.
    """

    objective: str
    periods: tuple[Period, ...]
    currency: str = ""
    keep_deadlines: bool = False
    carry_over: bool = False
    search: int = 100
    sites: Mapping[str, Site] = field(default_factory=lambda: MappingProxyType({}))
    crews: tuple[Crew, ...] = ()
    switches: tuple[Switch, ...] = ()
    vms: tuple[Vms, ...] = ()
    stock: tuple[Stock, ...] = ()
    pins: tuple[Pin, ...] = ()
    lines: tuple[CostLine, ...] = ()
    effort: Mapping[str, int] = field(default_factory=lambda: MappingProxyType({}))
    prices: tuple[PriceSource, ...] = ()

    def site(self, name: str) -> Site:
        """Return what holds at a site; the usual where the file does not name it."""
        return self.sites.get(name) or Site(name)

    def days_for(self, kind: str) -> int:
        """Return the work of one unit of this type, in hundredths of a day."""
        return self.effort.get(kind, self.effort.get("default", 0))
