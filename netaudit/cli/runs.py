"""netaudit runs: list the runs in the store."""

import argparse
import json

from netaudit.cli.run_reference import add_store_option
from netaudit.cli.terminal import out, say, table


def configure(parser: argparse.ArgumentParser) -> None:
    """Add the options of this verb."""
    add_store_option(parser)
    parser.add_argument("--format", choices=("table", "jsonl"), default="table", help="default: %(default)s")
    parser.set_defaults(command=run)


def run(options: argparse.Namespace) -> int:
    """Print the runs, the latest first."""
    from netaudit.store.store import Store, default_path

    path = options.store or default_path()
    with Store(path) as store:
        rows = store.runs()
    if options.format == "jsonl":
        for row in rows:
            out(json.dumps({**row.info, "folder": row.folder, "organisation": row.organisation}, ensure_ascii=False))
        return 0
    cells = (
        (row.run, row.started, row.status, row.organisation, str(row.info["observations"]), row.folder) for row in rows
    )
    for line in table(("RUN", "STARTED", "STATUS", "ORGANISATION", "OBSERVATIONS", "FOLDER"), cells):
        out(line)
    if not rows:
        say(f"The store {path} holds no run yet: `netaudit scan` makes one.")
    return 0
