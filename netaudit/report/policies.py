"""Policies in the order a reader needs them: what binds, what may bind, what does not, what is only information."""

from collections import Counter
from collections.abc import Mapping, Sequence
from typing import Any, Final

from netaudit.policy.finding import Finding
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
    policies: Sequence[PolicyView | Mapping[str, Any]], findings: Sequence[Finding]
) -> tuple[PolicyRow, ...]:
    """Return every policy that was applied, and those that only the findings name, grouped and counted."""
    counts: dict[str, Counter[Any]] = {}
    binds: dict[str, bool | None] = {}
    for finding in findings:
        counts.setdefault(finding.policy, Counter())[finding.status] += 1
        binds.setdefault(finding.policy, finding.binds_owner)
    views = {view.id: view for view in map(as_policy_view, policies)}
    for finding in findings:
        views.setdefault(finding.policy, _from_finding(finding))
    rows = [_row(view, counts.get(view.id, Counter()), binds.get(view.id, view.binds_owner)) for view in views.values()]
    return tuple(sorted(rows, key=lambda row: (GROUPS.index(row.group), row.policy.jurisdiction, row.policy.id)))


def _row(view: PolicyView, counts: Counter[Any], binds: bool | None) -> PolicyRow:
    if not view.duty:
        return PolicyRow(view, "information", dict(counts))
    group = {True: "binds", None: "may_bind", False: "passes_by"}[binds]
    return PolicyRow(view, group, dict(counts))


def _from_finding(finding: Finding) -> PolicyView:
    return PolicyView(finding.policy, finding.title, "", finding.duty, "", "", finding.asks)
