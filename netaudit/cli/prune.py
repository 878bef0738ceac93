"""netaudit prune: drop old runs by a rule."""

import argparse
import getpass
from datetime import timedelta

from netaudit.cli.run_reference import add_store_option
from netaudit.cli.terminal import out, say, table
from netaudit.errors import UsageError

_EPILOG = """\
  netaudit prune --dry-run                       what would go, and why the rest stays
  netaudit prune --keep 12 --older-than 400      runs older than 400 days, but never the 12 latest

A run that goes loses its folder of logs; what its devices were, and when, stays in the store. Never dropped: what an
evidence pack, a handed-out report or a plan refers to, and the first complete run of an organisation.
"""


def configure(parser: argparse.ArgumentParser) -> None:
    """Add the options of this verb."""
    parser.epilog = _EPILOG
    parser.add_argument("--keep", type=int, default=12, help="so many complete runs stay (default: %(default)s)")
    parser.add_argument(
        "--older-than", type=int, default=400, metavar="DAYS", help="younger runs stay (default: %(default)s)"
    )
    parser.add_argument("--dry-run", action="store_true", help="say what would go, and drop nothing")
    add_store_option(parser)
    parser.set_defaults(command=run)


def run(options: argparse.Namespace) -> int:
    """Apply the rule, or show what it would do."""
    from netaudit.clock import now, rfc3339
    from netaudit.store.people import Author
    from netaudit.store.prune import choices, prune
    from netaudit.store.retention import Policy
    from netaudit.store.store import Store

    if options.keep < 1 or options.older_than < 0:
        raise UsageError("--keep is at least 1, --older-than at least 0")
    rule = Policy(options.keep, rfc3339(now() - timedelta(days=options.older_than)))
    with Store(options.store) as store:
        by = Author(getpass.getuser(), rfc3339(now()))
        chosen = choices(store, rule) if options.dry_run else prune(store, rule, by)
    word = "would go" if options.dry_run else "dropped"
    rows = ((choice.run, word if choice.goes else "stays", choice.why) for choice in chosen)
    for line in table(("RUN", "WHAT", "WHY"), rows):
        out(line)
    say(f"{sum(choice.goes for choice in chosen)} of {len(chosen)} runs {word}.")
    return 0
