"""Which facts only the owner can tell: their names, questions and allowed answers, from signatures/owner_facts.toml."""

from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path

from netaudit.data import data_folder
from netaudit.policy.reading import Table
from netaudit.toml_file import read_toml

LEVELS = ("owner", "site", "device")
_KEYS = ("name", "question", "type", "levels", "places", "planning", "why", "values")


@dataclass(frozen=True, slots=True)
class Fact:
    """One question to the owner. `type`: choice, choices (several) or date. `values`: allowed answers with their words.

    `levels`: where an answer may stand. `places`: asked only of owners there.
    `planning`: orders the plan and decides no law.
    """

    name: str
    question: str
    type: str
    levels: tuple[str, ...]
    places: tuple[str, ...]
    planning: bool
    why: str
    values: Mapping[str, str]


def read_facts(path: Path | None = None) -> tuple[Fact, ...]:
    """Read the fact list (the shipped one by default). Raises DataError with file and line."""
    file = read_toml(path or data_folder("signatures") / "owner_facts.toml")
    top = Table(file, file.data)
    top.only(("fact",))
    facts: dict[str, Fact] = {}
    for table in top.tables("fact"):
        fact = _fact(table)
        if fact.name in facts:
            raise table.wrong("name", f"the fact {fact.name!r} stands twice", "a new name")
        facts[fact.name] = fact
    return tuple(facts.values())


def _fact(table: Table) -> Fact:
    table.only(_KEYS)
    fact = Fact(
        table.text("name"), table.text("question"), table.choice("type", ("choice", "choices", "date")),
        table.texts("levels"), table.texts("places"), table.flag("planning", False), table.text("why"),
        table.words("values"),
    )  # fmt: skip
    if not fact.levels or not set(fact.levels) <= set(LEVELS):
        raise table.wrong("levels", f"levels is {list(fact.levels)}", f"one or more of {', '.join(LEVELS)}")
    if (fact.type == "date") == bool(fact.values):
        raise table.wrong("values", "type and values do not fit", "values for a choice, none for a date")
    return fact
