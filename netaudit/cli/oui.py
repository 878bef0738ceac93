"""netaudit oui: who registered a MAC address."""

import argparse

from netaudit.cli.terminal import out, table
from netaudit.data import data_folder

_EPILOG = """\
Looks MAC addresses up in the shipped IEEE registries (MA-L, MA-M, MA-S, IAB; the longest prefix wins). A registered
owner is a clue, not a verdict: module makers and generic giants say nothing about who made a camera, and a locally
administered address has no owner at all.

  netaudit oui 44:19:b6:01:02:03 3cef.8c00.0019
"""


def configure(parser: argparse.ArgumentParser) -> None:
    """Add the options of this verb."""
    parser.epilog = _EPILOG
    parser.add_argument("macs", nargs="+", metavar="MAC", help="in any usual notation")
    parser.set_defaults(command=run)


def run(options: argparse.Namespace) -> int:
    """Print one line a MAC; exit status 1 where one was not found."""
    from netaudit.identify.oui import OuiTable

    registries = OuiTable(data_folder("oui_data"))
    owners = [(mac, registries.lookup(mac)) for mac in options.macs]
    rows = ((mac, o.state, o.prefix, o.organisation, o.maker, o.role) for mac, o in owners)
    for line in table(("MAC", "STATE", "PREFIX", "REGISTERED OWNER", "MAKER", "ROLE"), rows):
        out(line)
    return 0 if all(owner.state == "found" for _, owner in owners) else 1
