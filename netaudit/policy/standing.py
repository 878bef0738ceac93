"""How a run stands against each policy: units by status, and which answers of the owner are still awaited. Pure."""

from collections import Counter
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass

from netaudit.policy.finding import STATUS_ORDER, Finding
from netaudit.policy.model import Policy


@dataclass(frozen=True, slots=True)
class Standing:
    """One policy against all units. `counts`: status to units, most pressing first; `facts`: answers that are awaited.

    `means`: binds, may bind, does not bind, information. Information never asks anything, whatever its counts.
    """

    policy: str
    title: str
    means: str
    counts: Mapping[str, int]
    facts: tuple[str, ...]
    deadline: str = ""


def standings(policies: Sequence[Policy], findings: Iterable[Finding]) -> tuple[Standing, ...]:
    """Return one row a policy, in the policies' order."""
    of: dict[str, list[Finding]] = {policy.id: [] for policy in policies}
    for finding in findings:
        of.setdefault(finding.policy, []).append(finding)
    return tuple(_row(policy, of[policy.id]) for policy in policies)


def _row(policy: Policy, findings: Sequence[Finding]) -> Standing:
    counts = Counter(finding.status for finding in findings)
    facts = dict.fromkeys(name for finding in findings for name in finding.depends_on)
    deadline = min((finding.deadline for finding in findings if finding.deadline), default="")
    ordered = {status: counts[status] for status in STATUS_ORDER if counts[status]}
    return Standing(policy.id, policy.title, _means(policy, findings), ordered, tuple(facts), deadline)


def _means(policy: Policy, findings: Sequence[Finding]) -> str:
    if not policy.duty:
        return "information"
    bound = {finding.binds_owner for finding in findings}
    if bound <= {False} and bound:
        return "does not bind"
    return "binds" if True in bound else "may bind"
