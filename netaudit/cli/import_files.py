"""netaudit import: files of other programs into a run's log. Nothing is sent."""

import argparse
import sys
from collections.abc import Sequence
from pathlib import Path
from typing import TYPE_CHECKING

from netaudit.cli.identify import add_signature_options
from netaudit.cli.import_account import show
from netaudit.cli.run_reference import add_store_option
from netaudit.cli.terminal import out, table
from netaudit.errors import DataError, NetauditError, UsageError

if TYPE_CHECKING:
    from netaudit.intake.reading import Account
    from netaudit.intake.source import Source

_EPILOG = """\
Reads what you already have - captures, scans, ARP, switch and lease tables, inventories - and adds it to a run, so that
devices, explain, report and plan know it. The format is recognised; every observation names its file, the file's
SHA-256 and the row. Nothing is sent to anybody. Files may be packed (gz, bz2, xz); "-" is standard input.

  netaudit import arp.txt macs.txt --out netaudit-runs/20261123-100000    add to a scan: MACs and ports across routers
  netaudit import capture.pcapng --network 10.20.0.0/24                   a run of its own, without a scope file
  netaudit import inventory.csv --map columns.toml --dry-run              what would be read, and what would not
  ssh core-1 show ip arp | netaudit import - --source core-1 --out RUN
  netaudit import capture.pcap --print | netaudit identify -

--formats lists what can be read. Addresses outside the scope are kept, marked and never asked; public ones are left
out. Exit status: 0 every row was read, 1 some could not be, 2 wrong use or nothing readable, 130 interrupted.
"""


def configure(parser: argparse.ArgumentParser) -> None:
    """Add the options of this verb."""
    parser.epilog = _EPILOG
    parser.add_argument("files", nargs="*", metavar="FILE", help='what to read; "-" is standard input')
    parser.add_argument("--formats", action="store_true", help="list the formats and how to make such a file")
    parser.add_argument("--format", metavar="NAME", default="", help="the files' format (default: recognised)")
    parser.add_argument("--map", type=Path, metavar="FILE", help="which columns of a CSV mean what (TOML)")
    parser.add_argument("--source", default="", metavar="NAME", help="the router, switch or server whose table it is")
    parser.add_argument("--at", default="", metavar="TIME", help="when the tables were so (default: the file's time)")
    parser.add_argument("--out", type=Path, metavar="RUN", help="a run to add to, or the folder of a new one")
    parser.add_argument("--scope", type=Path, help="whose networks these are (default: scope.toml, for a new run)")
    parser.add_argument(
        "--network", action="append", default=[], metavar="CIDR",
        help="instead of a scope file: a network to report on; permits no scan; may be repeated",
    )  # fmt: skip
    parser.add_argument("--dry-run", action="store_true", help="say what would be read, and write nothing")
    parser.add_argument("--print", action="store_true", help="write observations to standard output, not into a run")
    add_store_option(parser)
    add_signature_options(parser)
    parser.set_defaults(command=run)


def run(options: argparse.Namespace) -> int:
    """Read the files; say what was read and what was not."""
    if options.formats:
        return _list_formats()
    if not options.files:
        raise UsageError("name a file to import (--formats lists what can be read)")
    from netaudit.intake.source import sources

    with sources(options.files, _moment(options.at), options.source) as found:
        accounts, refused = _recognised(found, options)
        if options.dry_run or options.print:
            return _without_run(accounts, refused, options)
        from netaudit.cli.import_run import import_into

        return import_into(accounts, refused, options)


def _recognised(found: Sequence["Source"], options: argparse.Namespace) -> tuple[list["Account"], list[str]]:
    """Tell the formats before anything is written. Raises DataError where no file at all can be read."""
    from netaudit.intake.formats.csv_any import FORMAT, read_mapping
    from netaudit.intake.reading import Account, chosen_format

    mapping = read_mapping(options.map) if options.map else {}
    name = options.format or (FORMAT.name if mapping else "")
    accounts, refused = [], list[str]()
    for source in found:
        source.mapping = mapping
        try:
            accounts.append(Account(source, chosen_format(source, name)))
        except DataError as error:
            refused.append(str(error))
    if not accounts:
        raise NetauditError("\nnetaudit: ".join(refused))
    return accounts, refused


def _without_run(accounts: Sequence["Account"], refused: Sequence[str], options: argparse.Namespace) -> int:
    from netaudit.cli.import_scope import scope_of
    from netaudit.evidence.observation import Observation, to_line
    from netaudit.intake.place import Placer
    from netaudit.intake.reading import read

    placer, seen = Placer(scope_of(options, needed=False)), set[str]()

    def keep(observation: Observation) -> bool:
        new = observation.id not in seen
        seen.add(observation.id)
        if new and options.print:
            sys.stdout.write(to_line(observation) + "\n")
        return new

    for account in accounts:
        read(account, placer, keep)
    return show(accounts, refused, placer.public, quiet=options.print)


def _moment(text: str) -> str:
    from datetime import UTC, datetime

    from netaudit.clock import rfc3339

    if not text:
        return ""
    try:
        moment = datetime.fromisoformat(text)
    except ValueError as error:
        raise UsageError(f"--at {text!r} is no time: write 2026-11-23 or 2026-11-23T09:00:00Z") from error
    return rfc3339(moment if moment.tzinfo else moment.replace(tzinfo=UTC))


def _list_formats() -> int:
    from netaudit.intake.registry import all_formats

    rows = [(item.name, item.title, "; ".join(item.made_by)) for item in all_formats().values()]
    for line in table(("FORMAT", "WHAT", "HOW TO MAKE IT"), rows):
        out(line)
    return 0
