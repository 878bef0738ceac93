"""The owner's facts and decisions: owner.toml. What a scan cannot see stands here, with who decided it."""

from collections.abc import Collection, Mapping
from dataclasses import dataclass, field
from pathlib import Path
from types import MappingProxyType

from netaudit.policy.facts import Fact, read_facts
from netaudit.policy.reading import Table, is_day
from netaudit.toml_file import TomlFile, read_toml

Answers = Mapping[str, tuple[str, ...]]
_EMPTY: Answers = MappingProxyType({})


@dataclass(frozen=True, slots=True)
class Exclusion:
    """A decision to set a unit aside. `policy` "*" means all. `expires`: ISO day, the last on which it holds."""

    device: str
    site: str
    policy: str
    reason: str
    by: str
    expires: str


@dataclass(frozen=True, slots=True)
class PriorityOverride:
    """A person's change of a unit's priority: points added (or taken), with the reason and the name."""

    device: str
    points: int
    reason: str
    by: str


@dataclass(frozen=True, slots=True)
class OwnerFacts:
    """Answers at three levels, each a tuple of values; and the owner's decisions."""

    owner: Answers = field(default_factory=lambda: _EMPTY)
    sites: Mapping[str, Answers] = field(default_factory=lambda: MappingProxyType({}))
    devices: Mapping[str, Answers] = field(default_factory=lambda: MappingProxyType({}))
    exclusions: tuple[Exclusion, ...] = ()
    overrides: tuple[PriorityOverride, ...] = ()
    organisation: str = ""

    def value(self, fact: str, site: str = "", device: str = "") -> tuple[str, ...] | None:
        """Return the most particular answer (device, then site, then owner), or None where nobody has answered."""
        for answers in (self.devices.get(device, _EMPTY), self.sites.get(site, _EMPTY), self.owner):
            if fact in answers:
                return answers[fact]
        return None


def read_owner(path: Path, facts: Collection[Fact] | None = None) -> OwnerFacts:
    """Read owner.toml. Raises DataError that names file, line and the allowed answers."""
    return parse_owner(read_toml(path), facts)


def parse_owner(file: TomlFile, facts: Collection[Fact] | None = None) -> OwnerFacts:
    """Check an already parsed owner.toml. Raises DataError."""
    known = {fact.name: fact for fact in (read_facts() if facts is None else facts)}
    top = Table(file, file.data)
    top.only(("owner", "site", "device", "exclusion", "priority"))
    owner = top.table("owner")
    return OwnerFacts(
        owner=_answers(owner, "owner", known, "organisation"),
        sites=_keyed(top, "site", "name", known),
        devices=_keyed(top, "device", "device", known),
        exclusions=tuple(_exclusion(table) for table in top.tables("exclusion")),
        overrides=tuple(_override(table) for table in top.tables("priority")),
        organisation=owner.text("organisation", ""),
    )


def _keyed(top: Table, kind: str, key: str, known: Mapping[str, Fact]) -> dict[str, Answers]:
    out: dict[str, Answers] = {}
    for table in top.tables(kind):
        name = table.text(key)
        if name in out:
            raise table.wrong(key, f"{kind} {name!r} stands twice", "one table each")
        out[name] = _answers(table, kind, known, key)
    return out


def _answers(table: Table, level: str, known: Mapping[str, Fact], skip: str) -> Answers:
    allowed = [name for name, fact in known.items() if level in fact.levels]
    table.only((skip, *allowed))
    return {name: _answer(table, known[name]) for name in table.data if name != skip}


def _answer(table: Table, fact: Fact) -> tuple[str, ...]:
    raw = table.data[fact.name]
    if fact.type == "date":
        return (_known_day(table, fact),)
    if isinstance(raw, bool):
        # People write true for yes, and TOML has a word for it.
        raw = "yes" if raw else "no"
    values = raw if fact.type == "choices" and isinstance(raw, list) else [raw]
    for value in values:
        if not isinstance(value, str) or value not in fact.values:
            raise table.wrong(fact.name, f"{fact.name} is {value!r}", f"one of {', '.join(fact.values)}")
    return tuple(values)


def _known_day(table: Table, fact: Fact) -> str:
    day = table.text(fact.name)
    if not is_day(day):
        raise table.wrong(fact.name, f"{fact.name} is {day!r}", "a day such as 2023-12-21")
    return day


def _exclusion(table: Table) -> Exclusion:
    table.only(("device", "site", "policy", "reason", "by", "expires"))
    item = Exclusion(
        table.text("device", ""), table.text("site", ""), table.text("policy", "*"),
        table.text("reason"), table.text("by"), table.day("expires"),
    )  # fmt: skip
    if bool(item.device) == bool(item.site):
        raise table.wrong("device", "the exclusion names no unit or two", "either device or site")
    for key in ("reason", "by", "expires"):
        if not getattr(item, key).strip():
            raise table.wrong(key, f"{key} is missing", "a reason, a name and a last day: an exclusion is a decision")
    return item


def _override(table: Table) -> PriorityOverride:
    table.only(("device", "points", "reason", "by"))
    item = PriorityOverride(table.text("device"), table.number("points"), table.text("reason"), table.text("by"))
    if not item.reason.strip() or not item.by.strip():
        raise table.wrong("reason", "the change has no reason or no name", "reason and by")
    return item
