"""Which runs may go. Pure: rows in, names out."""

from collections import defaultdict
from collections.abc import Collection, Sequence
from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class Kept:
    """What retention looks at: a run's name, start (RFC 3339), status and organisation."""

    run: str
    started: str
    status: str
    organisation: str


@dataclass(frozen=True, slots=True)
class Policy:
    """`keep`: so many complete runs of an organisation stay; `before`: only what started earlier may go (RFC 3339)."""

    keep: int
    before: str


@dataclass(frozen=True, slots=True)
class Choice:
    """One run and what becomes of it: `goes`, or stays because of `why`."""

    run: str
    goes: bool
    why: str


def choose(runs: Sequence[Kept], policy: Policy, referred: Collection[str]) -> list[Choice]:
    """Return a choice for every run, the latest first.

    Never goes: what an evidence pack, a report or a plan refers to; the first complete run of an organisation (the
    baseline that progress is measured against); the latest complete ones.
    """
    whole: dict[str, list[Kept]] = defaultdict(list)
    ordered = sorted(runs, key=lambda run: (run.started, run.run), reverse=True)
    for run in ordered:
        if run.status == "complete":
            whole[run.organisation].append(run)
    latest = {run.run for group in whole.values() for run in group[: policy.keep]}
    baseline = {group[-1].run for group in whole.values()}
    return [_choice(run, policy, referred, latest, baseline) for run in ordered]


def _choice(
    run: Kept, policy: Policy, referred: Collection[str], latest: Collection[str], baseline: Collection[str]
) -> Choice:
    reasons = (
        (run.run in referred, "a pack, a report or a plan refers to it"),
        (run.run in latest, f"one of the {policy.keep} latest"),
        (run.run in baseline, "the first: progress is measured against it"),
        (run.started >= policy.before, f"younger than {policy.before[:10]}"),
    )
    why = next((text for holds, text in reasons if holds), "")
    return Choice(run.run, not why, why or f"{run.status}, started {run.started[:10]}")
