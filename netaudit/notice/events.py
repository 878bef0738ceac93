"""What a run brought that people should hear of, held against the run before. Pure.

What makes an event the same as one that was told (`News.same`) leaves out the run that saw it: a run that was
interrupted and the whole one after it are both held against the same earlier run, and tell the same thing once.
"""

from collections.abc import Collection, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from typing import Any, Final

from netaudit.notice.settings import Tell
from netaudit.policy.lead import binds
from netaudit.report.limits import NEVER_ASKED, Limits, NetworkCoverage
from netaudit.report.progress.changes import Change, changes, label
from netaudit.report.progress.snapshot import BANNED, Snapshot
from netaudit.store.outbox import News

# So few addresses less are no fall, unless nothing is left.
_FEW: Final = 3


@dataclass(frozen=True, slots=True)
class Look:
    """One run as the notices see it. `findings`: the lines of its findings.jsonl."""

    snapshot: Snapshot
    findings: Sequence[Mapping[str, Any]]
    limits: Limits

    @property
    def place(self) -> str:
        """Organisation and sites: what tells one building's deadlines from another's in the same store."""
        scope = self.snapshot.scope
        sites = sorted({network.site for network in scope.networks})
        return "\0".join((scope.authorisation.organisation, *sites))


def events(now: Look, before: Look | None, tell: Tell, known: Collection[str], today: date) -> Iterator[News]:
    """Yield what to tell. `before`: the last whole run; `known`: ids of devices that a still earlier run saw."""
    if before and tell.appeared:
        yield from _appeared(now, before, known)
    if _looks(now) or before is None or not _looks(before):
        yield from _deadlines(now, before, tell.deadline_days, today)
    if before and _looks(now) and _looks(before):
        yield from _coverage(now, before, tell.coverage_drop)


def newcomers(now: Look, before: Look) -> list[str]:
    """Return the ids of units that the run before did not see."""
    rows = changes(before.snapshot, now.snapshot).rows
    return [row.new.device.device for row in rows if row.new and row.kind in ("new", "replaced")]


def _looks(look: Look) -> bool:
    """True for a scan: who only listens covers what happens to speak."""
    return look.snapshot.info.engine != "listen"


def _appeared(now: Look, before: Look, known: Collection[str]) -> Iterator[News]:
    base = before.snapshot.info.run
    for row in changes(before.snapshot, now.snapshot).rows:
        kind = _kind(row, known)
        if kind == "back" and not _looks(before):
            # Silence is no absence where nobody was asked.
            continue
        if kind and row.new:
            device = row.new.device
            values: dict[str, str | int] = {
                "unit": label(row.new), "site": device.site or "–", "status": row.new.status, "device": device.device,
                "address": next(iter(device.addresses), ""),
            }  # fmt: skip
            yield News(kind, (device.device, base), values)


def _kind(row: Change, known: Collection[str]) -> str:
    """Return what happened to a covered unit, "" where nothing did."""
    if row.new is None or not row.new.banned:
        return ""
    if row.kind in ("new", "replaced", "back"):
        return "back" if row.new.device.device in known else row.kind
    return "turned" if row.old and not row.old.banned else ""


def _deadlines(now: Look, before: Look | None, steps: Sequence[int], today: date) -> Iterator[News]:
    for (policy, day), (title, units) in sorted(_dated(now.findings).items()):
        left = (date.fromisoformat(day) - today).days
        values: dict[str, str | int] = {"policy": policy, "title": title, "date": day, "n": units, "days": abs(left)}
        step = next((step for step in sorted(steps) if 0 <= left <= step), None)
        if step is not None:
            yield News("deadline", (now.place, policy, day, str(step)), values)
        elif left < 0 and before and before.snapshot.date <= day:
            # Told once, when it passes: not again for every law of years ago.
            yield News("passed", (now.place, policy, day), values)


def _dated(findings: Iterable[Mapping[str, Any]]) -> dict[tuple[str, str], tuple[str, int]]:
    """Policy and deadline to the policy's title and how many units it wants gone by then."""
    met: dict[tuple[str, str], tuple[str, set[str]]] = {}
    for row in findings:
        if row["status"] in BANNED and row["deadline"] and binds(row["duty"], row["binds_owner"]):
            met.setdefault((row["policy"], row["deadline"]), (row["title"], set()))[1].add(row["device"])
    return {key: (title, len(devices)) for key, (title, devices) in met.items() if _is_day(key[1])}


def _coverage(now: Look, before: Look, drop: float) -> Iterator[News]:
    then = {network.cidr: network for network in before.limits.networks}
    base = before.snapshot.info.run
    for network in now.limits.networks:
        was = then.get(network.cidr)
        if was is None:
            continue
        values: dict[str, str | int] = {"network": network.cidr, "site": network.site or "–"}
        lost = was.heard - network.heard
        if lost >= max(1, drop * was.heard) and (lost >= _FEW or not network.heard):
            yield News("coverage", (base, network.cidr), {**values, "now": network.heard, "then": was.heard})
        if _asked(was) - _asked(network) >= drop:
            numbers: dict[str, str | int] = {"now": int(_asked(network) * 100), "then": int(_asked(was) * 100)}
            yield News("asked", (base, network.cidr), values | numbers)


def _asked(network: NetworkCoverage) -> float:
    """The share of a network's addresses to which something was sent, or that spoke; 1 where they cannot be counted."""
    if not network.addresses:
        return 1.0
    return 1 - sum(count for what, count in network.missed.items() if what in NEVER_ASKED) / network.addresses


def _is_day(text: str) -> bool:
    try:
        date.fromisoformat(text)
    except ValueError:
        return False
    return True
