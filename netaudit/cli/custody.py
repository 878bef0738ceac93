"""netaudit custody: write down to whom a run or its pack was handed, or show the hand-overs so far."""

import argparse
import csv
import io
from pathlib import Path
from typing import Final

from netaudit.cli.run_reference import add_run_options, run_folder
from netaudit.cli.terminal import out, say, table
from netaudit.errors import DataError, UsageError

CUSTODY: Final = "custody.csv"
_HEAD: Final = ("from", "to", "when", "why", "medium", "hash_checked")
_EPILOG = """\
  netaudit custody --run audit/20261123-0900 --from "A. Person" --to "B. Counsel" --why "review" --medium "USB stick 4"
  netaudit custody --run audit/20261123-0900

Kept as custody.csv in the run's folder; the next pack of the run carries it. --hash-checked says that the receiver
compared the hash of MANIFEST.sha256.
"""


def configure(parser: argparse.ArgumentParser) -> None:
    """Add the options of this verb."""
    parser.epilog = _EPILOG
    parser.add_argument("--from", dest="giver", metavar="NAME", help="who hands it over")
    parser.add_argument("--to", metavar="NAME", help="who receives it")
    parser.add_argument("--why", default="", help="for what")
    parser.add_argument("--medium", default="", help="how: which stick, which mailbox")
    parser.add_argument("--hash-checked", action="store_true", help="the receiver compared the manifest's hash")
    add_run_options(parser)
    parser.set_defaults(command=run)


def run(options: argparse.Namespace) -> int:
    """Add a hand-over, or list them."""
    from netaudit.clock import now, rfc3339

    folder = run_folder(options)
    if bool(options.giver) != bool(options.to):
        raise UsageError("a hand-over has two names: --from and --to")
    rows = read_hand_overs(folder)
    if options.giver:
        checked = "yes" if options.hash_checked else "no"
        rows.append((options.giver, options.to, rfc3339(now()), options.why, options.medium, checked))
        _write(folder / CUSTODY, rows)
        say(f"Kept in {folder / CUSTODY}; the next `netaudit pack` of this run carries it.")
        return 0
    for line in table([name.upper() for name in _HEAD], rows):
        out(line)
    return 0


def read_hand_overs(folder: Path) -> list[tuple[str, ...]]:
    """Read the hand-overs of a run, oldest first. Raises DataError (file:line)."""
    path = folder / CUSTODY
    if not path.is_file():
        return []
    rows = list(csv.reader(io.StringIO(path.read_text(encoding="utf-8"), newline="")))
    for number, row in enumerate(rows, 1):
        if len(row) != len(_HEAD) or (number == 1 and tuple(row) != _HEAD):
            raise DataError(f"{path}:{number}", "is not a row of hand-overs", ",".join(_HEAD))
    return [tuple(row) for row in rows[1:]]


def _write(path: Path, rows: list[tuple[str, ...]]) -> None:
    text = io.StringIO(newline="")
    csv.writer(text, lineterminator="\n").writerows([_HEAD, *rows])
    draft = path.with_name(path.name + ".new")
    draft.write_text(text.getvalue(), encoding="utf-8")
    draft.replace(path)
