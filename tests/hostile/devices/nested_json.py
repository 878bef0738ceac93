"""JSON that is nested a hundred thousand deep, and numbers without end, where a maker's protocol carries JSON."""

import struct

from tests.hostile.serve import udp


def _dhip(data: bytes) -> bytes:
    return struct.pack("<I4sIIIIII", 32, b"DHIP", 0, 0, len(data), 0, len(data), 0) + data


async def serve(ip: str) -> None:
    """Deep, wide and absurd."""
    answers = (
        _dhip(b'{"mac":' + b"[" * 60_000),
        _dhip(b'{"mac":' + b"9" * 60_000 + b"}"),
        _dhip(b'{"a":{"a":' * 9_000),
    )
    await udp(ip, 37810, lambda _: answers, "239.255.255.251")
    await udp(ip, 20002, lambda _: (b"\2\0\0\1\0\0\0\0\0\0\0\0\0\0\0\0" + b"{" * 60_000,))
