"""One scan of a cable on which everything goes wrong that can go wrong: what the tests of `netaudit why` look at."""

import asyncio
import hashlib
import socket
import subprocess
import threading
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from pathlib import Path
from typing import Any

from netaudit.clock import now, rfc3339
from netaudit.evidence.log import RunLog
from netaudit.evidence.run import RunInfo, write_run
from netaudit.net.routes import read_routes, routes_towards
from netaudit.scan.catalogue import Catalogue, all_probes
from netaudit.scan.options import RunOutcome, ScanOptions
from netaudit.scan.run import run_scan
from netaudit.scope.allow_list import AllowList
from netaudit.scope.gate import Gate
from netaudit.scope.load import parse_scope
from tests.net.support import ANYTHING
from tests.scan.support import Web
from tests.sweep.namespace import Cable, run_in

HEAD = """
[authorisation]
organisation = "Laboratory"
authorised_by = "the test"
valid_from = 2020-01-01
valid_until = 2099-01-01
"""
SCOPE = f"""{HEAD}
[limits]
packets_per_second = 5000
packets_per_host = 1000
never_touch = [8000]
[[network]]
cidr = "10.66.0.0/28"
site = "Lab"
exclude = ["10.66.0.5"]
[[network]]
cidr = "10.99.0.0/30"
name = "Annex"
[[network]]
cidr = "10.98.0.0/30"
name = "Behind a filter"
"""
WEB, SHUT, MUTE = "10.66.0.10", "10.66.0.11", "10.66.0.12"
MATCH = (
    b'<e:Envelope xmlns:e="http://www.w3.org/2003/05/soap-envelope"><e:Body>'
    b'<d:ProbeMatch xmlns:d="http://schemas.xmlsoap.org/ws/2005/04/discovery" '
    b'xmlns:a="http://schemas.xmlsoap.org/ws/2004/08/addressing"><a:EndpointReference>'
    b"<a:Address>urn:uuid:1</a:Address></a:EndpointReference></d:ProbeMatch></e:Body></e:Envelope>"
)

# The device's own filter, a device that drops everything, a segment without multicast.
FAR_RULES = f"""
table inet far {{
  chain input {{
    type filter hook input priority 0
    ip daddr {WEB} tcp dport 554 drop
    ip daddr {SHUT} meta l4proto {{ tcp, udp }} drop
    ip daddr 224.0.0.0/4 drop
    ip daddr {{ 255.255.255.255, 10.66.0.255 }} drop
  }}
}}
"""
NEAR_RULES = f"""
table inet near {{
  chain output {{
    type filter hook output priority 0
    ip daddr {MUTE} udp dport 3702 drop
  }}
}}
"""


def rules(namespace: str, text: str) -> None:
    """Load nftables rules into a namespace."""
    command = ["ip", "netns", "exec", namespace, "nft", "-f", "-"]
    subprocess.run(command, input=text, text=True, check=True, capture_output=True)


@contextmanager
def filtered(cable: Cable) -> Iterator[None]:
    """The filters of this scene, while the block lasts."""
    rules(cable.far, FAR_RULES)
    rules(cable.near, NEAR_RULES)
    routed = ["ip", "-n", cable.near, "route", "add", "10.98.0.0/30", "via", WEB]
    subprocess.run(routed, check=True, capture_output=True)
    try:
        yield
    finally:
        rules(cable.far, "delete table inet far")
        rules(cable.near, "delete table inet near")
        subprocess.run([*routed[:4], "del", "10.98.0.0/30"], check=True, capture_output=True)


@contextmanager
def serving(namespace: str, address: str, port: int, answer: bytes, kind: socket.SocketKind) -> Iterator[None]:
    """A service that answers everything with the same: by UDP, or by TCP once a connection."""
    sock: Any = run_in(namespace, lambda: socket.socket(socket.AF_INET, kind))
    sock.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
    sock.bind((address, port))
    sock.settimeout(0.1)
    ended = threading.Event()
    if kind == socket.SOCK_STREAM:
        sock.listen()

    def serve() -> None:
        while not ended.is_set():
            with suppress(OSError):
                _serve_one(sock, kind, answer)

    thread = threading.Thread(target=serve)
    thread.start()
    try:
        yield
    finally:
        ended.set()
        thread.join()
        sock.close()


def _serve_one(sock: Any, kind: socket.SocketKind, answer: bytes) -> None:
    if kind == socket.SOCK_DGRAM:
        sock.sendto(answer, sock.recvfrom(65535)[1])
        return
    with sock.accept()[0] as peer:
        peer.settimeout(0.5)
        if peer.recv(4096):
            peer.sendall(answer)


def scan_into(folder: Path, text: str = SCOPE, allowed: AllowList = ANYTHING) -> RunOutcome:
    """Scan what the text allows, write a run's folder, return how it ended. Short waits; real segment probes."""
    scope = parse_scope(text.encode())
    catalogue = Catalogue(all_probes().chosen(experimental=False).segment, (Web(deadline=0.5),), ())
    options = ScanOptions(window=1.0, directed_wait=0.3, connect_patience=1.2)
    started = rfc3339(now())
    routes = routes_towards((network.cidr for network in scope.networks), read_routes())
    with RunLog.create(folder, scope.raw) as log:
        outcome = asyncio.run(run_scan(options, Gate(scope, now().date(), allowed), log, catalogue=catalogue))
        info = RunInfo(
            "scene", "1", started, rfc3339(now()), outcome.status, interfaces=outcome.interfaces,
            losses=outcome.losses, routes=tuple(route.text for route in routes), chain_head=log.head,
            scope_digest=hashlib.sha256(scope.raw).hexdigest(),
        )  # fmt: skip
    write_run(folder, info)
    return outcome
