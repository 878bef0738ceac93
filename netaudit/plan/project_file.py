"""Reads planning.toml. Every mistake is named with file and line, and with what was expected."""

from collections.abc import Iterable, Mapping
from dataclasses import replace
from pathlib import Path
from typing import Any, Final

from netaudit.plan.amounts import CURRENCY
from netaudit.plan.periods import LENGTHS, make_periods
from netaudit.plan.planning import Planning
from netaudit.plan.project import (
    OBJECTIVES,
    WATT,
    CostLine,
    Crew,
    Period,
    Pin,
    PriceSource,
    Project,
    Site,
    Stock,
    Switch,
    Vms,
    Window,
)
from netaudit.policy.reading import Table, is_day
from netaudit.toml_file import TomlFile, read_toml

FORMATS: Final = ("csv", "json", "camera-database")
_TOP: Final = ("plan", "periods", "period", "effort", "site", "crew", "switch", "vms", "stock", "pin", "cost", "prices")
_MOST: Final = 10_000_000
# Every union of crews is a limit of its own.
_MOST_CREWS: Final = 10


def read_project(path: Path, planning: Planning) -> Project:
    """Read the owner's planning file. Raises DataError (file:line)."""
    return parse_project(read_toml(path), planning)


def parse_project(file: TomlFile, planning: Planning) -> Project:
    """Check an already parsed planning file. Raises DataError."""
    top = Table(file, file.data)
    top.only(_TOP)
    plan = top.table("plan")
    plan.only(("objective", "deadlines", "currency", "carry_over", "search"))
    periods = _periods(top)
    names = tuple(period.name for period in periods)
    project = Project(
        objective=plan.choice("objective", OBJECTIVES, "deadline"),
        periods=periods,
        currency=_currency(plan),
        keep_deadlines=plan.choice("deadlines", ("aim", "keep"), "aim") == "keep",
        carry_over=plan.flag("carry_over", False),
        search=_scaled(plan, "search", 100, 1),
        sites=_sites(top),
        crews=_crews(top),
        switches=tuple(_switch(table) for table in top.tables("switch")),
        vms=tuple(_vms(table) for table in top.tables("vms")),
        stock=tuple(_stock(table) for table in top.tables("stock")),
        pins=tuple(_pin(table, names) for table in top.tables("pin")),
        lines=tuple(_line(table, planning) for table in top.tables("cost")),
        effort=_effort(top.table("effort"), planning),
        prices=tuple(_price_source(table) for table in top.tables("prices")),
    )
    _check_money(top, plan, project)
    return project


def _check_money(top: Table, plan: Table, project: Project) -> None:
    money = project.lines or any(vms.price for vms in project.vms) or any(p.budget is not None for p in project.periods)
    if money and not project.currency:
        raise plan.wrong("currency", "there are amounts, but no currency", 'currency = "EUR" or another code')
    if sum(len(project.crews) > 0 and period.crews != len(project.crews) for period in project.periods):
        raise top.wrong("periods", "crews counts other than the [[crew]] tables", "one of the two")


def _currency(plan: Table) -> str:
    currency = plan.text("currency", "")
    if currency and not CURRENCY.fullmatch(currency):
        raise plan.wrong("currency", f"currency is {currency!r}", "three capitals such as EUR")
    return currency


def _periods(top: Table) -> tuple[Period, ...]:
    table = top.table("periods")
    table.only(("first", "count", "length", "budget", "working_days", "crews"))
    count = table.number("count", 4)
    if not 1 <= count <= 120:
        raise table.wrong("count", f"count is {count}", "1 to 120")
    first = table.day("first")
    if not first:
        raise table.wrong("first", "the first day is missing", "a day such as 2027-01-01")
    usual = Period(
        "", "", "", _scaled(table, "budget", 100) if "budget" in table.data else None,
        _scaled(table, "working_days", 100, 60), _least(table, "crews", 1, max(1, len(top.tables("crew")))),
    )  # fmt: skip
    periods = make_periods(first, count, table.choice("length", LENGTHS, "quarter"), usual)
    rows = {period.name: period for period in periods}
    for entry in top.tables("period"):
        entry.only(("name", "budget", "working_days", "crews"))
        name = entry.choice("name", rows)
        rows[name] = _changed(entry, rows[name])
    return tuple(rows.values())


def _changed(entry: Table, period: Period) -> Period:
    if "budget" in entry.data:
        period = replace(period, budget=_scaled(entry, "budget", 100))
    if "working_days" in entry.data:
        period = replace(period, days=_scaled(entry, "working_days", 100))
    return replace(period, crews=_least(entry, "crews", 0, period.crews))


def _sites(top: Table) -> dict[str, Site]:
    sites: dict[str, Site] = {}
    for table in top.tables("site"):
        table.only(("name", "windows", "closed", "max_units", "disruption"))
        name = table.text("name")
        if name in sites:
            raise table.wrong("name", f"site {name!r} stands twice", "one table each")
        most = _least(table, "max_units", 1, 0) if "max_units" in table.data else None
        sites[name] = Site(
            name, _windows(table, "windows"), _windows(table, "closed"), most, _least(table, "disruption", 1, 1)
        )
    return sites


def _windows(table: Table, key: str) -> tuple[Window, ...]:
    rows = table.data.get(key, [])
    if not isinstance(rows, list) or not all(isinstance(row, dict) for row in rows):
        raise table.wrong(key, f"{key} is no list", f'{key} = [{{ from = 2027-07-01, until = 2027-08-31, why = "" }}]')
    return tuple(_window(Table(table.file, row, table.name, table.index), key) for row in rows)


def _window(row: Table, key: str) -> Window:
    row.only(("from", "until", "why"))
    start, end = row.text("from", ""), row.text("until", "")
    if not is_day(start) or not is_day(end) or start > end:
        raise row.wrong(key, f"{key} runs from {start!r} until {end!r}", "two days, the first not after the last")
    return Window(start, end, row.text("why", ""))


def _crews(top: Table) -> tuple[Crew, ...]:
    tables = top.tables("crew")
    if len(tables) > _MOST_CREWS:
        raise tables[_MOST_CREWS].wrong("name", f"there are {len(tables)} crews", f"at most {_MOST_CREWS}")
    return tuple(_crew(table) for table in tables)


def _crew(table: Table) -> Crew:
    table.only(("name", "sites"))
    return Crew(table.text("name"), table.texts("sites"))


def _switch(table: Table) -> Switch:
    table.only(("name", "watts", "headroom", "other_watts", "devices"))
    headroom = table.number("headroom", 25)
    if not 0 <= headroom < 100:
        raise table.wrong("headroom", f"headroom is {headroom}", "percent, 0 to 99")
    return Switch(
        table.text("name"), _scaled(table, "watts", WATT), headroom, _scaled(table, "other_watts", WATT, 0),
        table.texts("devices"),
    )  # fmt: skip


def _vms(table: Table) -> Vms:
    table.only(("name", "sites", "free", "more", "price", "reuse"))
    return Vms(
        table.text("name"), table.texts("sites"), _least(table, "free", 0), _least(table, "more", 0, 0),
        _scaled(table, "price", 100, 0), table.flag("reuse", True),
    )  # fmt: skip


def _stock(table: Table) -> Stock:
    table.only(("product", "have", "keep"))
    return Stock(table.text("product"), _least(table, "have", 0), _least(table, "keep", 0, 0))


def _pin(table: Table, periods: tuple[str, ...]) -> Pin:
    table.only(("device", "site", "period", "not_before", "reason", "by"))
    pin = Pin(
        table.text("device", ""), table.text("site", ""), table.text("period", ""), table.day("not_before"),
        table.text("reason", ""), table.text("by", ""),
    )  # fmt: skip
    if bool(pin.device) == bool(pin.site):
        raise table.wrong("device", "the wish names no unit or two", "either device or site")
    if bool(pin.period) == bool(pin.not_before):
        raise table.wrong("period", "the wish says no time or two", "either period or not_before")
    if pin.period and pin.period not in periods:
        raise table.wrong("period", f"period is {pin.period!r}", f"one of {', '.join(periods)}")
    if not pin.reason.strip() or not pin.by.strip():
        raise table.wrong("reason", "the wish has no reason or no name", "reason and by")
    return pin


def _line(table: Table, planning: Planning) -> CostLine:
    table.only(("line", "low", "high", "date", "source"))
    rule = planning.cost_lines[table.choice("line", planning.cost_lines)]
    high = _scaled(table, "high", 100)
    low = _scaled(table, "low", 100) if "low" in table.data else high
    day, source = table.day("date"), table.text("source", "")
    if low > high:
        raise table.wrong("low", f"low {low / 100} is more than high {high / 100}", "a range")
    if not day or not source.strip():
        raise table.wrong("source", "an amount without its day or source", "date = 2026-11-01 and source")
    return CostLine(rule.id, rule.label, rule.per, low, high, day, source, rule.cash)


def _effort(table: Table, planning: Planning) -> dict[str, int]:
    table.only((*planning.types, "default", "contain", "visit"))
    return {name: _scaled(table, name, 100) for name in table.data}


def _price_source(table: Table) -> PriceSource:
    table.only(("file", "format", "currency", "date", "source", "decimal", "columns"))
    currency = table.text("currency", "")
    if currency and not CURRENCY.fullmatch(currency):
        raise table.wrong("currency", f"currency is {currency!r}", "three capitals such as EUR")
    columns: Mapping[str, str] = table.words("columns")
    return PriceSource(
        table.text("file"), table.choice("format", FORMATS, "csv"), currency, table.day("date"),
        table.text("source", ""), table.choice("decimal", (".", ","), "."), columns,
    )  # fmt: skip


def _scaled(table: Table, key: str, scale: int, default: float | None = None) -> int:
    """Return a number of zero or more, times `scale`, rounded to a whole."""
    value: Any = table.data.get(key, default)
    if isinstance(value, bool) or not isinstance(value, int | float) or not 0 <= value <= _MOST:
        problem = f"{key} is {value!r}" if key in table.data else f"{key} is missing"
        raise table.wrong(key, problem, f"a number from 0 to {_MOST:,}")
    return round(value * scale)


def _least(table: Table, key: str, least: int, default: int | None = None) -> int:
    number = table.number(key, default)
    if not least <= number <= _MOST:
        raise table.wrong(key, f"{key} is {number}", f"{least} or more")
    return number


def known_sites(project: Project) -> Iterable[str]:
    """Return every site that the file speaks of, so that a name that no unit has can be told."""
    named = (*project.sites, *(s for c in project.crews for s in c.sites), *(s for v in project.vms for s in v.sites))
    return dict.fromkeys((*named, *(pin.site for pin in project.pins if pin.site)))
