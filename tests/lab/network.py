"""A small building network in network namespaces: chosen MACs, a switch, a router, a second subnet behind it.

    audit 10.77.0.2 --+                        +-- 10.77.2.x hosts
    10.77.0.x hosts --+-- br0 [sw] ... rtr .1 -+-- br2 [sw]
                                               +-- annex 10.77.2.2, a second auditor

Every link lives in a namespace of its own; the machine's own namespace gets nothing, so nothing can leave it.
"""

import os
import secrets
import shutil
import signal
import subprocess
import tempfile
from collections.abc import Sequence
from dataclasses import dataclass, field
from pathlib import Path
from types import TracebackType
from typing import Self

AUDIT, ANNEX = "10.77.0.2", "10.77.2.2"
_OURS = ("sw", "rtr", "audit", "annex")
ROUTER_MAC = "02:00:00:00:00:01"


def lab_mode() -> str | None:
    """Return None where the laboratory can be built, else the reason why not."""
    if os.geteuid() != 0:
        return "needs root for network namespaces"
    if shutil.which("ip") is None:
        return "needs iproute2"
    if subprocess.run(["unshare", "--net", "true"], capture_output=True, check=False).returncode != 0:
        return "this kernel or container forbids network namespaces"
    return None


@dataclass(frozen=True, slots=True)
class Host:
    """One host: 10.77.0.x hangs on the auditor's own segment, 10.77.2.x behind the router."""

    name: str
    ip: str
    mac: str

    @property
    def routed(self) -> bool:
        """True behind the router."""
        return self.ip.startswith("10.77.2.")


@dataclass(slots=True)
class Lab:
    """The network while it is up. Use as a context manager; everything is gone afterwards.

    `annex`: with the second auditor; without, nobody is at its address.
    """

    hosts: Sequence[Host]
    annex: bool = False
    prefix: str = field(default_factory=lambda: f"na{secrets.token_hex(3)}-")
    folder: Path = field(default_factory=lambda: Path(tempfile.mkdtemp(prefix="netaudit-lab-")))
    _children: list[subprocess.Popen[bytes]] = field(default_factory=list)

    def __enter__(self) -> Self:
        _batch(None, [f"netns add {self.ns(name)}" for name in (*_OURS, *self._names())])
        _batch(self.ns("sw"), self._cables())
        _batch(self.ns("audit"), _addresses(AUDIT, "10.77.0.1"))
        if self.annex:
            _batch(self.ns("annex"), _addresses(ANNEX, "10.77.2.1"))
        _batch(
            self.ns("rtr"),
            [
                "link set lo up", "link set eth0 up", "link set eth1 up",
                "addr add 10.77.0.1/24 dev eth0", "addr add 10.77.2.1/24 dev eth1",
            ],
        )  # fmt: skip
        for host in self.hosts:
            _batch(self.ns(host.name), _addresses(host.ip, "10.77.2.1" if host.routed else "10.77.0.1"))
        self.run("rtr", ["sysctl", "-qw", "net.ipv4.ip_forward=1"])
        return self

    def __exit__(self, kind: type[BaseException] | None, error: BaseException | None, at: TracebackType | None) -> None:
        for child in self._children:
            _stop(child)
        for name in (*_OURS, *self._names()):
            subprocess.run(["ip", "netns", "del", self.ns(name)], capture_output=True, check=False)
        shutil.rmtree(self.folder, ignore_errors=True)

    def ns(self, name: str) -> str:
        """Return the namespace of a host, or of "audit", "annex", "rtr", "sw"."""
        return self.prefix + name

    def run(self, name: str, command: Sequence[str], **options: object) -> subprocess.CompletedProcess[str]:
        """Run a command in a namespace to its end and return its output."""
        full = ["ip", "netns", "exec", self.ns(name), *command]
        return subprocess.run(full, capture_output=True, text=True, check=True, **options)  # type: ignore[call-overload, no-any-return]

    def start(self, name: str, command: Sequence[str], log: str = "") -> subprocess.Popen[bytes]:
        """Start a program in a namespace; it is stopped with the laboratory. Its output goes to a file."""
        output = (self.folder / f"{log or name}.log").open("wb")
        with output:
            child = subprocess.Popen(
                ["ip", "netns", "exec", self.ns(name), *command],
                stdin=subprocess.DEVNULL, stdout=output, stderr=output, start_new_session=True,
            )  # fmt: skip
        self._children.append(child)
        return child

    def output(self, name: str) -> str:
        """What a started program printed, for the message of a failed test."""
        return (self.folder / f"{name}.log").read_text(encoding="utf-8", errors="replace")

    def _names(self) -> list[str]:
        return [host.name for host in self.hosts]

    def _cables(self) -> list[str]:
        lines = ["link set lo up"]
        for bridge in ("br0", "br2"):
            # Snooping off: the bridge floods multicast as an unmanaged switch does.
            lines += [f"link add {bridge} type bridge forward_delay 0 mcast_snooping 0", f"link set {bridge} up"]
        lines += _cable("pa", "br0", "eth0", "02:00:00:00:00:02", self.ns("audit"))
        lines += _cable("pn", "br2", "eth0", "02:00:00:00:02:02", self.ns("annex"))
        lines += _cable("pr0", "br0", "eth0", ROUTER_MAC, self.ns("rtr"))
        lines += _cable("pr2", "br2", "eth1", "02:00:00:00:02:01", self.ns("rtr"))
        for number, host in enumerate(self.hosts):
            bridge = "br2" if host.routed else "br0"
            lines += _cable(f"p{number}", bridge, "eth0", host.mac, self.ns(host.name))
        return lines


def _cable(port: str, bridge: str, far: str, mac: str, namespace: str) -> list[str]:
    return [
        f"link add {port} type veth peer name {far} address {mac} netns {namespace}",
        f"link set {port} master {bridge}",
        f"link set {port} up",
    ]


def _addresses(ip: str, gateway: str) -> list[str]:
    return [
        "link set lo up",
        "link set eth0 up",
        f"addr add {ip}/24 dev eth0",
        f"route add default via {gateway}",
        "route add 224.0.0.0/4 dev eth0",
    ]


def _batch(namespace: str | None, lines: Sequence[str]) -> None:
    command = ["ip", *(["-n", namespace] if namespace else []), "-batch", "-"]
    subprocess.run(command, input="\n".join(lines) + "\n", text=True, check=True, capture_output=True)


def _stop(child: subprocess.Popen[bytes]) -> None:
    for stop in (signal.SIGTERM, signal.SIGKILL):
        if child.poll() is not None:
            return
        os.killpg(child.pid, stop)
        try:
            child.wait(timeout=3)
        except subprocess.TimeoutExpired:
            continue
