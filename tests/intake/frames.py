"""Frames and capture files, made byte by byte, so that a test says exactly what is in them."""

import struct
from collections.abc import Sequence
from ipaddress import ip_address
from pathlib import Path

CAMERA, ROUTER = bytes.fromhex("4419b60a0b0c"), bytes.fromhex("001122334455")
GROUP = bytes.fromhex("01005e7ffffa")


def ethernet(
    payload: bytes, kind: int = 0x0800, source: bytes = CAMERA, to: bytes = ROUTER, tags: Sequence[int] = ()
) -> bytes:
    return to + source + b"".join(struct.pack(">HH", 0x8100, tag) for tag in tags) + struct.pack(">H", kind) + payload


def arp(ip: str = "10.20.0.7", mac: bytes = CAMERA) -> bytes:
    return (
        struct.pack(">HHBBH", 1, 0x0800, 6, 4, 2)
        + mac
        + ip_address(ip).packed
        + ROUTER
        + ip_address("10.20.0.1").packed
    )


def ipv4(
    payload: bytes, protocol: int, source: str = "10.20.0.7", to: str = "10.20.0.50", ttl: int = 64,
    options: bytes = b"", fragment: int = 0, number: int = 7,
) -> bytes:  # fmt: skip
    head = struct.pack(
        ">BBHHHBBH", 0x45 + len(options) // 4, 0, 20 + len(options) + len(payload), number, fragment, ttl, protocol, 0
    )
    return head + ip_address(source).packed + ip_address(to).packed + options + payload


def ipv6(payload: bytes, protocol: int, source: str = "fd00::7", to: str = "fd00::50") -> bytes:
    head = struct.pack(">IHBB", 6 << 28, len(payload), protocol, 64)
    return head + ip_address(source).packed + ip_address(to).packed + payload


def udp(payload: bytes, port: int, to: int) -> bytes:
    return struct.pack(">HHHH", port, to, 8 + len(payload), 0) + payload


def tcp(payload: bytes, port: int, to: int = 40001, sequence: int = 1000, flags: int = 0x18) -> bytes:
    return struct.pack(">HHIIBBHHH", port, to, sequence & 0xFFFFFFFF, 0, 0x50, flags, 0, 0, 0) + payload


def pcap(frames: Sequence[bytes], link: int = 1, order: str = "<", nano: bool = False, snap: int = 0) -> bytes:
    magic = 0xA1B23C4D if nano else 0xA1B2C3D4
    out = struct.pack(f"{order}IHHiIII", magic, 2, 4, 0, 0, 262144, link)
    for number, frame in enumerate(frames):
        kept = frame[:snap] if snap else frame
        out += (
            struct.pack(f"{order}IIII", 1_700_000_000 + number, 250 * (10**6 if nano else 10**3), len(kept), len(frame))
            + kept
        )
    return out


def pcapng(frames: Sequence[bytes], order: str = "<", link: int = 1, resolution: int = 6) -> bytes:
    out = block(0x0A0D0D0A, struct.pack(f"{order}IHHq", 0x1A2B3C4D, 1, 0, -1), order)
    options = struct.pack(f"{order}HHB3xHH", 9, 1, resolution, 0, 0)
    out += block(1, struct.pack(f"{order}HHI", link, 0, 0) + options, order)
    for number, frame in enumerate(frames):
        at = (1_700_000_000 + number) * 10**resolution + 10**resolution // 4
        head = struct.pack(f"{order}IIIII", 0, at >> 32, at & 0xFFFFFFFF, len(frame), len(frame))
        out += block(6, head + frame + bytes(-len(frame) % 4), order)
    return out


def block(kind: int, body: bytes, order: str = "<") -> bytes:
    size = struct.pack(f"{order}I", 12 + len(body))
    return struct.pack(f"{order}I", kind) + size + body + size


def write(path: Path, data: bytes) -> Path:
    path.write_bytes(data)
    return path
