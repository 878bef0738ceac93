"""Read what a capture of the auditor's cable holds: enough of Ethernet and IP to count who was contacted."""

import struct
from collections import Counter
from collections.abc import Iterator, Sequence
from ipaddress import IPv4Address
from pathlib import Path


def timed_frames(path: Path) -> Iterator[tuple[float, bytes]]:
    """Yield time (s) and bytes of the frames of a classic pcap file; a torn last one is left out."""
    data = path.read_bytes()
    endian = "<" if data[:4] in (b"\xd4\xc3\xb2\xa1", b"\x4d\x3c\xb2\xa1") else ">"
    offset = 24
    while offset + 16 <= len(data):
        seconds, micros, length = struct.unpack_from(endian + "3I", data, offset)
        if offset + 16 + length > len(data):
            return
        yield seconds + micros / 1e6, data[offset + 16 : offset + 16 + length]
        offset += 16 + length


def frames(path: Path) -> Iterator[bytes]:
    """Yield the frames of a classic pcap file; a torn last one is left out."""
    return (frame for _, frame in timed_frames(path))


def busiest_second(path: Path, source: str) -> dict[str, int]:
    """Return, for every host that `source` sent IPv4 packets to by its address, the most in any second at all."""
    ours = IPv4Address(source).packed
    times: dict[str, list[float]] = {}
    for at, frame in timed_frames(path):
        if frame[12:14] == b"\x08\x00" and frame[26:30] == ours and not frame[0] & 1:
            times.setdefault(str(IPv4Address(frame[30:34])), []).append(at)
    return {ip: most_in_a_second(sorted(at)) for ip, at in times.items()}


def most_in_a_second(times: Sequence[float]) -> int:
    """The largest number of these (sorted) times in any half-open second."""
    most = first = 0
    for last, at in enumerate(times):
        while times[first] <= at - 1:
            first += 1
        most = max(most, last - first + 1)
    return most


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
