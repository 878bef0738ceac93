"""netaudit why: why was this address not found?"""

import argparse
import json
from pathlib import Path

from netaudit.cli.run_reference import add_run_options, run_folder
from netaudit.cli.terminal import harmless, out

_EPILOG = """\
Reads the record of a run and sends nothing: which requests went to the address and to its segment, when, by which
interface, what came back, and what would have to be true for the device to be seen. Works for addresses that were
seen, too: then it says what they kept to themselves.

  netaudit why 10.20.0.7
  netaudit why 10.20.0.7 --run audit/20261123-0900
  netaudit why 10.20.0.7 --format json

`netaudit doctor` looks at this machine instead: rights, routes, ports, tables.
"""


def configure(parser: argparse.ArgumentParser) -> None:
    """Add the options of this verb."""
    parser.epilog = _EPILOG
    parser.add_argument("address", metavar="ADDRESS")
    parser.add_argument("--format", choices=("text", "json"), default="text", help="default: %(default)s")
    add_run_options(parser)
    parser.set_defaults(command=run)


def run(options: argparse.Namespace) -> int:
    """Print the story of one address."""
    from netaudit.diagnose.causes import causes
    from netaudit.diagnose.story import as_json, story
    from netaudit.diagnose.trace import trace

    folder = run_folder(options)
    found = trace(folder, options.address)
    reasons = causes(found, str(folder))
    device = _device(folder / "devices.jsonl", str(found.address))
    if options.format == "json":
        out(json.dumps(as_json(found, reasons, device), ensure_ascii=False))
    else:
        for line in story(found, reasons, device):
            out("\n".join(map(harmless, line.split("\n"))))
    return 0


def _device(path: Path, address: str) -> str:
    """What the run took the address for: "camera by Axis Communications, 0.99", "" where it is no device."""
    quoted = json.dumps(address).encode()
    lines = path.read_bytes().splitlines() if path.is_file() else []
    for device in (json.loads(line) for line in lines if quoted in line):
        if address in device.get("addresses", ()):
            maker = device["maker"].get("name") or "a maker that is not known"
            return f"{device['type']['value']} by {maker} ({device['maker'].get('grade', 'unknown')})"
    return ""
