"""netaudit demo: the main job on the virtual building. The scan is the real one and does not know."""

import argparse
import asyncio
import json
import os
import shlex
import shutil
import signal
import subprocess
import sys
import tempfile
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from pathlib import Path

from netaudit.cli import main
from netaudit.cli.places import user_data
from netaudit.cli.terminal import harmless, out, say, table
from netaudit.clock import now
from netaudit.errors import NetauditError
from netaudit.scope.write import write_new

_EPILOG = """\
78 devices answer on this machine's loopback addresses (127.77.x.y) with real sockets: cameras and recorders
of many makers, relabelled ones, innocent bystanders, one that contradicts itself, some that misbehave. Nothing leaves
the machine.

  netaudit demo                    start the building, scan it, write the report, compare with the truth
  netaudit demo --table            what a scan must say about each device
  netaudit demo --without 127.77.3.2 --without 127.77.3.3      as after a removal: two units were taken down
  netaudit demo --serve            only the building, until Ctrl-C; prints where its scope file lies

The run goes into a store of the demo's own (demo/netaudit.db in your data folder, or --store), never into yours:
virtual units must not stand among real ones.
"""


def configure(parser: argparse.ArgumentParser) -> None:
    """Add the options of this verb."""
    parser.epilog = _EPILOG
    parser.add_argument("--out", type=Path, metavar="DIR", help="folder of the run (default: audit/<time>)")
    parser.add_argument("--table", action="store_true", help="print what a scan must say, and do nothing else")
    parser.add_argument("--serve", action="store_true", help="only keep the building open")
    parser.add_argument(
        "--without", action="append", default=[], metavar="ADDRESS", help="a unit that was taken down; may be repeated"
    )
    parser.add_argument("--scope", type=Path, help="with --serve: where to write the building's scope file")
    parser.add_argument(
        "--store", metavar="STORE", help="a file, or postgresql://user@host/name (default: the demo's own)"
    )
    parser.set_defaults(command=run)


def run(options: argparse.Namespace) -> int:
    """Show the table, serve, or do the main job."""
    if options.table:
        return _table()
    if options.serve:
        return _serve(options.scope, options.without)
    from netaudit.demo.load import OWNER, load_plan, taken_down

    taken_down(load_plan(), options.without)
    folder = options.out or Path("audit") / now().strftime("%Y%m%d-%H%M%S")
    store = options.store or str(demo_store())
    login = load_plan().login
    os.environ.setdefault(login.variable, login.password)
    with _building(options.without) as scope:
        status = main(["scan", "--scope", str(scope), "--out", str(folder), "--owner", str(OWNER), "--store", store])
    if status == 130:
        say("The building went down with the scan: begin again with `netaudit demo`, --resume would meet nobody.")
    if status in (0, 1):
        _compare(folder, options.without)
        say(f"Look closer: {_program()} devices --run {shlex.quote(str(folder))}")
        say(f"Kept apart from your own runs: {_program()} serve --store {shlex.quote(store)}")
    return status


def _program() -> str:
    """How this program is called here, so that a line can be copied: after `make audit` it lies in .venv/bin."""
    called = Path(sys.argv[0])
    found = called.name == "netaudit" and shutil.which("netaudit") is None
    return shlex.quote(str(called)) if found else "netaudit"


def demo_store() -> Path:
    """Return the store of the demo, whatever $NETAUDIT_STORE says: that one is for real buildings."""
    return user_data() / "demo" / "netaudit.db"


def _table() -> int:
    from netaudit.demo.expected import expected

    head = ("ADDRESS", "SITE", "TYPE", "MAKER", "LABEL", "MODEL", "RELABELLED", "WHY IT IS THERE")
    rows = (
        (
            row.address, row.site, row.type or row.truth.type, row.maker if row.maker is not None else row.truth.maker,
            row.brand or "-", row.model or "-", {True: "yes", False: "no", None: "-"}[row.relabelled], row.note,
        )
        for row in expected()
    )  # fmt: skip
    for line in table(head, rows):
        out(line)
    return 0


def _serve(scope: Path | None, without: Sequence[str]) -> int:
    """Keep the building open; the scope file appears once every device answers."""
    from netaudit.demo.building import Building
    from netaudit.demo.serve import serve

    place = scope or Path(tempfile.mkdtemp(prefix="netaudit-demo-")) / "scope.toml"

    def tell(building: Building) -> None:
        for notice in building.notices:
            say(notice)
        write_new(place, building.scope_toml())
        login = building.plan.login
        say(f"The virtual building stands. Scan it: {login.variable}={login.password} netaudit scan --scope {place}")

    async def until_told() -> None:
        stop = asyncio.Event()
        for number in (signal.SIGINT, signal.SIGTERM):
            asyncio.get_running_loop().add_signal_handler(number, stop.set)
        await serve(tell, stop, without)

    asyncio.run(until_told())
    return 0


@contextmanager
def _building(without: Sequence[str]) -> Iterator[Path]:
    """Start the building as a process of its own; yield its scope file."""
    with tempfile.TemporaryDirectory(prefix="netaudit-demo-") as folder:
        scope = Path(folder) / "scope.toml"
        command = [sys.executable, "-m", "netaudit", "demo", "--serve", "--scope", str(scope)]
        command += [word for address in without for word in ("--without", address)]
        say("Starting the virtual building ...")
        # A group of its own: Ctrl-C must end the scan first, and the building after it.
        with subprocess.Popen(command, stderr=subprocess.PIPE, start_new_session=True) as child:
            try:
                for line in iter(child.stderr.readline, b"") if child.stderr else ():
                    if scope.exists():
                        break
                    say(line.decode("utf-8", "replace").rstrip())
                if not scope.exists():
                    raise NetauditError("the virtual building did not start (see above)")
                yield scope
            finally:
                os.killpg(child.pid, signal.SIGTERM)


def _compare(folder: Path, without: Sequence[str]) -> None:
    from netaudit.demo.expected import by_address, expected

    devices = [json.loads(line) for line in (folder / "devices.jsonl").read_text(encoding="utf-8").splitlines()]
    found = by_address(devices)
    rows = expected(next((ip for ip in found if ip.startswith("127.")), "127.77.0.1"), without)
    misses = [miss for row in rows for miss in row.misses(found.get(row.address))]
    for miss in misses:
        say(f"  differs from the truth: {harmless(miss)}")
    wrong = len({miss.partition(":")[0] for miss in misses})
    say(f"Compared with the truth: {len(rows) - wrong} of {len(rows)} devices are named as they must be.")
