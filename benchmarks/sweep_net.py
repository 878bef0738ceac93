"""The networks that sweeps are measured on: an auditor, a router, and namespaces that answer for chosen addresses.

    audit 10.66.0.1 -- 10.66.0.254 router -- cameras (answer on 80, 554, 8000 and by UDP)
                                        \\-- others  (refuse every port)
    audit 10.80.0.1/16 -- link (on one link, all behind one MAC)

What no namespace has is dropped without a word. Run inside a private mount and PID namespace: nothing is left behind.
"""

import os
import random
import subprocess
import sys
import time
from collections.abc import Iterable, Sequence
from ipaddress import IPv4Network
from pathlib import Path

CAMERAS = [sys.executable, str(Path(__file__).with_name("cameras.py"))]
_LISTEN = (
    "import socket,time\nkept=[]\nfor p in (80,554):\n s=socket.socket();s.setsockopt(1,2,1);s.bind(('0.0.0.0',p));"
    "s.listen(4096);kept.append(s)\nprint('ready',flush=True)\ntime.sleep(99999)"
)


def in_private() -> bool:
    """True inside the private namespaces; else this program is started again there and its exit status taken over."""
    if os.environ.get("NETAUDIT_BENCH_PRIVATE") == "1":
        return True
    inner = 'mkdir -p /run/netns && mount -t tmpfs tmpfs /run/netns && exec "$@"'
    unshare = ["unshare", "--mount", "--pid", "--fork", "--kill-child", "--mount-proc", "sh", "-c", inner, "sh"]
    environment = os.environ | {"NETAUDIT_BENCH_PRIVATE": "1"}
    raise SystemExit(subprocess.run([*unshare, sys.executable, *sys.argv], env=environment, check=False).returncode)


class Net:
    """The namespaces while they are up."""

    def __init__(self) -> None:
        self._children: list[subprocess.Popen[str]] = []

    def __enter__(self) -> "Net":
        for name in ("audit", "router", "cameras", "others", "link"):
            _ip(None, f"netns add {name}")
        _ip("router", *_cable("eth0", "audit", "eth0", "02:00:00:00:00:01"), *_cable("cam0", "cameras", "eth0"))
        _ip("router", *_cable("oth0", "others", "eth0"))
        _ip("link", *_cable("eth0", "audit", "eth1", "02:00:00:00:00:02"))
        _ip(
            "router",
            "addr add 10.66.0.254/24 dev eth0",
            "addr add 10.78.1.1/24 dev cam0",
            "addr add 10.78.2.1/24 dev oth0",
        )
        _ip(
            "audit",
            "addr add 10.66.0.1/24 dev eth0",
            "addr add 10.80.0.1/16 dev eth1",
            "route add default via 10.66.0.254",
        )
        _ip("cameras", "addr add 10.78.1.2/24 dev eth0", "route add default via 10.78.1.1")
        _ip("others", "addr add 10.78.2.2/24 dev eth0", "route add default via 10.78.2.1")
        _ip("link", "addr add 10.80.255.254/16 dev eth0")
        self.run("router", ["sysctl", "-qw", "net.ipv4.ip_forward=1"])
        # Cables carry nothing for a second.
        time.sleep(2)
        return self

    def __exit__(self, *_: object) -> None:
        for child in self._children:
            child.kill()
            child.wait()
        for name in ("audit", "router", "cameras", "others", "link"):
            _ip(None, f"netns del {name}")

    def live(self, namespace: str, networks: Sequence[str], addresses: Iterable[str]) -> None:
        """Let a namespace answer for these addresses of these networks, and for no other of them."""
        lines = [f"route replace local {address}/32 dev lo" for address in addresses]
        if namespace != "link":
            lines += [f"route replace blackhole {network}" for network in networks]
            gateway = {"cameras": "10.78.1.2", "others": "10.78.2.2"}[namespace]
            _ip("router", *(f"route replace {network} via {gateway}" for network in networks))
        _ip(namespace, *lines)

    def lose(self, percent: float) -> None:
        """Drop this share of the packets in each direction at the router."""
        rule = f"numgen random mod 1000 < {round(percent * 10)} drop"
        table = "table inet f { chain c { type filter hook forward priority 0; " + rule + "; }; }"
        self.run("router", ["nft", "-f", "-"], table)

    def answer(self, namespace: str, command: Sequence[str] = (sys.executable, "-c", _LISTEN)) -> None:
        """Start a program that says "ready" when it is."""
        full = ["ip", "netns", "exec", namespace, *command]
        child = subprocess.Popen(full, stdout=subprocess.PIPE, text=True)
        assert child.stdout is not None
        child.stdout.readline()
        self._children.append(child)

    def run(self, namespace: str, command: Sequence[str], text: str | None = None) -> str:
        """Run a program to its end and return its output."""
        full = ["ip", "netns", "exec", namespace, *command]
        return subprocess.run(full, input=text, capture_output=True, text=True, check=True).stdout


def some(network: str, count: int, seed: int = 7) -> list[str]:
    """Choose addresses of a network, always the same."""
    hosts = [str(host) for host in IPv4Network(network).hosts()]
    return sorted(random.Random(seed).sample(hosts, count))


def _cable(port: str, namespace: str, far: str, mac: str = "") -> list[str]:
    address = f" address {mac}" if mac else ""
    return [
        f"link add {port} type veth peer name {far}{address} netns {namespace}",
        f"link set {port} up",
        f"LINK {namespace} {far}",
    ]


def _ip(namespace: str | None, *lines: str) -> None:
    own = [line for line in lines if not line.startswith("LINK ")]
    command = ["ip", *(["-n", namespace] if namespace else []), "-batch", "-"]
    subprocess.run(command, input="\n".join(own) + "\n", text=True, check=True, capture_output=True)
    for line in lines:
        if line.startswith("LINK "):
            _, other, far = line.split()
            _ip(other, "link set lo up", f"link set {far} up")
