"""What a person should read again in a policy set before anything is signed. Pure: the day is given."""

from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from datetime import date
from typing import Final

from netaudit.policy.model import LIVE, Policy
from netaudit.policy.owner import Exclusion
from netaudit.policy.reading import is_day

# Rules of this field change several times a year.
OLD_AFTER_DAYS: Final = 180


@dataclass(frozen=True, slots=True)
class Remark:
    """One thing to look at. `policy`: its id, or "" where it is the owner's own file. `text`: what, and why."""

    policy: str
    text: str


def remarks(policies: Iterable[Policy], on: date) -> tuple[Remark, ...]:
    """Return what is old, passed its own dates since it was read, or stands on thin sources; by policy."""
    return tuple(Remark(policy.id, text) for policy in policies for text in _of_policy(policy, on))


def run_out(exclusions: Iterable[Exclusion], on: date, soon: int = 30) -> tuple[Remark, ...]:
    """Return the owner's exclusions that no longer hold on the day, and those that end within `soon` days."""
    rows = []
    for item in exclusions:
        left = (date.fromisoformat(item.expires) - on).days
        whom = item.device or f"site {item.site}"
        if left < 0:
            rows.append(
                Remark("", f"the exclusion of {whom} by {item.by} ran out on {item.expires}: it is judged again")
            )
        elif left <= soon:
            rows.append(Remark("", f"the exclusion of {whom} by {item.by} ends in {left} days, on {item.expires}"))
    return tuple(rows)


def _of_policy(policy: Policy, on: date) -> Iterator[str]:
    age = (on - date.fromisoformat(policy.last_checked)).days
    if age > OLD_AFTER_DAYS:
        yield f"was last read on {policy.last_checked}, {age} days ago: read its sources again"
    for item in policy.dates:
        day = item.date[:10]
        if is_day(day) and policy.last_checked < day <= on.isoformat():
            yield f"{day} ({item.part}) has come since it was read on {policy.last_checked}"
    if not policy.sources:
        yield "has no source: it stands on memory only"
    if policy.confidence == "low":
        yield "is of low confidence" + (f": {'; '.join(policy.unverified)}" if policy.unverified else "")
    if policy.duty and policy.status in LIVE and policy.status != "in_force":
        yield f"asks something, but its status is {policy.status_text}: have a person read it"
