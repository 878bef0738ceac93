"""netaudit attach: keep a photo, an invoice or a letter with a device of a run."""

import argparse
from pathlib import Path

from netaudit.cli.attachments import KINDS
from netaudit.cli.run_reference import add_run_options, run_folder
from netaudit.cli.terminal import harmless, say

_EPILOG = """\
  netaudit attach 10.20.0.7 label.jpg --kind photo --by "A. Person" --note "label under the housing"

The file is copied into the run's folder and goes into the evidence pack with its hash. A photograph may tell where and
by whom it was taken: remove that first where it must not be handed on.
"""


def configure(parser: argparse.ArgumentParser) -> None:
    """Add the options of this verb."""
    parser.epilog = _EPILOG
    parser.add_argument("device", metavar="DEVICE", help="id, address, MAC or serial number")
    parser.add_argument("file", type=Path, metavar="FILE")
    parser.add_argument("--kind", choices=KINDS, default="other", help="default: %(default)s")
    parser.add_argument("--note", default="", help="what it shows")
    parser.add_argument("--by", required=True, metavar="NAME", help="who attaches it")
    add_run_options(parser)
    parser.set_defaults(command=run)


def run(options: argparse.Namespace) -> int:
    """Copy the file and write it down."""
    from netaudit.cli.attachments import attach
    from netaudit.cli.kept_devices import device_of
    from netaudit.clock import now, rfc3339

    folder = run_folder(options)
    device = device_of(folder, options.device)
    entry = attach(folder, device, options.file, options.kind, options.note, options.by, rfc3339(now()))
    say(f"Kept with {harmless(device)} as {folder / 'attachments' / entry.file} (SHA-256 {entry.sha256})")
    return 0
