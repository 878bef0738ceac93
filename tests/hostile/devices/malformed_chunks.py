"""Chunked bodies whose sizes are negative, enormous, missing or endless."""

import itertools

from tests.hostile.serve import Talk, forever, says, tcp

_HEAD = b"HTTP/1.1 200 OK\r\nServer: chunks\r\nTransfer-Encoding: chunked\r\n\r\n"
_BODIES = (
    b"-5\r\nhello\r\n",
    b"FFFFFFFFFFFFFFFF\r\nhello",
    b"zz\r\n",
    b"1" * 5000,
    b"5\r\nhel",
    b"0\r\nX: 1\r\n" * 9000,
)


async def serve(ip: str) -> None:
    """Another fault for every connection."""
    turn = itertools.cycle([*(says(_HEAD + body) for body in _BODIES), forever(_HEAD, b"1\r\na\r\n" * 999)])

    async def next_one(*streams: object) -> None:
        talk: Talk = next(turn)
        await talk(*streams)  # type: ignore[arg-type]

    await tcp(ip, (80, 81, 88, 8080), next_one)
