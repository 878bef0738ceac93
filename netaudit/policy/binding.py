"""Does a rule bind this owner, and do its conditions hold for this unit? Three answers: yes, no, not known."""

from collections.abc import Iterable
from dataclasses import dataclass
from typing import Final

from netaudit.identify.device import Device
from netaudit.policy.model import Condition, Policy
from netaudit.policy.owner import OwnerFacts


@dataclass(frozen=True, slots=True)
class Holds:
    """A test on facts. `value` None: not known, and then `missing` names the facts that would decide."""

    value: bool | None
    missing: tuple[str, ...] = ()


YES: Final = Holds(True)
NO: Final = Holds(False)


def binds(policy: Policy, facts: OwnerFacts) -> Holds:
    """Say whether the policy binds this owner. An instrument without a duty binds nobody who owns cameras."""
    if not policy.duty:
        return NO
    whom = _any(_all(_one_of(name, values, facts) for name, values in row.items()) for row in policy.binds.any)
    # Who says that he is such a body has said where he is.
    return YES if whom.value else _all((_place(policy.binds.places, facts), whom))


@dataclass(frozen=True, slots=True)
class Conditions:
    """What the conditions say of one unit. `failed`: those that do not hold; `missing`: facts still open."""

    failed: tuple[Condition, ...] = ()
    missing: tuple[str, ...] = ()

    @property
    def spares(self) -> Condition | None:
        """The condition that leaves this unit outside the rule, if any: it decides whatever else is open."""
        return next((condition for condition in self.failed if condition.otherwise == "not_covered"), None)

    @property
    def contains(self) -> Condition | None:
        """The condition that lets this unit stay with controls, if any."""
        return next((condition for condition in self.failed if condition.otherwise == "contain"), None)


def conditions(policy: Policy, maker: str, device: Device, facts: OwnerFacts) -> Conditions:
    """Test the conditions that concern this maker (the one named by the rule) and this type of unit."""
    failed: list[Condition] = []
    missing: list[str] = []
    for condition in policy.conditions:
        if (condition.makers and maker not in condition.makers) or (
            condition.types and (device.type.value or "unknown") not in condition.types
        ):
            continue
        answer = _condition(condition, device, facts)
        if answer is None:
            missing.append(condition.fact)
        elif not answer:
            failed.append(condition)
    return Conditions(tuple(failed), tuple(dict.fromkeys(missing)))


def _condition(condition: Condition, device: Device, facts: OwnerFacts) -> bool | None:
    values = facts.value(condition.fact, device.site, device.device)
    if condition.after:
        if values:
            return values[0] > condition.after
        # A unit that was heard on or before the day was there by then.
        return False if "" < device.first_seen[:10] <= condition.after else None
    return None if values is None else bool(set(values) & set(condition.applies))


def _place(places: tuple[str, ...], facts: OwnerFacts) -> Holds:
    own = facts.value("jurisdictions")
    if not places:
        return YES
    if own is None:
        return Holds(None, ("jurisdictions",))
    # An owner in Texas is in the United States; one who says only "United States" is not known to be in Texas.
    return Holds(any(mine == place or mine.startswith(place + "-") for mine in own for place in places))


def _one_of(name: str, values: tuple[str, ...], facts: OwnerFacts) -> Holds:
    answer = facts.value(name)
    return Holds(None, (name,)) if answer is None else Holds(bool(set(answer) & set(values)))


def _all(tests: Iterable[Holds]) -> Holds:
    rows = tuple(tests)
    if any(row.value is False for row in rows):
        return NO
    return _open(rows) or YES


def _any(tests: Iterable[Holds]) -> Holds:
    rows = tuple(tests)
    if any(row.value for row in rows):
        return YES
    # Where one alternative waits for less than another, the answer to the lesser question decides.
    waiting = [row for row in rows if row.value is None]
    return _open(row for row in waiting if not any(set(less.missing) < set(row.missing) for less in waiting)) or NO


def _open(rows: Iterable[Holds]) -> Holds | None:
    names = dict.fromkeys(name for row in rows if row.value is None for name in row.missing)
    return Holds(None, tuple(names)) if names else None
