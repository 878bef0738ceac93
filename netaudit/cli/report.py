"""netaudit report: judge a run again with today's signatures and policies, and write the report."""

import argparse
from pathlib import Path

from netaudit.cli.identify import add_signature_options
from netaudit.cli.run_reference import add_run_options, run_folder
from netaudit.cli.terminal import say
from netaudit.errors import UsageError

FORMATS = ("html", "csv", "json")
_EPILOG = """\
  netaudit report                                     all formats, into the run's folder
  netaudit report --run audit/20261123-0900 --format html --out /tmp/report.html

Nothing is sent: the report is made from the run's log. The same log, signatures, policies and answers give the same
bytes.
"""


def configure(parser: argparse.ArgumentParser) -> None:
    """Add the options of this verb."""
    parser.epilog = _EPILOG
    add_run_options(parser)
    add_signature_options(parser)
    parser.add_argument("--format", choices=FORMATS, action="append", help="may be repeated (default: all)")
    parser.add_argument("--out", type=Path, help="file to write (with one --format)")
    parser.add_argument("--owner", type=Path, help="your answers (default: owner.toml here)")
    parser.set_defaults(command=run)


def run(options: argparse.Namespace) -> int:
    """Write the report; exit status 1 where something needs attention."""
    from netaudit.cli.corrections import corrections_of
    from netaudit.cli.knowledge import knowledge_of
    from netaudit.cli.results import conclude, owner_file, write_report, write_results

    formats = options.format or FORMATS
    if options.out and len(formats) != 1:
        raise UsageError("--out names one file: say which --format")
    results = conclude(run_folder(options), knowledge_of(options), owner_file(options.owner), corrections_of(options))
    write_results(results)
    for path in write_report(results, formats, options.out):
        say(f"Wrote {path}")
    return 1 if results.needs_attention else 0
