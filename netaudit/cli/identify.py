"""netaudit identify: observation files in, devices out."""

import argparse
import sys
from collections.abc import Iterable, Iterator
from itertools import chain
from pathlib import Path

from netaudit.cli.corrections import add_corrections_option, corrections_of
from netaudit.cli.terminal import out, out_json, say, table
from netaudit.errors import DataError
from netaudit.evidence.line import from_line
from netaudit.evidence.log import OBSERVATIONS, read_observations
from netaudit.evidence.observation import Observation
from netaudit.identify.device import Device

_EPILOG = """\
Reads observations (one JSON object a line; "-" is standard input; a folder is a run's folder) and prints one device
a line. Nothing is sent. The same input and the same signatures give the same bytes.

  netaudit identify netaudit-runs/20261123-0900
  netaudit scan --format jsonl | netaudit identify -
  netaudit identify --format jsonl old-run/observations.jsonl | jq .maker
  netaudit identify --signatures my-signatures/ run/
"""


def configure(parser: argparse.ArgumentParser) -> None:
    """Add the options of this verb."""
    parser.epilog = _EPILOG
    parser.add_argument("files", nargs="+", metavar="FILE", help='observations.jsonl, a run\'s folder, or "-"')
    parser.add_argument("--format", choices=("table", "jsonl"), default="table", help="default: %(default)s")
    add_signature_options(parser)
    parser.set_defaults(command=run)


def add_signature_options(parser: argparse.ArgumentParser) -> None:
    """Add --signatures, --lenient and --corrections: all that decides how the same observations are named."""
    add_knowledge_options(parser)
    add_corrections_option(parser)


def add_knowledge_options(parser: argparse.ArgumentParser) -> None:
    """Add --signatures and --lenient."""
    parser.add_argument(
        "--signatures", action="append", type=Path, default=[], metavar="FOLDER",
        help="a folder of your own, laid out like signatures/; may be repeated (always used, where it is there: "
        "$XDG_CONFIG_HOME/netaudit/signatures)",
    )  # fmt: skip
    parser.add_argument("--lenient", action="store_true", help="leave broken signatures out and say so")


def run(options: argparse.Namespace) -> int:
    """Identify and print."""
    from netaudit.cli.knowledge import knowledge_of
    from netaudit.identify.engine import identified

    knowledge = knowledge_of(options)
    found = identified(chain(observations_of(options.files), corrections_of(options)), knowledge)
    if options.format == "jsonl":
        for device in found:
            out_json(device.to_dict())
    else:
        devices = list(found)
        print_table(devices)
        say(f"{len(devices)} devices")
    return 0


def observations_of(files: Iterable[str]) -> Iterator[Observation]:
    """Read all the files, one after the other. Raises DataError naming file and line."""
    return chain.from_iterable(_read(name) for name in files)


def _read(name: str) -> Iterator[Observation]:
    if name == "-":
        lines = enumerate(sys.stdin.buffer, 1)
        return (from_line(line, f"standard input:{number}") for number, line in lines if not line.isspace())
    path = Path(name)
    if path.is_dir():
        path = path / OBSERVATIONS
    if not path.exists():
        raise DataError(str(path), "is not there", "an observations file, or the folder of a run")
    return read_observations(path)


def print_table(devices: Iterable[Device]) -> None:
    """Print devices for people: address, type, maker with grade, label, model."""
    rows = (
        (
            device.addresses[0] if device.addresses else "-",
            device.type.value or "-",
            f"{device.maker.name or device.maker.value or '-'}",
            (device.maker.grade or "-") + (" (typed)" if device.maker.typed else ""),
            f"{device.brand.name or device.brand.value or '-'}{' (relabelled)' if device.relabelled else ''}",
            device.model.value or "-",
            device.site or "-",
        )
        for device in devices
    )
    for line in table(("ADDRESS", "TYPE", "MAKER", "GRADE", "LABEL", "MODEL", "SITE"), rows):
        out(line)
