"""netaudit policy: the laws and policies, and the answers they turn on."""

import argparse
from pathlib import Path
from typing import TYPE_CHECKING

from netaudit.cli.identify import add_signature_options
from netaudit.cli.policy_folder import policies_in
from netaudit.cli.run_reference import add_run_options
from netaudit.cli.terminal import harmless, out, table
from netaudit.errors import UsageError

if TYPE_CHECKING:
    from netaudit.policy.model import Policy

_EPILOG = """\
  netaudit policy list                 all policies: where, whom they bind, since when
  netaudit policy show US-NDAA19-889B  one of them, whole, with its sources and what is unverified
  netaudit policy ask                  answer what no scan can see; kept in owner.toml
  netaudit policy check                is the set whole, what is old in it, what ran out; with --run: how a run stands
  netaudit policy diff OLD [NEW]       what changed between two folders of policies (NEW: the shipped ones)
  netaudit policy diff OLD --run RUN   and which verdicts of that run turn with it
  netaudit policy exclude d-3f9a --reason "test bench, no network" --by "A. Person" --until 2027-06-30

An excluded unit is judged again from the day after its last day on. Not legal advice: each policy carries its source,
the day it was checked and what was not read. check and diff end with 1 where there is something to look at.
"""
_ACTIONS = ("list", "show", "ask", "check", "diff", "exclude")


def configure(parser: argparse.ArgumentParser) -> None:
    """Add the options of this verb."""
    parser.epilog = _EPILOG
    parser.add_argument("action", choices=_ACTIONS, help="see below")
    parser.add_argument(
        "names", nargs="*", default=[], metavar="NAME",
        help="for show: the policy's id; for diff: one or two folders; for exclude: the device's id",
    )  # fmt: skip
    parser.add_argument("--owner", type=Path, default=Path("owner.toml"), help="your answers (default: %(default)s)")
    parser.add_argument("--policies", type=Path, metavar="FOLDER", help="a folder of policies instead of the shipped")
    parser.add_argument("--format", choices=("text", "json"), default="text", help="default: %(default)s")
    add_run_options(parser)
    add_signature_options(parser)
    excluding = parser.add_argument_group("exclude")
    excluding.add_argument("--site", help="a whole site instead of one device")
    excluding.add_argument("--policy", default="*", help="for this policy only (default: for all)")
    excluding.add_argument("--reason", help="why it is set aside")
    excluding.add_argument("--by", metavar="NAME", help="who decided it")
    excluding.add_argument("--until", metavar="DAY", help="the last day on which it holds, YYYY-MM-DD")
    parser.set_defaults(command=run)


def run(options: argparse.Namespace) -> int:
    """List, show, ask, check, diff or exclude."""
    if options.action == "list":
        return _list(options)
    if options.action == "show":
        return _show(options)
    if options.action == "ask":
        from netaudit.cli.policy_ask import run_ask

        return run_ask(options)
    if options.action == "exclude":
        from netaudit.cli.policy_exclude import run_exclude

        return run_exclude(options)
    from netaudit.cli.policy_check import run_check, run_diff

    return run_check(options) if options.action == "check" else run_diff(options)


def _list(options: argparse.Namespace) -> int:
    rows = (
        (p.id, p.jurisdiction, "duty" if p.duty else "information", p.status, p.in_force_from or "-", p.title)
        for p in policies_in(options.policies)
    )
    for line in table(("POLICY", "WHERE", "MEANS", "STATUS", "SINCE", "TITLE"), rows):
        out(line)
    return 0


def _show(options: argparse.Namespace) -> int:
    wanted = options.names[0] if options.names else None
    policy = next((p for p in policies_in(options.policies) if p.id == wanted), None)
    if policy is None:
        raise UsageError(f"there is no policy {wanted!r}: `netaudit policy list` shows all")
    for name, text in _parts(policy):
        if text:
            out(f"{name + ':':14}{harmless(text)}")
    return 0


def _parts(policy: "Policy") -> tuple[tuple[str, str], ...]:
    entities = (f"{entity.name} ({entity.maker or 'no maker of the word list'})" for entity in policy.entities)
    return (
        ("id", policy.id), ("title", policy.title), ("where", f"{policy.jurisdiction}; {policy.authority}"),
        ("text", policy.citation), ("status", policy.status_text), ("binds", policy.binds.whom),
        ("asks", policy.asks), ("test", policy.test.scope or policy.test.kind), ("names", "; ".join(entities)),
        ("affiliates", policy.affiliates.text), ("components", policy.components.text),
        ("turns on", ", ".join(policy.facts_asked())), ("exemptions", policy.exemptions),
        ("reporting", policy.reporting), ("regime", policy.regime if policy.regime != "none" else ""),
        ("dates", "; ".join(f"{item.date} {item.part}" for item in policy.dates)),
        ("deadline", f"{policy.deadline} ({policy.deadline_why})" if policy.deadline else ""),
        ("for an owner", "a duty" if policy.duty else f"information only: {policy.duty_why}"),
        ("confidence", policy.confidence), ("checked", str(policy.last_checked)),
        ("unverified", "; ".join(policy.unverified)), ("sources", "; ".join(policy.sources)),
    )  # fmt: skip
