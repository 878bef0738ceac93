"""netaudit export: hand a run over to other systems."""

import argparse
import sys
from pathlib import Path

from netaudit.cli.identify import add_signature_options
from netaudit.cli.run_reference import add_run_options, run_folder
from netaudit.cli.terminal import say
from netaudit.errors import UsageError
from netaudit.report.export import FORMATS

_EPILOG = """\
  netaudit export --format netbox-csv --out netbox/ RUN    sites, types, devices, interfaces, MACs: import 1 to 7
  netaudit export --format snipeit-csv > assets.csv        the latest run
  netaudit export --format ocsf | your-collector           one event a unit
  netaudit export --format prometheus --out /var/lib/node_exporter/textfile/

netbox-csv      NetBox bulk import, 4.2 and later (seven files)
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
    parser.add_argument("which", nargs="?", metavar="RUN", help="a run's folder or name (the same as --run)")
    parser.add_argument("--format", choices=tuple(FORMATS), required=True, help="see below")
    parser.add_argument("--out", type=Path, metavar="DIR", help="folder to write into (default: standard output)")
    add_run_options(parser)
    add_signature_options(parser)
    parser.set_defaults(command=run)


def run(options: argparse.Namespace) -> int:
    """Write the files of one format."""
    from netaudit.cli.knowledge import knowledge_of
    from netaudit.cli.results import build, conclude
    from netaudit.report.export import renderer

    options.run = options.run or options.which
    files = renderer(options.format)(build(conclude(run_folder(options), knowledge_of(options))))
    if options.out is None:
        if len(files) > 1:
            raise UsageError(f"{options.format} is {len(files)} files: name a folder with --out")
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
