"""UDP and TCP heads."""

from typing import NamedTuple

FIN, SYN, RST, PUSH, ACK = 1, 2, 4, 8, 16


class Udp(NamedTuple):
    """One datagram: ports and payload."""

    source_port: int
    destination_port: int
    payload: bytes


class Tcp(NamedTuple):
    """One segment: ports, numbers, flags (a sum of FIN, SYN, RST, PUSH, ACK and others) and payload."""

    source_port: int
    destination_port: int
    sequence: int
    acknowledged: int
    flags: int
    payload: bytes


def read_udp(raw: bytes) -> Udp | None:
    """Return the datagram; None for what is none. The checksum is not looked at: network cards fill it in late."""
    if len(raw) < 8:
        return None
    length = int.from_bytes(raw[4:6])
    payload = raw[8:length] if length >= 8 else raw[8:]
    return Udp(int.from_bytes(raw[0:2]), int.from_bytes(raw[2:4]), payload)


def read_tcp(raw: bytes) -> Tcp | None:
    """Return the segment; None for what is none."""
    head = (raw[12] >> 4) * 4 if len(raw) >= 20 else 0
    if head < 20 or len(raw) < head:
        return None
    ports = int.from_bytes(raw[0:2]), int.from_bytes(raw[2:4])
    return Tcp(*ports, int.from_bytes(raw[4:8]), int.from_bytes(raw[8:12]), raw[13], raw[head:])
