"""A handshake that never ends: silence after the hello, warnings for ever, a hello that grows, records that lie."""

import itertools
import struct

from tests.hostile.serve import Talk, forever, says, tcp

_WARNING = b"\x15\x03\x03\x00\x02\x01\x5a"
_HELLO = b"\x16\x03\x03\x40\x00\x02\xff\xff\xff\x03\x03"
_REQUEST = b"\x16\x03\x03\x00\x04\x00\x00\x00\x00"


async def serve(ip: str) -> None:
    """Another fault for every connection."""
    turn = itertools.cycle(
        [
            forever(b"", b"", 0.5),
            forever(b"", _WARNING * 1000),
            forever(b"", _REQUEST * 1000),
            forever(_HELLO, b"\0" * 16384),
            says(b"\x16\x03\x03" + struct.pack("!H", 65535) + bytes(70_000)),
        ]
    )

    async def next_one(*streams: object) -> None:
        talk: Talk = next(turn)
        await talk(*streams)  # type: ignore[arg-type]

    await tcp(ip, (443, 8443, 322), next_one)
