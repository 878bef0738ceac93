"""Loads the planner's data: priority parts, steps and words, from signatures/planning/. No weight stands in code."""

from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path

from netaudit.data import data_folder
from netaudit.policy.facts import read_facts
from netaudit.policy.reading import Table
from netaudit.toml_file import read_toml

STAGES = ("contain", "confirm", "replace", "close")
PER = ("unit", "camera", "recorder", "day", "visit", "project", "percent")
_SOURCES = ("finding", "fact", "type", "trait")
_FINDING_STATES = ("overdue", "dated", "covered", "likely", "depends")


@dataclass(frozen=True, slots=True)
class PartRule:
    """One part of the priority. `source`: finding, fact, type or trait; `values`: what is looked at, to points."""

    id: str
    label: str
    source: str
    fact: str
    values: Mapping[str, int]


@dataclass(frozen=True, slots=True)
class StepRule:
    """One step in words. `types`, `statuses`: only for these; empty means all."""

    stage: str
    text: str
    because: str
    types: tuple[str, ...]
    statuses: tuple[str, ...]

    def fits(self, kind: str, status: str) -> bool:
        """Say whether the step concerns a unit of this type whose finding has this status."""
        return (not self.types or kind in self.types) and (not self.statuses or status in self.statuses)


@dataclass(frozen=True, slots=True)
class Stage:
    """Title and purpose of a phase."""

    title: str
    purpose: str


@dataclass(frozen=True, slots=True)
class LineRule:
    """One line of cost: what it is called and what it is multiplied by. `cash`: False where no money leaves."""

    id: str
    label: str
    per: str
    cash: bool


@dataclass(frozen=True, slots=True)
class Weighing:
    """What an objective weighs: one weight a term (see signatures/planning/objectives.toml)."""

    label: str
    late: int
    waiting: int
    visits: int
    disturbance: int
    money: int
    exposure: int


@dataclass(frozen=True, slots=True)
class Planning:
    """All planner's data. `types`, `forms`, `features`: words of the replacement classes."""

    parts: tuple[PartRule, ...]
    steps: tuple[StepRule, ...]
    stages: Mapping[str, Stage]
    max_units: int
    types: Mapping[str, str]
    forms: Mapping[str, str]
    features: Mapping[str, str]
    cost_lines: Mapping[str, LineRule]
    objectives: Mapping[str, Weighing]


def load_planning(folder: Path | None = None) -> Planning:
    """Load the five files of the planner's data (the shipped ones by default). Raises DataError (file:line)."""
    place = folder or data_folder("signatures") / "planning"
    steps, classes = _top(place / "steps.toml"), _top(place / "classes.toml")
    steps.only(("max_units", "stage", "step"))
    classes.only(("types", "form_factors", "features"))
    return Planning(
        parts=tuple(_part(table) for table in _top(place / "priority.toml").tables("part")),
        steps=tuple(_step(table) for table in steps.tables("step")),
        stages={name: _stage(steps, name) for name in STAGES},
        max_units=_max_units(steps),
        types=classes.words("types"),
        forms=classes.words("form_factors"),
        features=classes.words("features"),
        cost_lines={rule.id: rule for rule in map(_cost_line, _top(place / "cost_lines.toml").tables("line"))},
        objectives=_objectives(_top(place / "objectives.toml")),
    )


def _top(path: Path) -> Table:
    file = read_toml(path)
    return Table(file, file.data)


def _part(table: Table) -> PartRule:
    table.only(("id", "label", "from", "fact", "values"))
    rule = PartRule(
        table.text("id"), table.text("label"), table.choice("from", _SOURCES), table.text("fact", ""),
        table.numbers("values"),
    )  # fmt: skip
    facts = {fact.name: fact for fact in read_facts()} if rule.source == "fact" else {}
    if rule.source == "fact" and rule.fact not in facts:
        raise table.wrong("fact", f"fact is {rule.fact!r}", "a fact of owner_facts.toml")
    allowed = facts[rule.fact].values if facts else _FINDING_STATES if rule.source == "finding" else rule.values
    for value in rule.values:
        if value not in allowed:
            raise table.wrong("values", f"values has {value!r}", f"one of {', '.join(allowed)}")
    return rule


def _step(table: Table) -> StepRule:
    table.only(("stage", "text", "because", "types", "statuses"))
    return StepRule(
        table.choice("stage", STAGES), table.text("text"), table.text("because"), table.texts("types"),
        table.texts("statuses"),
    )  # fmt: skip


def _cost_line(table: Table) -> LineRule:
    table.only(("id", "label", "per", "cash"))
    return LineRule(table.text("id"), table.text("label"), table.choice("per", PER), table.flag("cash", True))


def _objectives(top: Table) -> dict[str, Weighing]:
    return {name: _weighing(top.table(name)) for name in top.data}


def _weighing(table: Table) -> Weighing:
    terms = ("late", "waiting", "visits", "disturbance", "money", "exposure")
    table.only(("label", *terms))
    return Weighing(table.text("label"), *(table.number(name) for name in terms))


def _stage(top: Table, name: str) -> Stage:
    # The sub-tables stand as [stage.<name>]; that is the name under which their lines are known.
    table = Table(top.file, top.table("stage").table(name).data, f"stage.{name}")
    table.only(("title", "purpose"))
    return Stage(table.text("title"), table.text("purpose"))


def _max_units(top: Table) -> int:
    units = top.number("max_units")
    if units < 1:
        raise top.wrong("max_units", f"max_units is {units}", "1 or more")
    return units
