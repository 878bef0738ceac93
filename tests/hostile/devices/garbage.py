"""Answers everything, on every port that is asked, with bytes of no meaning."""

import random

from tests.hostile.serve import HTTP_PORTS, says, tcp, udp

_PORTS = (3702, 37020, 37810, 1900, 5353, 5050, 34569, 23456, 2000, 10001, 2380, 20002, 10000, 8600, 10670)


async def serve(ip: str) -> None:
    """The same noise for each run."""
    noise = random.Random(7).randbytes(60_000)
    await tcp(ip, (*HTTP_PORTS, 21, 22, 23, 443, 554, 8000, 34567, 37777), says(noise))
    for port in _PORTS:
        await udp(ip, port, lambda _: (noise, b"", noise[:7]))
