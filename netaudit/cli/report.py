"""netaudit report: judge a run again with today's signatures and policies, and write the report."""

import argparse
import sys
from pathlib import Path

from netaudit.cli.formats import DEFAULT, FORMATS
from netaudit.cli.identify import add_signature_options
from netaudit.cli.planning import add_planning_option, planned
from netaudit.cli.run_reference import add_run_options, run_folder
from netaudit.cli.terminal import say
from netaudit.errors import UsageError

_EPILOG = """\
  netaudit report                                     HTML, CSV and JSON, into the run's folder
  netaudit report --format pdf --format xlsx          the printed report and the workbook beside them
  netaudit report --run audit/20261123-0900 --format html --out /tmp/report.html
  netaudit report --format md --out - | less
  netaudit report --language de --format pdf          every fixed text in German
  netaudit report --redact --format html --out for-suppliers.html

Nothing is sent: the report is made from the run's log. The same log, signatures, policies and answers give the same
bytes.
"""


def configure(parser: argparse.ArgumentParser) -> None:
    """Add the options of this verb."""
    parser.epilog = _EPILOG
    add_run_options(parser)
    add_signature_options(parser)
    parser.add_argument("--format", choices=FORMATS, action="append", help="may be repeated (default: html, csv, json)")
    parser.add_argument("--out", type=Path, help="file to write, or - for standard output (with one --format)")
    parser.add_argument("--language", default="en", metavar="CODE", help="of the fixed texts (default: %(default)s)")
    parser.add_argument("--paper", choices=("a4", "letter"), default="a4", help="for PDF (default: %(default)s)")
    parser.add_argument(
        "--redact", action="store_true", help="leave out addresses, serial numbers, names and bytes heard"
    )
    parser.add_argument("--owner", type=Path, help="your answers (default: owner.toml here)")
    add_planning_option(parser)
    parser.set_defaults(command=run)


def run(options: argparse.Namespace) -> int:
    """Write the report; exit status 1 where something needs attention."""
    from netaudit.cli.corrections import corrections_of
    from netaudit.cli.decided import decided_of
    from netaudit.cli.floor_plans import with_floors
    from netaudit.cli.formats import chosen
    from netaudit.cli.knowledge import knowledge_of
    from netaudit.cli.redaction import redacted_report
    from netaudit.cli.register_run import places_path
    from netaudit.cli.report_files import build, write_report
    from netaudit.cli.results import conclude, owner_file, write_results

    formats = options.format or DEFAULT
    if options.out and len(formats) != 1:
        raise UsageError("--out names one file: say which --format")
    if options.redact and not options.out:
        raise UsageError("a redacted report must not take the place of the whole one: name a file with --out")
    writers = chosen(formats, options.language, options.paper)
    results = conclude(
        run_folder(options),
        knowledge_of(options),
        owner_file(options.owner),
        corrections_of(options),
        decided_of(options.store),
    )
    results = planned(results, options, places_path(options))
    results = with_floors(results, places_path(options))
    write_results(results)
    shown = redacted_report(results) if options.redact else build(results)
    if options.out == Path("-"):
        sys.stdout.buffer.writelines(writers[formats[0]](shown))
        return 1 if results.needs_attention else 0
    for path in write_report(shown, results.folder, writers, options.out):
        say(f"Wrote {path}")
    return 1 if results.needs_attention else 0
