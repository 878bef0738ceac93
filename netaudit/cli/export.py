"""netaudit export: hand a run over to other systems."""

import argparse
import sys
from pathlib import Path
from typing import Final

from netaudit.cli import export_netbox
from netaudit.cli.identify import add_signature_options
from netaudit.cli.run_reference import add_run_options, run_folder
from netaudit.cli.terminal import say
from netaudit.errors import UsageError
from netaudit.report.export import FORMATS

_EVERY: Final = (*FORMATS, export_netbox.FORMAT)
_EPILOG = """\
  netaudit export netbox-csv RUN --out netbox/    sites, types, devices, interfaces, MACs: import 1 to 7
  netaudit export netbox-api RUN --url https://netbox.example.org    dry run; then the same with --write
  netaudit export snipeit-csv > assets.csv        the latest run
  netaudit export ocsf | your-collector           one event a unit
  netaudit export prometheus --out /var/lib/node_exporter/textfile/

netbox-csv      NetBox bulk import, 4.2 and later (seven files)
netbox-api      the same and the addresses, by the API of your NetBox: shows what is new, what changes and what differs.
                Empty fields are filled, what people wrote stays, nothing is deleted. Needs netaudit[netbox]
snipeit-csv     Snipe-IT asset import; the asset tag is the key of later imports
servicenow-csv  ServiceNow import set
ocsf            OCSF 1.5 Device Inventory Info, JSON lines
cyclonedx       CycloneDX 1.6, devices with their firmware
prometheus      text for the file collector of node_exporter

Cameras, recorders and the like are handed over, not other equipment. Cells that a spreadsheet might run are made text.
"""


def configure(parser: argparse.ArgumentParser) -> None:
    """Add the options of this verb."""
    parser.epilog = _EPILOG
    parser.add_argument("words", nargs="*", default=[], metavar="FORMAT [RUN]",
                        help="a format, see below; then a run's folder or name (the same as --run)")  # fmt: skip
    parser.add_argument("--format", choices=_EVERY, help="the same as FORMAT")
    parser.add_argument("--out", type=Path, metavar="DIR", help="folder to write into (default: standard output)")
    export_netbox.add_options(parser)
    add_run_options(parser)
    add_signature_options(parser)
    parser.set_defaults(command=run)


def run(options: argparse.Namespace) -> int:
    """Write the files of one format, or speak with a NetBox."""
    from netaudit.cli.knowledge import knowledge_of
    from netaudit.cli.report_files import build
    from netaudit.cli.results import conclude
    from netaudit.report.export import renderer

    form, which = _wanted(options)
    options.run = options.run or which
    report = build(conclude(run_folder(options), knowledge_of(options)))
    if form == export_netbox.FORMAT:
        return export_netbox.hand_over(report, options)
    files = renderer(form)(report)
    if options.out is None:
        if len(files) > 1:
            raise UsageError(f"{form} is {len(files)} files: name a folder with --out")
        sys.stdout.buffer.write(next(iter(files.values())))
        sys.stdout.buffer.flush()
        return 0
    options.out.mkdir(parents=True, exist_ok=True)
    for name, data in files.items():
        draft = options.out / f".{name}.new"
        draft.write_bytes(data)
        draft.replace(options.out / name)
        say(str(options.out / name))
    return 0


def _wanted(options: argparse.Namespace) -> tuple[str, str | None]:
    """Return format and run as said, by position or by --format. Raises UsageError."""
    words = list(options.words)
    form = options.format or (words.pop(0) if words else "")
    if form not in _EVERY:
        raise UsageError(f"{form!r} is no format: choose from {', '.join(_EVERY)}")
    if len(words) > 1:
        raise UsageError(f"{words[1]!r} is one word too many: a format and one run are enough")
    return form, words[0] if words else None
