"""What changed between two policy sets: policies that came and went, and every part that reads otherwise. Pure."""

from collections.abc import Collection, Mapping, Sequence
from dataclasses import asdict, dataclass
from typing import Any, Final, Literal, TypeAlias

from netaudit.policy.finding import Finding
from netaudit.policy.model import Policy

Kind: TypeAlias = Literal["added", "removed", "changed"]

# A change of these can change a verdict or a date; of the others it changes only what people read.
DECIDING: Final = frozenset({
    "status", "duty", "remedy", "in_force_from", "deadline", "binds", "test", "affiliates", "components", "entities",
    "conditions", "regime",
})  # fmt: skip
# A list of these records is compared entry by entry, by what names the entry.
_NAMED_BY: Final = {"entities": "name", "dates": "part", "conditions": "fact"}


@dataclass(frozen=True, slots=True)
class Change:
    """One difference. `part`: the key that differs, with the entry's name ("entities: ZTE"); "" for a whole policy.

    `before`, `after`: as text, "" where there is none. `decides`: it can change a verdict, a deadline or a duty.
    """

    policy: str
    kind: Kind
    part: str
    before: str
    after: str
    decides: bool


@dataclass(frozen=True, slots=True)
class Turned:
    """A verdict that is another one under the second policy set; "" where a set has no such policy."""

    device: str
    policy: str
    before: str
    after: str


def differences(before: Collection[Policy], after: Collection[Policy]) -> tuple[Change, ...]:
    """Return every change, by policy id; within a policy in the order of its keys."""
    old, new = ({policy.id: policy for policy in rows} for rows in (before, after))
    rows: list[Change] = []
    for name in sorted(old.keys() | new.keys()):
        if name not in old:
            rows.append(Change(name, "added", "", "", new[name].title, new[name].duty))
        elif name not in new:
            rows.append(Change(name, "removed", "", old[name].title, "", old[name].duty))
        else:
            rows += _of_policy(old[name], new[name])
    return tuple(rows)


def turned(before: Sequence[Finding], after: Sequence[Finding]) -> tuple[Turned, ...]:
    """Return the verdicts that differ, by device and policy, of findings made with the two sets."""
    old, new = ({(item.device, item.policy): item.status for item in rows} for rows in (before, after))
    keys = dict.fromkeys((*old, *new))
    rows = (Turned(*key, old.get(key, ""), new.get(key, "")) for key in keys)
    # A policy that came or went and asks nothing of the unit has turned nothing.
    return tuple(row for row in rows if row.before != row.after and {row.before, row.after} != {"", "not_assessed"})


def _of_policy(old: Policy, new: Policy) -> list[Change]:
    one, two = asdict(old), asdict(new)
    rows: list[Change] = []
    for key in one:
        pairs = _pairs(key, one[key], two[key])
        rows += [
            Change(new.id, "changed", part, was, becomes, key in DECIDING) for part, was, becomes in pairs
        ]  # fmt: skip
    return rows


def _pairs(key: str, old: Any, new: Any) -> list[tuple[str, str, str]]:
    """Return (part, before, after) of what differs under one key."""
    if old == new:
        return []
    if key in _NAMED_BY:
        return _by_name(key, _keyed(old, _NAMED_BY[key]), _keyed(new, _NAMED_BY[key]))
    if isinstance(old, dict) and isinstance(new, dict):
        return _by_name(key, old, new)
    return [(key, _text(old), _text(new))]


def _keyed(rows: Sequence[Mapping[str, Any]], name: str) -> dict[str, Any]:
    keyed: dict[str, Any] = {}
    for row in rows:
        key, number = str(row[name]), 1
        while (key if number == 1 else f"{key} ({number})") in keyed:
            number += 1
        keyed[key if number == 1 else f"{key} ({number})"] = row
    return keyed


def _by_name(key: str, old: Mapping[str, Any], new: Mapping[str, Any]) -> list[tuple[str, str, str]]:
    names = dict.fromkeys((*old, *new))
    rows = ((f"{key}: {name}", _text(old.get(name, "")), _text(new.get(name, ""))) for name in names)
    return [row for row in rows if row[1] != row[2]]


def _text(value: Any) -> str:
    """Write a value for people; an empty part of a record is left out."""
    if isinstance(value, bool):
        return "yes" if value else "no"
    if isinstance(value, Mapping):
        return ", ".join(f"{name} {text}" for name, item in value.items() if (text := _text(item)))
    if isinstance(value, list | tuple):
        return "; ".join(map(_text, value))
    return str(value)
