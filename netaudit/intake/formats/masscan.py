"""masscan: JSON (`-oJ`), whose list often ends in a comma or nowhere, JSON lines (`-oD`) and the list (`-oL`)."""

from base64 import b64decode
from collections import defaultdict
from collections.abc import Iterator
from datetime import UTC, datetime
from typing import Any, Final

from netaudit.clock import rfc3339
from netaudit.evidence.addresses import ip_of
from netaudit.intake.head import Head
from netaudit.intake.json_items import listed, objects, text_of
from netaudit.intake.model import Format, Item, Told, Unread
from netaudit.intake.source import Source

_MOST_HOSTS: Final = 1_000_000
_MOST_PORTS: Final = 64
_LONGEST: Final = 16 * 1024
_PROTOCOLS: Final = frozenset({"tcp", "udp"})
_GREETERS: Final = frozenset({"ssh", "ftp", "telnet", "unknown"})


class _Host:
    """What the lines of one address tell together: masscan writes a line a port."""

    __slots__ = ("at", "open", "row")

    def __init__(self, row: int) -> None:
        self.row, self.at = row, ""
        self.open: dict[str, list[str]] = defaultdict(list)


def _looks(head: Head) -> int:
    starts = head.text.lstrip("\ufeff \r\n\t")[:1] in ("{", "[")
    lists = '"ports"' in head.text or '"rec_type"' in head.text
    return 95 if starts and '"ip"' in head.text and lists and '"proto"' in head.text else 0


def _read(source: Source) -> Iterator[Item]:
    hosts: dict[str, _Host] = {}
    with source.stream() as stream:
        for number, entry in enumerate(objects(stream, source.losses.append), 1):
            if "finished" in entry:
                continue
            ip = ip_of(text_of(entry, "ip"))
            if not ip:
                yield Unread(number, "names no address")
            elif len(hosts) < _MOST_HOSTS or ip in hosts:
                yield from _note(number, ip, entry, hosts)
    for ip, host in hosts.items():
        yield from _ports(ip, host)


def _note(number: int, ip: str, entry: Any, hosts: dict[str, _Host]) -> Iterator[Item]:
    host = hosts.setdefault(ip, _Host(number))
    at = _moment(text_of(entry, "timestamp"))
    host.at = max(host.at, at)
    for port in listed(entry, "ports") or [entry]:
        which, proto = text_of(port, "port"), text_of(port, "proto")
        if not _is_port(which) or proto not in _PROTOCOLS:
            continue
        if "open" in (text_of(port, "status"), text_of(port, "data", "status")) and which not in host.open[proto]:
            host.open[proto].append(which)
        # -oD has the banner in "data", -oJ in "service".
        for name, banner in (("service", "name"), ("data", "service_name")):
            if found := _banner(text_of(port, name, banner), text_of(port, name, "banner")):
                kind, raw = found
                yield Told(number, kind, {"ip": ip, "port": int(which), "transport": proto}, raw=raw, at=at)


def _banner(service: str, text: str) -> tuple[str, bytes] | None:
    raw = text.encode("utf-8", "surrogatepass")[:_LONGEST]
    if service.lower() == "x509":
        try:
            return "tls.certificate", b64decode(raw, validate=True)
        except ValueError:
            return None
    if raw.startswith((b"HTTP/1.", b"RTSP/1.")):
        return ("http.response" if raw.startswith(b"H") else "rtsp.response"), raw
    return ("banner", raw) if raw and service in _GREETERS else None


def _is_port(text: str) -> bool:
    return text.isascii() and text.isdigit() and len(text) < 6 and 0 < int(text) < 65536


def _ports(ip: str, host: _Host) -> Iterator[Item]:
    for proto, kind in (("tcp", "tcp.ports"), ("udp", "udp.ports")):
        if ports := host.open[proto]:
            yield Told(host.row, kind, {"ip": ip}, {"open": tuple(sorted(ports, key=int)[:_MOST_PORTS])}, at=host.at)


def _moment(seconds: str) -> str:
    fits = seconds.isascii() and seconds.isdigit() and len(seconds) < 11
    return rfc3339(datetime.fromtimestamp(int(seconds), UTC)) if fits else ""


def _looks_list(head: Head) -> int:
    return 95 if head.lines[:1] == ["#masscan"] else 0


def _read_list(source: Source) -> Iterator[Item]:
    hosts: dict[str, _Host] = {}
    for number, line in source.lines():
        words = line[:1024].split()
        if not words or words[0].startswith("#") or words[0] == "banner":
            continue
        ip = ip_of(words[3]) if len(words) > 3 else ""
        if not ip or not _is_port(words[2]):
            yield Unread(number, "is no line of masscan -oL (open, tcp, port, address, time)")
            continue
        host = hosts.setdefault(ip, _Host(number))
        host.at = max(host.at, _moment(words[4]) if len(words) > 4 else "")
        if words[0] == "open" and words[2] not in host.open[words[1]]:
            host.open[words[1]].append(words[2])
    for ip, host in hosts.items():
        yield from _ports(ip, host)


FORMATS = (
    Format(
        "masscan", "masscan, JSON", ("masscan ... -oJ FILE", "masscan ... -oD FILE"),
        ("tcp.ports", "udp.ports", "banner", "http.response", "rtsp.response", "tls.certificate"), _looks, _read,
        "Read to the last whole entry where the list is cut or ends in a comma.",
    ),
    Format(
        "masscan_list", "masscan, list", ("masscan ... -oL FILE",), ("tcp.ports", "udp.ports"), _looks_list, _read_list,
    ),
)  # fmt: skip
