"""netaudit policy check and diff: is a policy set sound, how does a run stand, and what changed between two sets."""

import argparse
import json
from collections.abc import Sequence
from dataclasses import asdict
from pathlib import Path
from typing import TYPE_CHECKING

from netaudit.cli.policy_folder import policies_in
from netaudit.cli.terminal import harmless, out, say, table
from netaudit.clock import now
from netaudit.errors import UsageError

if TYPE_CHECKING:
    from netaudit.policy.difference import Change, Turned
    from netaudit.policy.finding import Finding
    from netaudit.policy.freshness import Remark
    from netaudit.policy.model import Policy
    from netaudit.policy.standing import Standing


def run_check(options: argparse.Namespace) -> int:
    """Check a policy set and the owner's answers; with --run, show how each policy stands."""
    from netaudit.policy.freshness import remarks, run_out
    from netaudit.policy.owner import read_owner
    from netaudit.policy.policies import as_of
    from netaudit.policy.standing import standings

    policies, today = policies_in(options.policies), now().date()
    found = list(remarks(policies, today))
    if options.owner.is_file():
        found += run_out(read_owner(options.owner).exclusions, today)
    rows = standings(policies, _findings(options, (policies,))[0]) if options.run else ()
    if options.format == "json":
        out(json.dumps(_checked(policies, found, rows), ensure_ascii=False, indent=1))
    else:
        _print_check(found, rows)
    duties = sum(policy.duty for policy in policies)
    say(f"{len(policies)} policies, {duties} with a duty for somebody; the oldest was read on {as_of(policies)}.")
    return 1 if found else 0


def run_diff(options: argparse.Namespace) -> int:
    """Show what changed between two policy sets; exit status 1 where something did."""
    from netaudit.policy.difference import differences, turned

    if not 1 <= len(options.names) <= 2:
        raise UsageError("name one or two folders of policies: `netaudit policy diff OLD [NEW]`")
    old, new = (policies_in(Path(name)) if name else policies_in(None) for name in (*options.names, "")[:2])
    changes = differences(old, new)
    turns = turned(*_findings(options, (old, new))) if options.run else ()
    if options.format == "json":
        rows = {"changes": [asdict(item) for item in changes], "verdicts": [asdict(item) for item in turns]}
        out(json.dumps(rows, ensure_ascii=False, indent=1))
    else:
        _print_diff(changes, turns)
    deciding = sum(change.decides for change in changes)
    say(f"{len(changes)} changes, {deciding} of them can change a verdict or a date (marked *).")
    if options.run:
        say(f"{len(turns)} verdicts of the run turn.")
    return 1 if changes else 0


def _findings(
    options: argparse.Namespace, sets: "Sequence[Sequence[Policy]]"
) -> "list[Sequence[Finding]]":  # fmt: skip
    """Judge the run with each of the policy sets: same devices, same answers, same day."""
    from datetime import date

    from netaudit.cli.corrections import corrections_of
    from netaudit.cli.decided import decided_of
    from netaudit.cli.knowledge import knowledge_of
    from netaudit.cli.results import conclude, owner_file
    from netaudit.cli.run_reference import run_folder
    from netaudit.policy.engine import judge
    from netaudit.policy.relations import relations

    knowledge = knowledge_of(options)
    owner = options.owner if options.owner.is_file() else owner_file(None)
    results = conclude(run_folder(options), knowledge, owner, corrections_of(options), decided_of(options.store))
    known = relations(knowledge.makers, knowledge.affiliations, knowledge.brands)
    day = date.fromisoformat(results.info.started[:10])
    return [judge(results.devices, policies, results.owner, known, day) for policies in sets]


def _checked(policies: "Sequence[Policy]", found: "Sequence[Remark]", rows: "Sequence[Standing]") -> dict[str, object]:
    return {
        "policies": [policy.id for policy in policies],
        "remarks": [asdict(remark) for remark in found],
        "standing": [asdict(row) | {"counts": dict(row.counts)} for row in rows],
    }


def _print_check(found: "Sequence[Remark]", rows: "Sequence[Standing]") -> None:
    for remark in found:
        out(f"{remark.policy or 'owner.toml'}: {harmless(remark.text)}")
    if not rows:
        return
    out("")
    cells = (
        (
            row.policy, row.means, ", ".join(f"{number} {status}" for status, number in row.counts.items()),
            row.deadline or "-", ", ".join(row.facts) or "-",
        )
        for row in rows
    )  # fmt: skip
    for line in table(("POLICY", "MEANS", "UNITS", "BY", "WAITS FOR"), cells):
        out(line)


def _print_diff(changes: "Sequence[Change]", turns: "Sequence[Turned]") -> None:
    for change in changes:
        mark = "*" if change.decides else " "
        if change.kind == "changed":
            out(f"{mark} {change.policy}: {harmless(change.part)}")
            out(f"    - {harmless(change.before) or '(nothing)'}")
            out(f"    + {harmless(change.after) or '(nothing)'}")
        else:
            out(f"{mark} {change.policy}: {change.kind}: {harmless(change.before or change.after)}")
    if turns:
        out("")
        rows = ((turn.device, turn.policy, turn.before or "-", turn.after or "-") for turn in turns)
        for line in table(("DEVICE", "POLICY", "BEFORE", "AFTER"), rows):
            out(line)
