"""What a whole scan still finds on a network that loses packets: coverage of hosts, ports, protocols and makers.

    python benchmarks/loss.py [--cameras 300] [--percent 0 0.5 5] [--network 'on our link'] [--runs 1]

Two networks: on our own link (ARP, multicast, single questions) and behind a router. Loss is nft's `numgen`, each way.
Root, iproute2 and nftables; everything stays inside namespaces of its own.
"""

import argparse
import json
import subprocess
import sys
import tempfile
from collections import Counter
from dataclasses import dataclass
from pathlib import Path
from statistics import median
from time import monotonic
from typing import Any

sys.path.insert(0, str(Path(__file__).resolve().parents[1]))

from benchmarks.sweep_net import CAMERAS, Net, in_private, some

NETWORKS = {"routed": ("cameras", "10.77.0.0/22"), "on our link": ("link", "10.80.4.0/22")}
SCOPE = """
[authorisation]
organisation = "Laboratory"
authorised_by = "the benchmark"
valid_from = 2020-01-01
valid_until = 2099-01-01
[[network]]
cidr = "{cidr}"
[[network]]
cidr = "10.80.0.1/32"
"""
_ENDS = (("audit", "eth0"), ("audit", "eth1"), ("router", "eth0"), ("link", "eth0"))
_PROTOCOLS = ("wsd.probe_match", "sadp.reply", "dhip.reply", "http.response", "rtsp.response")


@dataclass(frozen=True)
class Found:
    """Of the planted cameras: how many were met, all three ports of each, named with their maker; answers by kind."""

    hosts: int
    ports: int
    makers: int
    kinds: Counter[str]
    seconds: float


def main() -> None:
    """Measure and print."""
    options = _options()
    if not in_private():
        return
    for label in options.network:
        namespace, cidr = NETWORKS[label]
        for percent in options.percent:
            with Net() as net:
                cameras = some(cidr, options.cameras)
                net.live(namespace, [cidr], cameras)
                net.answer(namespace, CAMERAS)
                _lose(net, percent)
                found = [_scan(net, cidr, frozenset(cameras)) for _ in range(options.runs)]
            _print(label, percent, options.cameras, found)


def _options() -> argparse.Namespace:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--cameras", type=int, default=300)
    parser.add_argument("--percent", type=float, nargs="+", default=[0.0, 0.5, 5.0])
    parser.add_argument("--network", choices=tuple(NETWORKS), nargs="+", default=list(NETWORKS))
    parser.add_argument("--runs", type=int, default=1)
    return parser.parse_args()


def _lose(net: Net, percent: float) -> None:
    """Drop frames of every kind, ARP too, as they come in: at us, and on the way to us."""
    if not percent:
        return
    lost = f"numgen random mod 1000 < {round(percent * 10)} drop"
    for namespace, device in _ENDS:
        hook = f"type filter hook ingress device {device} priority 0; {lost}"
        net.run(namespace, ["nft", "-f", "-"], f"table netdev {device} {{ chain c {{ {hook}; }}; }}")


def _scan(net: Net, cidr: str, cameras: frozenset[str]) -> Found:
    with tempfile.TemporaryDirectory() as made:
        folder = Path(made)
        (folder / "scope.toml").write_text(SCOPE.format(cidr=cidr), encoding="utf-8")
        words = ["scan", "--profile", "fast", "--scope", str(folder / "scope.toml"), "--out", str(folder / "run")]
        command = [sys.executable, "-m", "netaudit", *words, "--store", str(folder / "store.db")]
        begun = monotonic()
        subprocess.run(["ip", "netns", "exec", "audit", *command], check=False, capture_output=True)
        return _read(folder / "run", cameras, monotonic() - begun)


def _read(run: Path, cameras: frozenset[str], seconds: float) -> Found:
    devices = {ip: device for device in _lines(run / "devices.jsonl") for ip in device["addresses"]}
    met = cameras & devices.keys()
    heard = [line for line in _lines(run / "observations.jsonl") if line["target"].get("ip") in cameras]
    whole = {line["target"]["ip"] for line in heard if line["kind"] == "tcp.ports" and len(line["fields"]["open"]) == 3}
    kinds = Counter(kind for kind, _ in {(line["kind"], line["target"]["ip"]) for line in heard})
    makers = sum(devices[ip]["maker"]["value"] is not None for ip in met)
    return Found(len(met), len(whole), makers, kinds, seconds)


def _lines(path: Path) -> list[dict[str, Any]]:
    return [json.loads(line) for line in path.read_text(encoding="utf-8").splitlines()]


def _print(label: str, percent: float, planted: int, found: list[Found]) -> None:
    def share(of: str) -> str:
        return f"{100 * median(getattr(one, of) for one in found) / planted:.2f} %"

    kinds = ", ".join(f"{kind} {median(one.kinds[kind] for one in found):g}" for kind in _PROTOCOLS)
    seconds = median(one.seconds for one in found)
    print(
        f"{label}, {percent} % loss: hosts {share('hosts')}, whole port lists {share('ports')}, "
        f"makers {share('makers')}; {kinds}; {seconds:.0f} s", flush=True,
    )  # fmt: skip


if __name__ == "__main__":
    main()
