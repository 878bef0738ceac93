"""nmap's service probes on the labelled set: `nmap -sV` against replayed TCP answers on loopback.

nmap sees less than netaudit does: no search protocols of makers, no MAC over loopback, and of UDP nothing here. So it
is scored only on devices with a TCP answer, and given the benefit of every name in what it says.
"""

import re
import subprocess
from collections.abc import Mapping, Sequence
from typing import Final
from xml.etree.ElementTree import Element

import defusedxml.ElementTree

from benchmarks.accuracy.labelled import Labelled
from benchmarks.accuracy.peers.names import Names
from benchmarks.accuracy.peers.replay import Services, replayed, services
from benchmarks.accuracy.score import Pair
from netaudit.identify.knowledge import Knowledge

_SAID: Final = ("product", "extrainfo", "devicetype", "ostype")
_TIMEOUT: Final = 1200


def visible(item: Labelled) -> bool:
    """Return whether a device has an answer that nmap can be shown."""
    return bool(services(item))


def answers(items: Sequence[Labelled], knowledge: Knowledge) -> tuple[Pair, ...]:
    """Ask nmap about each device. Raises FileNotFoundError without nmap, OSError where a port cannot be served."""
    names = Names(knowledge)
    with replayed(items) as served:
        texts = _scan(served)
    return tuple(
        (item.truth, names.said(texts.get(host, ""), item.truth)) for item, host in zip(items, served, strict=True)
    )


def _scan(served: Mapping[str, Services]) -> dict[str, str]:
    """One run for each set of ports; returns address to all that nmap said of it."""
    groups: dict[tuple[int, ...], list[str]] = {}
    for host, ports in served.items():
        groups.setdefault(tuple(sorted(ports)), []).append(host)
    texts: dict[str, str] = {}
    for wanted, hosts in groups.items():
        texts |= _run(wanted, hosts)
    return texts


def _run(ports: Sequence[int], hosts: Sequence[str]) -> dict[str, str]:
    wanted = ",".join(str(port) for port in ports)
    command = ["nmap", "-sT", "-sV", "-Pn", "-n", "-T4", "-p", wanted, "-oX", "-", *hosts]
    done = subprocess.run(command, capture_output=True, check=True, timeout=_TIMEOUT)
    root = defusedxml.ElementTree.fromstring(done.stdout, forbid_dtd=False)
    return {_host(host): " ".join(_words(host)) for host in root.iter("host")}


def _host(host: Element) -> str:
    return next((item.get("addr", "") for item in host.iter("address")), "")


def _words(host: Element) -> list[str]:
    """What the service probes matched; a name looked up by the port number alone is no finding."""
    found = [service for service in host.iter("service") if service.get("method") == "probed"]
    said = [service.get(key, "") for service in found for key in _SAID]
    return said + [re.sub(r"[:/_]", " ", cpe.text or "") for service in found for cpe in service.iter("cpe")]
