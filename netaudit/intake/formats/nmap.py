"""nmap's XML (-oX): addresses, names, ports, and what its service detection and scripts saw."""

import re
from base64 import b64decode
from collections.abc import Iterator, Mapping
from datetime import UTC, datetime
from typing import Final

from netaudit.clock import rfc3339
from netaudit.evidence.addresses import ip_of, mac_of
from netaudit.evidence.fields import MAX_TEXT, Fields
from netaudit.evidence.nmap_xml import NmapHost, NmapPort, NmapRun, hosts
from netaudit.intake.head import Head
from netaudit.intake.model import SURE, Format, Item, Told, Unread
from netaudit.intake.source import Source

_MOST: Final = 1024
_ANSWERS: Final = frozenset({"open", "closed"})
_SERVICE: Final = ("name", "product", "version", "extrainfo", "devicetype", "ostype", "hostname", "tunnel")
_PEM: Final = re.compile(r"-----BEGIN CERTIFICATE-----([A-Za-z0-9+/=\s]{64,16000})-----END CERTIFICATE-----")
_REALM: Final = re.compile(r"realm=([^\r\n]{1,200})")


def _looks(head: Head) -> int:
    return SURE if "<nmaprun" in head.text else 0


def _read(source: Source) -> Iterator[Item]:
    run = NmapRun()
    with source.stream() as stream:
        for number, host in enumerate(hosts(stream, run), 1):
            ip = next(filter(None, map(ip_of, host.addresses)), "")
            if host.assumed and not any(port.state in _ANSWERS for port in host.ports):
                continue  # -Pn calls every address up: without a port that answered nobody was heard
            if host.up and (ip or mac_of(host.mac)):
                yield from _host(number, ip, host)
            elif host.up:
                yield Unread(number, "the host has no address")
    if not run.is_nmap:
        yield Unread(1, "is no XML of nmap")
    if run.problem:
        source.losses.append(run.problem)


def _host(number: int, ip: str, host: NmapHost) -> Iterator[Item]:
    at, mac = _moment(host.at), mac_of(host.mac)
    name = next((name for name in host.names if name), "")
    target = {key: value for key, value in (("ip", ip), ("mac", mac), ("host", name)) if value}
    if mac:
        yield Told(number, "link.mac", target, {"mac": mac}, at=at)
    for kind, fields in _ports(host):
        yield Told(number, kind, target, fields, at=at)
    for port in host.ports:
        if port.state == "open":
            where = target | {"port": port.number, "transport": port.protocol}
            yield from (Told(number, kind, where, fields, raw, at) for kind, fields, raw in _seen(port))


def _ports(host: NmapHost) -> Iterator[tuple[str, Fields]]:
    for protocol, kind in (("tcp", "tcp.ports"), ("udp", "udp.ports")):
        found: dict[str, tuple[str, ...]] = {}
        for state in ("open", "closed"):
            numbers = [str(port.number) for port in host.ports if port.protocol == protocol and port.state == state]
            if numbers:
                found[state] = tuple(numbers[:_MOST])
        if found:
            yield kind, found
        elif protocol == "tcp" and not mac_of(host.mac):
            yield kind, {}  # it lives, and no more is known


def _seen(port: NmapPort) -> Iterator[tuple[str, Fields | None, bytes | None]]:
    """Yield (kind, fields, raw) of what a port showed: certificates as bytes, the rest as nmap told it."""
    if service := {key: port.service[key][:MAX_TEXT] for key in _SERVICE if port.service.get(key)}:
        yield "nmap.service", service, None
    if certificate := _certificate(port.elements.get("ssl-cert pem", "")):
        yield "tls.certificate", None, certificate
    if page := _page(port):
        yield "http.response", page, None
    if banner := port.scripts.get("banner", ""):
        yield "banner", None, banner.encode("utf-8", "surrogatepass")


def _certificate(text: str) -> bytes:
    found = _PEM.search(text)
    try:
        return b64decode("".join(found[1].split()), validate=True) if found else b""
    except ValueError:
        return b""


def _page(port: NmapPort) -> Mapping[str, str]:
    found = {
        "title": port.elements.get("http-title title", ""),
        "header.server": port.scripts.get("http-server-header", "").strip(),
        "realm": realm[1].strip() if (realm := _REALM.search(port.scripts.get("http-auth", ""))) else "",
    }
    return {key: value[:MAX_TEXT] for key, value in found.items() if value}


def _moment(seconds: str) -> str:
    fits = seconds.isascii() and seconds.isdigit() and len(seconds) < 11
    return rfc3339(datetime.fromtimestamp(int(seconds), UTC)) if fits and int(seconds) else ""


FORMAT = Format(
    "nmap", "nmap, XML", ("nmap ... -oX FILE",),
    ("link.mac", "tcp.ports", "udp.ports", "nmap.service", "http.response", "tls.certificate", "banner"), _looks, _read,
    "Read host by host in flat memory; of a file that breaks off every finished host is kept.",
)  # fmt: skip
