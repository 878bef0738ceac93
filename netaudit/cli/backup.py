"""netaudit backup: the whole store in one file."""

import argparse
from pathlib import Path

from netaudit.cli.run_reference import add_store_option
from netaudit.cli.terminal import out, say
from netaudit.errors import UsageError

_EPILOG = """\
  netaudit backup store-2026-11.zip
  netaudit restore store-2026-11.zip --store new.db        and from SQLite to PostgreSQL, or back:
  netaudit restore store-2026-11.zip --store postgresql://netaudit@db.example/netaudit

The file holds runs, devices over time, annotations, decisions, plans and attachments. The logs of the runs are folders
of their own: keep them with your other files (`netaudit runs` names them). The store may be in use meanwhile.
"""


def configure(parser: argparse.ArgumentParser) -> None:
    """Add the options of this verb."""
    parser.epilog = _EPILOG
    parser.add_argument("file", type=Path, help="the file to write")
    parser.add_argument("--force", action="store_true", help="replace the file where it exists")
    add_store_option(parser)
    parser.set_defaults(command=run)


def run(options: argparse.Namespace) -> int:
    """Write the backup, whole or not at all."""
    from netaudit.store.backup import backup
    from netaudit.store.store import Store

    if options.file.exists() and not options.force:
        raise UsageError(f"{options.file} exists: name another file, or --force")
    with Store(options.store) as store:
        rows = backup(store, options.file)
    say(f"{rows['run']} runs, {rows['unit']} devices, {rows['annotation']} annotations, {rows['decision']} decisions.")
    out(str(options.file))
    return 0
