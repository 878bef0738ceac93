"""Captures of tcpdump, Wireshark and switches' mirror ports: pcap and pcapng."""

from collections.abc import Iterator
from datetime import UTC, datetime
from typing import Final

from netaudit.clock import rfc3339
from netaudit.intake.capture.pcap import is_pcap, read_pcap
from netaudit.intake.capture.pcapng import is_pcapng, read_pcapng
from netaudit.intake.capture.sieve import Sieve
from netaudit.intake.head import Head
from netaudit.intake.model import SURE, Format, Item, Told
from netaudit.intake.source import Source

_GIVES: Final = (
    "link.mac", "dhcp.lease", "mdns.service", "ssdp.reply", "wsd.probe_match", "sadp.reply", "dhip.reply",
    "lldp.announcement", "cdp.announcement", "sadp.frame", "http.response", "rtsp.response",
    "tls.certificate", "banner",
)  # fmt: skip
_LATEST: Final = 2**35


def _looks(head: Head) -> int:
    return SURE if is_pcap(head.raw) or is_pcapng(head.raw) else 0


def _read(source: Source) -> Iterator[Item]:
    sieve = Sieve()
    with source.stream() as stream:
        start = stream.peek(12)[:12] if hasattr(stream, "peek") else b""
        packets = (
            read_pcapng(stream, source.losses.append) if is_pcapng(start) else read_pcap(stream, source.losses.append)
        )
        for number, at, found in sieve.findings(packets):
            target = found.target()
            if found.port and found.kind in _STREAMS:
                target["transport"] = "tcp"
            fields = found.fields if found.raw is None else None
            yield Told(max(number, 1), found.kind, target, fields, found.raw, _moment(at))
    if sieve.cut:
        source.losses.append(f"{sieve.cut} of {sieve.packets} packets were cut when they were captured (snap length)")
    if sieve.unknown:
        source.losses.append(f"{sieve.unknown} of {sieve.packets} packets are of a link type that is not read")


_STREAMS: Final = frozenset({"http.response", "rtsp.response", "tls.certificate", "banner"})


def _moment(seconds: float) -> str:
    return rfc3339(datetime.fromtimestamp(seconds, UTC)) if 0 < seconds < _LATEST else ""


FORMAT = Format(
    "capture", "Packet capture, pcap and pcapng",
    ("tcpdump -i eth0 -w FILE", "dumpcap -i eth0 -w FILE", "Wireshark: Save as"), _GIVES, _looks, _read,
    "VLAN tags, IP fragments, Linux cooked and raw IP captures are read. Of a web or RTSP answer the head and the "
    "title are kept, without cookies; requests are not looked at; of encrypted connections only the server's "
    "certificate (up to TLS 1.2).",
)  # fmt: skip
