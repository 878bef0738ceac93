"""How fast are the sweeps, and a whole scan, beside nmap and masscan? One command builds the networks and measures.

    sudo .venv/bin/python benchmarks/sweep.py [ROW ...] [--runs N]

Rows: wide16 arp16 connect20 crowd loss slow20 home24 cameras2000 (default: all). Needs root, iproute2, nftables, nmap;
masscan where it is installed. Nothing leaves the namespaces, and nothing is left behind. A row prints its medians as
lines of a Markdown table: what, wall seconds (all runs), processor seconds, peak MB, what was found.
"""

import argparse
import json
import os
import re
import shutil
import subprocess
import sys
import tempfile
import time
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from pathlib import Path
from statistics import median

sys.path.insert(0, str(Path(__file__).resolve().parents[1]))

from benchmarks.sweep_net import CAMERAS, Net, in_private, some

ALONE = [sys.executable, str(Path(__file__).with_name("sweep_alone.py"))]
NETAUDIT = [sys.executable, "-m", "netaudit"]
TEN = "80,443,554,8000,8080,8554,9000,2020,34567,37777"
WIDE, MIDDLE, HOME, LINK = "10.9.0.0/16", "10.9.0.0/20", "10.9.0.0/24", "10.80.0.0/16"


@dataclass(frozen=True, slots=True)
class Took:
    """One run. `found`: what it reported, for comparison with what there is."""

    wall: float
    cpu: float
    mb: float
    found: str


def timed(command: Sequence[str], count: Callable[[str], str], limit: float = 900) -> Took:
    """Run a program in the auditor's namespace; its own processor time and peak memory, children included."""
    before, begun = os.times(), time.perf_counter()
    full = ["ip", "netns", "exec", "audit", sys.executable, "-c", _PEAK, *command]
    try:
        done = subprocess.run(full, capture_output=True, text=True, timeout=limit, check=False)
    except subprocess.TimeoutExpired:
        return Took(limit, 0, 0, "not finished")
    wall, after = time.perf_counter() - begun, os.times()
    peak = re.search(r"PEAK (\d+)", done.stderr)
    cpu = after.children_user + after.children_system - before.children_user - before.children_system
    return Took(
        wall,
        cpu,
        int(peak[1]) / 1024 if peak else 0,
        count(done.stdout) if done.returncode in (0, 1) else done.stderr[-300:],
    )


_PEAK = """\
import resource, subprocess, sys
code = subprocess.run(sys.argv[1:]).returncode
print("PEAK", resource.getrusage(resource.RUSAGE_CHILDREN).ru_maxrss, file=sys.stderr)
raise SystemExit(code)
"""


def row(name: str, command: Sequence[str], count: Callable[[str], str], runs: int, limit: float = 900) -> None:
    """Measure one program and print its line."""
    show(name, [timed(command, count, limit) for _ in range(runs)])


def show(name: str, took: Sequence[Took]) -> None:
    """Print the medians, and the load of the machine: whoever else used it made the wall times longer."""
    walls = " ".join(f"{one.wall:.1f}" for one in took)
    found = "; ".join(dict.fromkeys(one.found for one in took))
    wall, cpu, mb = (median(getattr(one, key) for one in took) for key in ("wall", "cpu", "mb"))
    print(f"| {name} | {wall:.1f} ({walls}) | {cpu:.1f} | {mb:.0f} | {found} | {os.getloadavg()[0]:.1f} |", flush=True)


def ours(text: str) -> str:
    """What the sweep found."""
    told = json.loads(text)
    lost = f", {told['losses']}" if told["losses"] else ""
    unsent = f", {told['not_sent']} not sent" if told["not_sent"] else ""
    return f"{told['living']} living, {told['open']} open, {told['packets']} packets{unsent}{lost}"


def theirs(text: str) -> str:
    """What nmap's or masscan's greppable output names."""
    hosts = len(re.findall(r"Status: Up", text)) or len(set(re.findall(r"Host: (\S+)", text)))
    return f"{hosts} living, {text.count('/open/')} open"


def nmap(*words: str) -> list[str]:
    """Nmap without names, into greppable output."""
    return ["nmap", "-n", *words, "-oG", "-"]


def wide16(runs: int) -> None:
    """A /16 behind a router, 2 % live, ten ports, no limit."""
    with Net() as net:
        net.live("cameras", [WIDE], some(WIDE, 1311))
        net.answer("cameras")
        row("netaudit, sweep alone", [*ALONE, WIDE], ours, runs)
        row(
            "nmap -sS -PS80,443,554 -T4 --min-rate 20000",
            nmap("-sS", "-PS80,443,554", "-T4", "--min-rate", "20000", "-p", TEN, WIDE),
            theirs,
            runs,
        )
        if shutil.which("masscan"):
            masscan = ["masscan", WIDE, "-p", TEN, "--rate", "100000", "--wait", "2", "-oG", "-"]
            row("masscan --rate 100000 --wait 2", masscan, theirs, min(runs, 3), limit=60)


def arp16(runs: int) -> None:
    """ARP over a /16 on one link, 2 % live."""
    with Net() as net:
        net.live("link", [], some(LINK, 1310))
        row("netaudit, ARP alone", [*ALONE, LINK, "--arp"], ours, runs)
        row("nmap -sn -PR --min-rate 20000", nmap("-sn", "-PR", "--min-rate", "20000", LINK), theirs, min(runs, 3))


def connect20(runs: int) -> None:
    """Without raw sockets: a routed /20, 2 % live, ten ports."""
    with Net() as net:
        net.live("cameras", [MIDDLE], some(MIDDLE, 82))
        net.answer("cameras")
        row("netaudit --engine connect", [*ALONE, MIDDLE, "--engine", "connect"], ours, runs)
        row("netaudit --engine syn", [*ALONE, MIDDLE, "--engine", "syn"], ours, runs)
        options = ("-sT", "-PS80,443,554", "-T4", "--min-rate", "20000", "-p", TEN, MIDDLE)
        row("nmap --unprivileged -sT, same", nmap("--unprivileged", *options), theirs, runs)


def crowd(runs: int) -> None:
    """More living hosts on one link than the kernel's neighbour table holds."""
    with Net() as net:
        net.live("link", [], some(LINK, 3000))
        net.answer("link")
        row("netaudit, 3,000 living on one link", [*ALONE, LINK], ours, runs)
        options = ("-sS", "-T4", "--min-rate", "20000", "-p", TEN, LINK)
        row("nmap -sS -T4 --min-rate 20000", nmap(*options), theirs, 1)


def loss(runs: int) -> None:
    """Packets lost in each direction: 2,000 living hosts in a /16, ten ports."""
    for percent in (0.5, 5.0):
        with Net() as net:
            net.live("cameras", [WIDE], some(WIDE, 2000))
            net.answer("cameras")
            net.lose(percent)
            row(f"netaudit at {percent} % loss, 4,000 open ports there", [*ALONE, WIDE], ours, runs)
            options = ("-sS", "-PS80,443,554", "-T4", "--min-rate", "20000", "-p", TEN, WIDE)
            row(f"nmap at {percent} % loss", nmap(*options), theirs, 1)


def slow20(runs: int) -> None:
    """A /20 at 500 packets/s: 800 live, 300 of them cameras."""
    with Net() as net:
        _building(net)
        row("netaudit, sweep alone", [*ALONE, MIDDLE, "--rate", "500", "--host-rate", "10"], ours, runs)
        options = ("-sS", "-PS80,443,554", "--max-rate", "500", "-p", TEN, MIDDLE)
        row("nmap -sS -PS80,443,554 --max-rate 500", nmap(*options), theirs, runs)
        scan_row("netaudit scan, to the report", MIDDLE, "", runs)


def home24(runs: int) -> None:
    """A /24 with 40 cameras at the default limits, from the command to the finished report."""
    with Net() as net:
        net.live("cameras", [HOME], some(HOME, 40))
        net.answer("cameras", CAMERAS)
        scan_row("netaudit scan, to the report", HOME, "", runs)


def cameras2000(runs: int) -> None:
    """2,000 living cameras asked by every protocol that they speak, no limit; nmap -sV on ten of them."""
    with Net() as net:
        addresses = some("10.9.0.0/19", 2000)
        net.live("cameras", ["10.9.0.0/19"], addresses)
        net.answer("cameras", CAMERAS)
        free = (
            "[limits]\npackets_per_second = 1000000\npackets_per_host = 1000\nconnections_per_host = 4\npause = 0.0\n"
        )
        scan_row("netaudit scan of 2,000 cameras, to the report", "10.9.0.0/19", free, runs)
        row("nmap -sV, ten of them", nmap("-sV", "-Pn", "-T4", "-p", "80,554,8000", *addresses[:10]), theirs, 1)


def _building(net: Net) -> None:
    """300 cameras in one half of the /20, 500 hosts that refuse every port in the other."""
    net.live("cameras", ["10.9.0.0/21"], some("10.9.0.0/21", 300))
    net.live("others", ["10.9.8.0/21"], some("10.9.8.0/21", 500))
    net.answer("cameras", CAMERAS)


def scan_row(name: str, network: str, limits: str, runs: int) -> None:
    """Measure whole scans by the command line."""
    with tempfile.TemporaryDirectory() as folder:
        scope = Path(folder) / "scope.toml"
        scope.write_text(
            '[authorisation]\norganisation = "Bench"\nauthorised_by = "Bench"\nvalid_from = 2026-01-01\n'
            f'valid_until = 2100-01-01\n{limits}\n[[network]]\ncidr = "{network}"\n'
        )
        took: list[Path] = []

        def count(_: str) -> str:
            told = json.loads((took[-1] / "run.json").read_text())
            devices = [json.loads(line) for line in (took[-1] / "devices.jsonl").read_text().splitlines()]
            named = sum(bool(device["maker"]["value"]) for device in devices)
            return f"{len(devices)} devices, {named} with their maker, {told['packets']} packets, {told['losses']}"

        results = []
        for number in range(runs):
            took.append(Path(folder) / f"run{number}")
            store = ["--store", str(Path(folder) / f"store{number}.db")]
            command = [*NETAUDIT, "scan", "--scope", str(scope), "--out", str(took[-1]), *store]
            results.append(timed(command, count, 1800))
        show(name, results)


ROWS = {one.__name__: one for one in (wide16, arp16, connect20, crowd, loss, slow20, home24, cameras2000)}


def main() -> None:
    """Measure the rows asked for."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("rows", nargs="*", metavar="ROW", help=f"of {', '.join(ROWS)} (default: all)")
    parser.add_argument("--runs", type=int, default=5, help="runs of each program (default: %(default)s)")
    options = parser.parse_args()
    if unknown := [name for name in options.rows if name not in ROWS]:
        parser.error(f"no such row: {', '.join(unknown)}")
    in_private()
    for name in options.rows or ROWS:
        print(f"\n### {name}: {ROWS[name].__doc__}\n")
        print("| what | wall s | CPU s | MB | found | load |\n| --- | --- | --- | --- | --- | --- |")
        ROWS[name](options.runs)


if __name__ == "__main__":
    main()
