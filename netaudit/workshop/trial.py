"""The trial of signatures: each against its own examples and counter-examples, and the examples of all others."""

import re
from collections import defaultdict
from collections.abc import Iterable, Sequence
from typing import NamedTuple

from netaudit.errors import DataError
from netaudit.identify.knowledge import Knowledge
from netaudit.workshop.written import Written, claimed_maker


class Theft(NamedTuple):
    """`thief` matches an example of `owner` and says something else about maker, label or type."""

    owner: Written
    thief: Written
    example: str


def own_faults(item: Written) -> list[DataError]:
    """Return what a signature's own examples say against it."""
    faults = []
    if not item.examples:
        faults.append(item.fault("has no example", "at least one text that it matches", "examples"))
    filled: set[str] = set()
    for example in item.examples:
        match = item.pattern.search(example)
        if match is None:
            faults.append(item.fault(f"its own example {example[:80]!r} does not match", "a match", "examples"))
        else:
            filled |= {name for name, value in match.groupdict().items() if value}
    faults += [
        item.fault(f"its counter-example {counter[:80]!r} matches", "no match", "counter_examples")
        for counter in item.counters
        if item.pattern.search(counter)
    ]
    if item.examples and (empty := sorted(set(item.pattern.groupindex) - filled)):
        faults.append(item.fault(f"no example fills the group {empty[0]!r}", "an example that does", "examples"))
    return faults


def thefts(items: Sequence[Written], knowledge: Knowledge, only: str = "") -> list[Theft]:
    """Return every example that a signature of another maker, label or type matches as well, on the same field.

    `only`: id of the one signature whose part in it is wanted, as owner or thief.
    """
    fields: defaultdict[tuple[str, str], list[Written]] = defaultdict(list)
    for item in items:
        fields[item.kind, item.field].append(item)
    return [
        Theft(owner, thief, example)
        for rows in fields.values()
        for owner in rows
        for thief in rows
        if owner is not thief and only in ("", owner.id, thief.id) and contradict(owner, thief, knowledge)
        for example in owner.examples
        if thief.pattern.search(example)
    ]


def contradict(one: Written, other: Written, knowledge: Knowledge) -> bool:
    """True where two signatures cannot both be right about one text, and neither declares the overlap."""
    if "nothing" in (one.strength, other.strength) or _declared(one, other) or _declared(other, one):
        return False
    makers = {claimed_maker(one.says, knowledge), claimed_maker(other.says, knowledge)} - {""}
    return len(makers) > 1 or any(
        len({one.says.get(question, ""), other.says.get(question, "")} - {""}) > 1 for question in ("brand", "type")
    )


def theft_fault(theft: Theft) -> DataError:
    """Return a theft as the error that points at its owner."""
    problem = f"its example {theft.example[:80]!r} is also matched by {theft.thief.id}"
    return theft.owner.fault(problem, "a narrower pattern, or `overlaps`", "examples")


def matching(value: str, kind: str, field: str, items: Iterable[Written]) -> list[Written]:
    """Return the signatures of this field that match a value (further traits they need are not looked at)."""
    return [item for item in items if (item.kind, item.field) == (kind, field) and _search(item.pattern, value)]


def _search(pattern: re.Pattern[str], value: str) -> bool:
    return pattern.search(value[:65536]) is not None


def _declared(one: Written, other: Written) -> bool:
    return other.id in one.entry.data.get("overlaps", [])
