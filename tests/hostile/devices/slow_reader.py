"""Reads one byte a second and drips its answer: a scanner without a deadline for the whole talk waits for ever."""

import asyncio

from tests.hostile.serve import HTTP_PORTS, tcp


async def _drip(reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
    await reader.readexactly(1)
    for byte in b"HTTP/1.1 200 OK\r\nServer: slow" + b"." * 100_000:
        writer.write(bytes([byte]))
        await writer.drain()
        await asyncio.sleep(0.3)


async def serve(ip: str) -> None:
    """Drip on web and streaming ports."""
    await tcp(ip, (*HTTP_PORTS, 554), _drip)
