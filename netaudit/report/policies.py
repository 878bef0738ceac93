"""Policies in the order a reader needs them: what binds, what may bind, what does not, what is only information."""

from collections.abc import Mapping, Sequence, Set
from typing import Any, Final

from netaudit.policy.finding import Finding
from netaudit.report.verdict import count
from netaudit.report.views import PolicyRow, PolicyView

GROUPS: Final = ("binds", "may_bind", "passes_by", "information")


def as_policy_view(policy: PolicyView | Mapping[str, Any]) -> PolicyView:
    """Accept a policy as a PolicyView or as a mapping with the same keys; unknown keys are left out."""
    if isinstance(policy, PolicyView):
        return policy
    known = {name: policy[name] for name in PolicyView.__dataclass_fields__ if name in policy}
    dates = tuple((str(when), str(what)) for when, what in known.pop("dates", ()))
    unverified = tuple(str(item) for item in known.pop("unverified", ()))
    return PolicyView(dates=dates, unverified=unverified, **known)


def policy_rows(
    policies: Sequence[PolicyView | Mapping[str, Any]], findings: Sequence[Finding], units: Set[str]
) -> tuple[PolicyRow, ...]:
    """Return every policy that was applied, and those that only the findings name, grouped.

    `units`: ids of the devices that count; what printers and computers came to would only blur the numbers.
    """
    met: dict[str, list[Finding]] = {}
    for finding in findings:
        met.setdefault(finding.policy, []).append(finding)
    views = {view.id: view for view in map(as_policy_view, policies)}
    for policy, found in met.items():
        views.setdefault(policy, _from_finding(found[0]))
    rows = [_row(view, met.get(view.id, []), units) for view in views.values()]
    return tuple(sorted(rows, key=lambda row: (GROUPS.index(row.group), row.policy.jurisdiction, row.policy.id)))


def _row(view: PolicyView, findings: Sequence[Finding], units: Set[str]) -> PolicyRow:
    binds = {finding.binds_owner for finding in findings} or {view.binds_owner}
    if not view.duty:
        group = "information"
    elif True in binds:
        # A policy may bind the owner at one site only: it still binds.
        group = "binds"
    else:
        group = "may_bind" if None in binds else "passes_by"
    return PolicyRow(view, group, count(finding.status for finding in findings if finding.device in units))


def _from_finding(finding: Finding) -> PolicyView:
    return PolicyView(finding.policy, finding.title, "", finding.duty, "", "", finding.asks)
