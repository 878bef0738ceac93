"""netaudit switches: where is each device plugged in? Reads the tables of your own switches and routers."""

import argparse
import asyncio
import json
from collections.abc import Iterator, Mapping, Sequence
from pathlib import Path
from typing import TYPE_CHECKING, Final, NamedTuple

from netaudit.cli.identify import add_signature_options
from netaudit.cli.run_reference import add_store_option
from netaudit.cli.terminal import out, say, table
from netaudit.errors import UsageError

if TYPE_CHECKING:
    from netaudit.cli.results import Results
    from netaudit.identify.device import Device
    from netaudit.identify.edge_ports import EdgePort

_EPILOG = """\
Name them in the scope file; their secrets stay where they are (environment, key ring, file):

  [[switch]]
  address = ["10.20.0.2", "10.20.0.3"]
  community = "env:NETAUDIT_SNMP"          # SNMP version 2c

  [[router]]
  address = "10.20.0.1"
  user = "auditor"                         # SNMP version 3
  auth = "sha256"
  auth_secret = "keyring:netaudit/snmp"
  privacy = "aes128"
  privacy_secret = "keyring:netaudit/snmp-privacy"

  netaudit switches                        read them; cameras and the like with switch, port, VLAN and watts
  netaudit switches --all                  every device that the tables know
  netaudit switches --format csv           the same for a spreadsheet
  netaudit switches --run RUN              show it from a scan that has read them already

Only GET and GETBULK of named tables are sent, only to these addresses. `netaudit scan` reads the same tables.
Exit status: 0 all were read, 1 one of them was not, 2 wrong use.
"""
_HEAD: Final = ("ADDRESS", "MAC", "TYPE", "MAKER", "SWITCH", "PORT", "VLAN", "WATTS", "PORT LABEL", "OTHERS")


class Row(NamedTuple):
    """One device on its port. `others`: further MACs on the same port."""

    address: str
    mac: str
    type: str
    maker: str
    switch: str
    port: str
    vlan: str
    watts: str
    label: str
    others: str


def configure(parser: argparse.ArgumentParser) -> None:
    """Add the options of this verb."""
    parser.epilog = _EPILOG
    parser.add_argument("--scope", type=Path, help="who allowed what (default: scope.toml)")
    parser.add_argument("--out", type=Path, metavar="DIR", help="folder of the run (default: netaudit-runs/<time>)")
    parser.add_argument("--run", metavar="RUN", help="ask nobody: show what a run has read")
    parser.add_argument(
        "--profile", choices=("gentle", "normal", "fast"), default="normal", help="default: %(default)s"
    )
    parser.add_argument("--all", action="store_true", help="also devices that do not look like cameras or recorders")
    parser.add_argument("--format", choices=("table", "csv", "jsonl"), default="table", help="default: %(default)s")
    add_store_option(parser)
    add_signature_options(parser)
    parser.set_defaults(command=run)


def run(options: argparse.Namespace) -> int:
    """Read the tables, or a run, and print where everything hangs."""
    results = _of_run(options) if options.run else _read(options)
    rows, uplinks = list(_rows(results, everything=options.all)), _uplinks(results)
    _print(rows, options.format)
    if options.format == "table" and uplinks:
        out("\nUplinks (no camera is placed on them):")
        for line in table(("SWITCH", "PORT", "BECAUSE"), [(*port, reason) for port, reason in uplinks.items()]):
            out(line)
    for loss in results.info.losses:
        say(f"Not seen: {loss}")
    placed = sum(1 for row in rows if row.port)
    say(f"{len(rows)} devices, {placed} of them on a port. Run: {results.folder}")
    return 1 if results.info.losses or results.info.status != "complete" else 0


def _of_run(options: argparse.Namespace) -> "Results":
    from netaudit.cli.knowledge import knowledge_of
    from netaudit.cli.results import conclude
    from netaudit.cli.run_reference import run_folder

    return conclude(run_folder(options), knowledge_of(options))


def _read(options: argparse.Namespace) -> "Results":
    from netaudit.cli.knowledge import knowledge_of
    from netaudit.cli.results import conclude, write_results
    from netaudit.cli.run_scan import scan_into
    from netaudit.cli.scan import RUNS
    from netaudit.clock import now
    from netaudit.scope.load import load_scope

    path = options.scope or Path("scope.toml")
    if not path.exists():
        raise UsageError(f"{path} is not there: `netaudit init` writes it, or name another with --scope")
    scope = load_scope(path, options.profile)
    if not scope.agents:
        raise UsageError(f"{path} names no [[switch]] or [[router]]: `netaudit switches --help` shows how")
    knowledge = knowledge_of(options)
    folder = options.out or RUNS / now().strftime("%Y%m%d-%H%M%S")
    quiet = argparse.Namespace(
        engine="connect", profile=options.profile, experimental=False, resume=False, format=None, tables_only=True
    )
    asyncio.run(scan_into(folder, scope, quiet, knowledge.digest))
    results = conclude(folder, knowledge)
    write_results(results)
    return results


def _rows(results: "Results", *, everything: bool) -> Iterator[Row]:
    from netaudit.identify.edge_ports import edge_ports

    edges = edge_ports(results.observations.values())
    for device in results.devices:
        if everything or _may_watch(device):
            yield _row(device, edges)


def _may_watch(device: "Device") -> bool:
    """True for surveillance gear, and for what bears a camera maker's MAC without having said what it is."""
    from netaudit.identify.device import SURVEILLANCE_TYPES

    unsaid = device.type.value in (None, "unknown") and device.maker.value is not None
    return device.type.value in SURVEILLANCE_TYPES or unsaid


def _row(device: "Device", edges: Mapping[str, "EdgePort"]) -> Row:
    mac = next((mac for mac in device.macs if mac in edges), device.macs[0] if device.macs else "")
    edge = edges.get(mac)
    maker = device.maker.name or device.maker.value or ""
    address = device.addresses[0] if device.addresses else ""
    if edge is None:
        return Row(address, mac, device.type.value or "", maker, "", "", "", "", "", "")
    return Row(
        address, mac, device.type.value or "", maker, edge.switch, edge.port, edge.vlan, edge.watts, edge.alias,
        str(edge.others) if edge.others else "",
    )  # fmt: skip


def _uplinks(results: "Results") -> dict[tuple[str, str], str]:
    from netaudit.identify.port_facts import gather

    return gather(results.observations.values()).uplinks()


def _print(rows: Sequence[Row], form: str) -> None:
    if form == "jsonl":
        for row in rows:
            out(json.dumps(row._asdict(), ensure_ascii=False))
    elif form == "csv":
        from netaudit.report.csv_rows import csv_text

        out(csv_text([[name.lower().replace(" ", "_") for name in _HEAD], *rows]).rstrip("\n"))
    else:
        for line in table(_HEAD, [tuple(cell or "-" for cell in row) for row in rows]):
            out(line)
