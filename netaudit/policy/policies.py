"""Loads and checks the policies: one TOML file each, the file's name being the policy's id."""

from collections.abc import Collection
from pathlib import Path

from netaudit.data import data_folder
from netaudit.errors import DataError
from netaudit.policy.facts import Fact, read_facts
from netaudit.policy.model import (
    COUNTED,
    EQUIPMENT,
    KINDS,
    LIVE,
    REGIMES,
    REMEDIES,
    STATUS_WORDS,
    TESTS,
    Binding,
    Clause,
    Condition,
    EffectiveDate,
    Entity,
    Policy,
    RuleTest,
)
from netaudit.policy.reading import Table
from netaudit.toml_file import read_toml

_KEYS = (
    "id", "title", "jurisdiction", "authority", "citation", "kind", "duty", "duty_why", "remedy", "in_force_from",
    "deadline", "deadline_why", "asks", "exemptions", "reporting", "regime", "confidence", "unverified", "sources",
    "last_checked", "status", "binds", "test", "affiliates", "components", "date", "condition", "entity",
)  # fmt: skip


def load_policies(folder: Path | None = None, facts: Collection[Fact] | None = None) -> tuple[Policy, ...]:
    """Load every `*.toml` of the folder (the shipped policies by default), in the order of their ids.

    `facts`: the owner facts that policies may ask for; the shipped ones by default. Raises DataError (file:line).
    """
    known = {fact.name: fact for fact in (read_facts() if facts is None else facts)}
    paths = sorted((folder or data_folder("signatures") / "policies").glob("*.toml"))
    return tuple(load_policy(path, known) for path in paths)


def load_policy(path: Path, facts: dict[str, Fact]) -> Policy:
    """Load one policy file. Raises DataError that names file, line and what was expected."""
    file = read_toml(path)
    top = Table(file, file.data)
    top.only(_KEYS)
    policy = _policy(top)
    if policy.id != path.stem:
        raise top.wrong("id", f"id is {policy.id!r}", f"the file's name, {path.stem!r}")
    _check_duty(top, policy)
    for name in policy.facts_asked():
        if name not in facts:
            raise DataError(f"{path}:1", f"asks for the fact {name!r}", "a fact of owner_facts.toml")
    _check_values(top, policy, facts)
    return policy


def as_of(policies: Collection[Policy]) -> str:
    """Return the ISO day on which the oldest reading of this policy set was made, "" for an empty set.

    Print it next to every verdict: rules change several times a year.
    """
    return min((policy.last_checked for policy in policies), default="")


def _policy(top: Table) -> Policy:
    status = top.table("status")
    status.only(("word", "text"))
    return Policy(
        id=top.text("id"), title=top.text("title"), jurisdiction=top.text("jurisdiction"),
        authority=top.text("authority"), citation=top.text("citation"), kind=top.choice("kind", KINDS),
        status=status.choice("word", STATUS_WORDS), status_text=status.text("text"),
        duty=top.flag("duty"), duty_why=top.text("duty_why"), remedy=top.choice("remedy", REMEDIES),
        in_force_from=top.day("in_force_from"), deadline=top.day("deadline"),
        deadline_why=top.text("deadline_why", ""), binds=_binding(top.table("binds")), test=_test(top.table("test")),
        affiliates=_clause(top.table("affiliates")), components=_clause(top.table("components")),
        entities=tuple(_entity(table) for table in top.tables("entity")),
        conditions=tuple(_condition(table) for table in top.tables("condition")),
        dates=tuple(EffectiveDate(table.text("date"), table.text("part")) for table in top.tables("date")),
        asks=top.text("asks"), exemptions=top.text("exemptions"), reporting=top.text("reporting"),
        regime=top.choice("regime", REGIMES, "none"), sources=top.texts("sources"),
        confidence=top.choice("confidence", ("high", "medium", "low")),
        unverified=top.texts("unverified"), last_checked=top.day("last_checked"),
    )  # fmt: skip


def _binding(table: Table) -> Binding:
    table.only(("whom", "camera_owner", "places", "any"))
    alternatives = table.data.get("any", [])
    if not isinstance(alternatives, list):
        raise table.wrong("any", "any is not a list", "a list of { fact = [values] }")
    rows = tuple(_alternative(table, item) for item in alternatives)
    return Binding(table.text("whom"), table.text("camera_owner"), table.texts("places"), rows)


def _alternative(table: Table, item: object) -> dict[str, tuple[str, ...]]:
    if not isinstance(item, dict) or not item:
        raise table.wrong("any", f"{item!r} is no alternative", "{ fact = [values] }")
    row = Table(table.file, item, table.name)
    return {name: row.texts(name) for name in item}


def _test(table: Table) -> RuleTest:
    table.only(("kind", "countries", "certificate", "caveat", "scope"))
    return RuleTest(
        table.choice("kind", TESTS), table.texts("countries"), table.text("certificate", ""),
        table.text("caveat", ""), table.text("scope"),
    )  # fmt: skip


def _clause(table: Table) -> Clause:
    table.only(("counted", "text"))
    return Clause(table.choice("counted", COUNTED), table.text("text"))


def _entity(table: Table) -> Entity:
    table.only(("name", "maker", "named", "aliases", "note", "since", "equipment"))
    equipment = table.texts("equipment") or ("surveillance",)
    for word in equipment:
        if word not in EQUIPMENT:
            raise table.wrong("equipment", f"equipment is {word!r}", f"one of {', '.join(EQUIPMENT)}")
    return Entity(
        table.text("name"), table.text("maker", ""), table.flag("named"), table.texts("aliases"),
        table.text("note", ""), table.day("since"), equipment,
    )  # fmt: skip


def _condition(table: Table) -> Condition:
    table.only(("fact", "makers", "types", "applies", "after", "otherwise", "because"))
    condition = Condition(
        table.text("fact"), table.texts("makers"), table.texts("types"), table.texts("applies"), table.day("after"),
        table.choice("otherwise", ("not_covered", "contain"), "not_covered"), table.text("because"),
    )  # fmt: skip
    if bool(condition.applies) == bool(condition.after):
        raise table.wrong("fact", "the condition has no test or two", "either applies or after")
    return condition


def _check_duty(top: Table, policy: Policy) -> None:
    """A duty needs somebody whom it binds, and a live instrument; information asks nothing of anybody."""
    if policy.duty and not policy.binds.any:
        raise top.wrong("duty", "duty is true, but nobody is bound", "[binds] any")
    if policy.duty and policy.status not in LIVE:
        raise top.wrong("duty", f"duty is true with the status {policy.status!r}", f"one of {', '.join(LIVE)}")
    if policy.duty == (policy.remedy == "none"):
        raise top.wrong("remedy", f"remedy is {policy.remedy!r} with duty {policy.duty}", '"none" exactly without duty')
    if policy.test.kind == "country_of_maker" and not policy.test.countries:
        raise top.wrong("test", "the country test names no country", "test.countries")
    if (policy.test.kind == "certificate") != bool(policy.test.certificate):
        raise top.wrong("test", "test and certificate do not fit", "certificate = a fact, for that test only")


def _check_values(top: Table, policy: Policy, facts: dict[str, Fact]) -> None:
    asked = [pair for alternative in policy.binds.any for pair in alternative.items()]
    asked += [(condition.fact, condition.applies) for condition in policy.conditions if condition.applies]
    asked += [("jurisdictions", policy.binds.places)] if policy.binds.places else []
    for name, values in asked:
        for value in values:
            if value not in facts[name].values:
                raise top.wrong("binds", f"{name} is tested for {value!r}", f"one of {', '.join(facts[name].values)}")
    for condition in policy.conditions:
        if condition.after and facts[condition.fact].type != "date":
            raise top.wrong("condition", f"{condition.fact} is tested for a day", "a fact of type date")
