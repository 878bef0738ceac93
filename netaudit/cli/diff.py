"""netaudit diff: what changed between two runs."""

import argparse
import sys
from collections.abc import Sequence
from pathlib import Path
from typing import TYPE_CHECKING

from netaudit.cli.compare import FORMATS
from netaudit.cli.run_reference import add_store_option, folder_of
from netaudit.cli.terminal import harmless, out, say, table
from netaudit.errors import UsageError

if TYPE_CHECKING:
    from netaudit.report.progress.changes import Changes
    from netaudit.report.progress.snapshot import Snapshot
    from netaudit.report.progress.trend import Point
    from netaudit.report.texts import Texts

_EPILOG = """\
  netaudit diff audit/20261101-0900 audit/20261123-0900
  netaudit diff OLD NEW --before audit/20260901-0900     units of that run which return are told as back
  netaudit diff OLD NEW --format html --out progress.html

Gone: not heard, and the later run looked there. Not looked at: not heard, but the later run was not whole or its scope
had not the address. Replaced: another unit answers in its place. Runs are taken as they were judged; `netaudit report
--run` judges one again. Exit status 1: an alarm, for a covered unit came in, or a maker that was removed is back.
"""


def configure(parser: argparse.ArgumentParser) -> None:
    """Add the options of this verb."""
    parser.epilog = _EPILOG
    parser.add_argument("old", metavar="OLD", help="the earlier run: a folder, or a name in the store")
    parser.add_argument("new", metavar="NEW", help="the later run")
    parser.add_argument("--before", action="append", default=[], metavar="RUN", help="a still earlier run; repeatable")
    add_store_option(parser)
    add_output_options(parser)
    parser.set_defaults(command=run)


def add_output_options(parser: argparse.ArgumentParser) -> None:
    """Add --format, --out and --language."""
    parser.add_argument("--format", choices=FORMATS, default="text", help="default: %(default)s")
    parser.add_argument(
        "--out", type=Path, metavar="FILE", help="file to write (html, json, md; default: standard output)"
    )
    parser.add_argument("--language", default="en", metavar="CODE", help="default: %(default)s")


def run(options: argparse.Namespace) -> int:
    """Print or write what changed."""
    from netaudit.report.progress.changes import changes
    from netaudit.report.progress.read import read_snapshot

    old, new = (read_snapshot(folder_of(name, options.store)) for name in (options.old, options.new))
    if old.info.started > new.info.started:
        raise UsageError(f"{options.old} is the later run: give the earlier one first")
    earlier = [read_snapshot(folder_of(name, options.store)) for name in options.before]
    return show([changes(old, new, earlier)], [*earlier, old, new], options)


def show(steps: "list[Changes]", runs: "list[Snapshot]", options: argparse.Namespace) -> int:
    """Show steps in the format that the options name; 1 where there is an alarm."""
    from netaudit.cli.compare import writers
    from netaudit.cli.formats import texts_of
    from netaudit.report.progress.trend import points

    texts = texts_of(options.language)
    if options.format == "text":
        if options.out:
            raise UsageError("--out needs a --format: html, json or md")
        _print(steps, points(runs), texts)
    else:
        _write(options.out, writers()[options.format](steps, points(runs), texts))
    alarms = [texts.tell(item) for step in steps[-1:] for item in step.alarms]
    for alarm in alarms:
        say(f"ALARM: {harmless(alarm)}")
    return 1 if alarms else 0


def _print(steps: "list[Changes]", rows: "Sequence[Point]", texts: "Texts") -> None:
    from netaudit.report.progress.wording import answer, lines, summary, trend_table

    if len(rows) > 2:
        head, cells = trend_table(rows, texts)
        for line in table([name.upper() for name in head], cells):
            out(line)
        out("")
    step = steps[-1]
    out(harmless(answer(step, texts)))
    out(", ".join(f"{word.lower()} {count}" for word, count in summary(step, texts) if count))
    found = lines(step, texts)
    if found:
        out("")
    cells = [[row.word, row.site, row.unit, texts(f"status.{row.status}"), row.detail] for row in found]
    names = [texts(f"diff.{name}").upper() for name in ("what", "where", "unit", "verdict", "detail")]
    for line in table(names, cells) if cells else ():
        out(line)


def _write(path: Path | None, data: bytes) -> None:
    if path is None:
        sys.stdout.buffer.write(data)
        sys.stdout.flush()
        return
    path.parent.mkdir(parents=True, exist_ok=True)
    path.write_bytes(data)
    say(f"Wrote {path}")
