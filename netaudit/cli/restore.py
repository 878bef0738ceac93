"""netaudit restore: a backup into an empty store."""

import argparse
from pathlib import Path

from netaudit.cli.run_reference import add_store_option
from netaudit.cli.terminal import say

_EPILOG = """\
  netaudit restore store-2026-11.zip --store new.db
  netaudit restore store-2026-11.zip --store postgresql://netaudit@db.example/netaudit

Every member of the backup is held against its manifest first. All of it is read, or nothing.
"""


def configure(parser: argparse.ArgumentParser) -> None:
    """Add the options of this verb."""
    parser.epilog = _EPILOG
    parser.add_argument("file", type=Path, help="what `netaudit backup` wrote")
    add_store_option(parser)
    parser.set_defaults(command=run)


def run(options: argparse.Namespace) -> int:
    """Read the backup."""
    from netaudit.store.backup import check_backup, restore
    from netaudit.store.store import Store

    check_backup(options.file)
    with Store(options.store) as store:
        rows = restore(store, options.file)
        say(f"{rows['run']} runs and {rows['unit']} devices are back in {store.place.shown}.")
    return 0
