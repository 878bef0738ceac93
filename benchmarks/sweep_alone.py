"""The sweep of one run and nothing else, into a run folder as always: journal, observations, no questions.

    sweep_alone.py NETWORK --rate N --host-rate N [--engine E] [--ports all]

Prints one JSON object: living hosts, open ports, packets, what was not sent and what was lost.
"""

import argparse
import asyncio
import json
import sys
import tempfile
from datetime import date
from ipaddress import ip_network
from pathlib import Path

sys.path.insert(0, str(Path(__file__).resolve().parents[1]))

import netaudit.scan.run as running
from netaudit.evidence.log import RunLog, read_observations
from netaudit.scan.catalogue import Catalogue
from netaudit.scan.options import ScanOptions
from netaudit.scope.gate import Gate
from netaudit.scope.model import Authorisation, Limits, Network, Scope
from netaudit.sweep.ports import CameraPorts

TEN = CameraPorts((80, 443, 554, 8000, 8080, 8554, 9000, 2020, 34567, 37777), (80, 443, 554))


def main() -> None:
    """Sweep, and print what it took."""
    options = _options()
    if options.arp:
        running.camera_ports = lambda: CameraPorts((), ())  # type: ignore[assignment]
    elif not options.all_ports:
        running.camera_ports = lambda: TEN  # type: ignore[assignment]
    granted = Authorisation("Bench", "Bench", "", "", date(2026, 1, 1), date(2100, 1, 1))
    limits = Limits(options.rate, options.host_rate, pause=0.001)
    scope = Scope(granted, (Network(ip_network(options.network)),), limits, raw=b"bench")
    with tempfile.TemporaryDirectory() as folder:
        run = Path(folder) / "run"
        with RunLog.create(run, scope.raw) as log:
            # No segment is asked, so nothing has to be listened to.
            how = ScanOptions(engine=options.engine, window=0.0, seed="bench")
            outcome = asyncio.run(running.run_scan(how, Gate(scope, date(2026, 11, 23)), log, catalogue=Catalogue()))
        ports = [o for o in read_observations(run / "observations.jsonl") if o.kind == "tcp.ports"]
        silent = sum(
            '"sweep"' in line and '"not_sent"' in line for line in (run / "attempts.jsonl").read_text().splitlines()
        )
    print(json.dumps({
        "hosts": len({o.target["ip"] for o in ports}) or outcome.hosts,
        "living": outcome.hosts, "open": sum(len(o.fields["open"]) for o in ports), "packets": outcome.packets,
        "not_sent": silent, "losses": outcome.losses,
    }))  # fmt: skip


def _options() -> argparse.Namespace:
    parser = argparse.ArgumentParser()
    parser.add_argument("network")
    parser.add_argument("--rate", type=int, default=1_000_000)
    parser.add_argument("--host-rate", type=int, default=1000)
    parser.add_argument("--engine", default="auto")
    parser.add_argument("--all-ports", action="store_true")
    parser.add_argument("--arp", action="store_true", help="no ports: who is on the link")
    return parser.parse_args()


if __name__ == "__main__":
    main()
