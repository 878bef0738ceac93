"""netaudit coverage: how much of each network is known? Numbers for "how do you know that this is all?"."""

import argparse
import json
from collections.abc import Sequence
from dataclasses import asdict
from typing import TYPE_CHECKING, Final

from netaudit.cli.identify import add_signature_options
from netaudit.cli.run_reference import add_run_options, run_folder
from netaudit.cli.terminal import out, say, table

if TYPE_CHECKING:
    from netaudit.report.views import CoverageRow, Report

_EPILOG = """\
  netaudit coverage                    the latest run
  netaudit coverage RUN --format csv   a run's folder or name, for a spreadsheet

ANSWERED  addresses at which something was heard
SILENT    addresses that were asked and did not answer
NOT ASKED addresses to which nothing was sent (time, limits, a refusal of the gate)
TABLES    devices that only your switches, routers, leases or inventories know: silent, or asleep
BEHIND    devices that only a recorder of this network lists
MAKER     the share of all these devices whose maker is known

To know more: name your switches and routers ([[switch]], [[router]]), import leases and inventories, give the login of
the recorders ([[credential]]). `netaudit why ADDRESS` says why one address is not among the answered.
"""
_HEAD: Final = (
    *("NETWORK", "SITE", "ADDRESSES", "ANSWERED", "SILENT", "NOT ASKED", "TABLES", "BEHIND", "DEVICES", "MAKER"),
)


def configure(parser: argparse.ArgumentParser) -> None:
    """Add the options of this verb."""
    parser.epilog = _EPILOG
    parser.add_argument("which", nargs="?", metavar="RUN", help="a run's folder or name (the same as --run)")
    add_run_options(parser)
    add_signature_options(parser)
    parser.add_argument("--format", choices=("table", "csv", "json"), default="table", help="default: %(default)s")
    parser.set_defaults(command=run)


def run(options: argparse.Namespace) -> int:
    """Print the coverage of a run."""
    from netaudit.cli.knowledge import knowledge_of
    from netaudit.cli.report_files import build
    from netaudit.cli.results import conclude

    options.run = options.run or options.which
    report = build(conclude(run_folder(options), knowledge_of(options)))
    if options.format == "json":
        out(json.dumps(_as_json(report), ensure_ascii=False, indent=1))
        return 0
    rows = [_cells(report, index, row) for index, row in enumerate(report.coverage)]
    if options.format == "csv":
        from netaudit.report.csv_rows import csv_text

        out(csv_text([[name.lower().replace(" ", "_") for name in _HEAD], *rows]).rstrip("\r\n"))
        return 0
    for line in table(_HEAD, rows):
        out(line)
    _sum_up(report.coverage)
    return 0


def _cells(report: "Report", index: int, row: "CoverageRow") -> tuple[str, ...]:
    network = report.limits.networks[index]
    numbers = (row.answered, row.silent, row.not_asked, row.tables, row.behind, row.devices)
    share = "-" if row.share is None else f"{row.share:.0%}"
    addresses = "-" if row.addresses is None else str(row.addresses)
    return (network.cidr, network.site or "-", addresses, *map(str, numbers), share)


def _sum_up(rows: Sequence["CoverageRow"]) -> None:
    devices, named = sum(row.devices for row in rows), sum(row.named for row in rows)
    told = sum(row.tables + row.behind for row in rows)
    silent = sum(row.silent + row.not_asked for row in rows)
    share = f", {named / devices:.0%} with a known maker" if devices else ""
    say(f"{devices} devices{share}; {told} of them did not answer themselves. {silent} addresses: nothing known.")


def _as_json(report: "Report") -> list[dict[str, object]]:
    return [
        {"network": report.limits.networks[index].cidr, "site": report.limits.networks[index].site, **asdict(row),
         "share_with_maker": row.share}
        for index, row in enumerate(report.coverage)
    ]  # fmt: skip
