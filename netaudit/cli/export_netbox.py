"""netaudit export netbox-api: a run into a NetBox, first as a dry run."""

import argparse
import os
from collections import Counter
from collections.abc import Iterable
from typing import TYPE_CHECKING, Final

from netaudit.cli.terminal import harmless, out, say
from netaudit.errors import UsageError

if TYPE_CHECKING:
    from netaudit.netbox.sync import Done
    from netaudit.report.views import Report

FORMAT: Final = "netbox-api"
TOKEN: Final = "env:NETBOX_TOKEN"  # noqa: S105


def add_options(parser: argparse.ArgumentParser) -> None:
    """Add what the API needs."""
    group = parser.add_argument_group("netbox-api")
    group.add_argument("--url", help="the NetBox, as https://netbox.example.org")
    group.add_argument(
        "--token", default=TOKEN, metavar="SOURCE", help="env:NAME, keyring:SERVICE/USER, file:PATH or age:PATH#NAME"
        " (default: %(default)s)",
    )  # fmt: skip
    group.add_argument("--write", action="store_true", help="write; without it the changes are only shown")


def hand_over(report: "Report", options: argparse.Namespace) -> int:
    """Show what NetBox has and lacks, and write it where that is wanted; 1 where something differs or was refused."""
    from netaudit.netbox.client import NetBox
    from netaudit.netbox.sync import synchronise
    from netaudit.report.export.netbox_objects import stages
    from netaudit.scope.model import Credential
    from netaudit.scope.secrets import resolve

    if not options.url:
        raise UsageError("netbox-api needs the NetBox: --url https://netbox.example.org")
    token = resolve(Credential("NetBox", "", options.token, ()))
    netbox = NetBox(options.url, token)
    say(f"{'Writing into' if options.write else 'Dry run, nothing is written:'} {options.url}")
    return _tell(synchronise(netbox, stages(report), write=options.write), write=options.write)


def _tell(every: Iterable["Done"], *, write: bool) -> int:
    counts: Counter[str] = Counter()
    for done in every:
        step = done.step
        counts["refused" if done.problem else step.action] += 1
        counts["differences"] += len(step.kept)
        what = f"{step.wanted.endpoint.partition('.')[2].replace('_', '-')}  {step.wanted.title}"
        if done.problem:
            out(harmless(f"refused  {what}: {done.problem}"))
        elif step.action != "same":
            fields = f": {', '.join(step.changes)}" if step.action == "update" else ""
            out(harmless(f"{step.action}   {what}{fields}"))
        for difference in step.kept:
            out(harmless(f"differs  {what}: {difference}"))
    _sum_up(counts, write=write)
    return os.EX_OK if not counts["refused"] and not counts["differences"] else 1


def _sum_up(counts: Counter[str], *, write: bool) -> None:
    made = "made" if write else "to make"
    changed = "changed" if write else "to change"
    say(
        f"{counts['create']} objects {made}, {counts['update']} {changed}, {counts['same']} as they are, "
        f"{counts['refused']} refused; {counts['differences']} fields differ and stay as NetBox has them."
    )
    if not write and (counts["create"] or counts["update"]):
        say("Write it with --write.")
