"""netaudit listen: what devices say without being asked, into a run like a scan's."""

import argparse
import asyncio
import re
from pathlib import Path
from typing import Final

from netaudit.cli.identify import add_signature_options
from netaudit.cli.run_reference import add_store_option
from netaudit.cli.scan import RUNS, check_owner
from netaudit.clock import now
from netaudit.errors import UsageError

_UNITS: Final = {"": 1, "s": 1, "m": 60, "h": 3600, "d": 86400}
_EPILOG = """\
Sends nothing, and joins no group: a packet socket hears what comes by. Learns from WS-Discovery Hello and Bye, SSDP
NOTIFY, mDNS, the announcements of the makers' own protocols (also SADP on layer 2), ARP, neighbour discovery, DHCP
requests, LLDP and CDP; VLAN tags are kept. What it hears is identified, judged and reported like a scan.

  sudo netaudit listen --for 10m                     ten minutes on every link in scope, then the report
  sudo netaudit listen                               until Ctrl-C; everything heard is kept and reported
  sudo netaudit listen --interface eth1 --everything --for 1h     on a mirror port of a switch
  sudo netaudit listen --join                        also join the discovery groups: the kernel then sends reports
                                                     of membership (IGMP, MLD), which a snooping switch waits for
  netaudit listen --join                             without root: announcements to groups and everybody, no MACs

Only addresses in the written scope are kept; others are counted. A unit that is set up for another subnet but hangs
on our own link is listed with its MAC. Devices that say nothing in that time are unknown: a scan asks them.
Exit status: 0 nothing needs attention, 1 something does, 2 wrong use or bad input, 130 stopped before its time.
"""


def configure(parser: argparse.ArgumentParser) -> None:
    """Add the options of this verb."""
    parser.epilog = _EPILOG
    parser.add_argument("--scope", type=Path, help="who allowed what (default: scope.toml)")
    parser.add_argument(
        "--for", dest="seconds", metavar="TIME", type=span, help="how long: 90s, 10m, 2h (default: until stopped)"
    )
    parser.add_argument("--out", type=Path, metavar="DIR", help=f"folder of the run (default: {RUNS}/<time>)")
    parser.add_argument(
        "--interface", action="append", default=[], metavar="NAME", help="listen here (may be repeated; "
        "default: every link with an address in scope)",
    )  # fmt: skip
    parser.add_argument(
        "--join", action="store_true", help="join the discovery groups: the kernel then sends IGMP and MLD reports, "
        "which a snooping switch waits for (default: join nothing, send nothing)",
    )  # fmt: skip
    parser.add_argument(
        "--everything", action="store_true", help="hear also what is addressed to others: for a mirror port"
    )
    parser.add_argument("--format", choices=("jsonl",), help="write observations to standard output as they come in")
    parser.add_argument("--owner", type=Path, help="your answers (default: owner.toml here or beside the scope)")
    add_store_option(parser)
    add_signature_options(parser)
    parser.set_defaults(command=run)


def span(text: str) -> float:
    """Return the seconds of "90", "90s", "10m", "2h" or "1d". Raises ArgumentTypeError for anything else."""
    found = re.fullmatch(r"(\d{1,7}(?:\.\d{1,3})?)([smhd]?)", text.strip())
    seconds = float(found[1]) * _UNITS[found[2]] if found else 0.0
    if not seconds:
        raise argparse.ArgumentTypeError(f"{text!r} is no time: 90s, 10m, 2h or 1d")
    return seconds


def run(options: argparse.Namespace) -> int:
    """Listen, judge, report."""
    from netaudit.cli.corrections import corrections_of
    from netaudit.cli.finish import finish
    from netaudit.cli.knowledge import knowledge_of
    from netaudit.cli.results import owner_file
    from netaudit.cli.run_listen import listen_into
    from netaudit.scope.load import load_scope

    path = options.scope or Path("scope.toml")
    if not path.exists():
        raise UsageError(f"{path} is not there: `netaudit init` writes it, or name another with --scope")
    scope = load_scope(path)
    # Data files are read before the first message: a mistake in them must not surface after a day's listening.
    knowledge, owner, typed = knowledge_of(options), owner_file(options.owner, path), corrections_of(options)
    check_owner(owner)
    folder = options.out or RUNS / now().strftime("%Y%m%d-%H%M%S")
    status = asyncio.run(listen_into(folder, scope, options, knowledge.digest))
    attention = finish(folder, knowledge, owner, typed, options.store)
    return 130 if status == "partial" else 1 if attention else 0
