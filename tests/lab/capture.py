"""Read what a capture of the auditor's cable holds: enough of Ethernet and IP to count who was contacted."""

import struct
from collections import Counter
from collections.abc import Iterator
from ipaddress import IPv4Address
from pathlib import Path


def frames(path: Path) -> Iterator[bytes]:
    """Yield the frames of a classic pcap file; a torn last one is left out."""
    data = path.read_bytes()
    endian = "<" if data[:4] in (b"\xd4\xc3\xb2\xa1", b"\x4d\x3c\xb2\xa1") else ">"
    offset = 24
    while offset + 16 <= len(data):
        length = struct.unpack_from(endian + "I", data, offset + 8)[0]
        if offset + 16 + length > len(data):
            return
        yield data[offset + 16 : offset + 16 + length]
        offset += 16 + length


def contacted(path: Path, source: str) -> Counter[IPv4Address]:
    """Count the IPv4 packets and ARP requests that `source` sent, by the address they were meant for."""
    ours = IPv4Address(source).packed
    counts: Counter[IPv4Address] = Counter()
    for frame in frames(path):
        kind = frame[12:14]
        if kind == b"\x08\x00" and frame[26:30] == ours:
            counts[IPv4Address(frame[30:34])] += 1
        elif kind == b"\x08\x06" and frame[28:32] == ours and frame[20:22] == b"\x00\x01":
            counts[IPv4Address(frame[38:42])] += 1
    return counts
