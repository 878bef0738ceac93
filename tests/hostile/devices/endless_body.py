"""Sends a body without an end as fast as the cable takes it: a scanner that reads to the end fills its memory."""

from tests.hostile.serve import HTTP_PORTS, forever, tcp

_HEAD = b"HTTP/1.1 200 OK\r\nServer: endless\r\nContent-Type: text/html\r\n\r\n<title>endless</title>"


async def serve(ip: str) -> None:
    """Pages, an RTSP answer and a greeting that never end."""
    await tcp(ip, HTTP_PORTS, forever(_HEAD, b"A" * 65536))
    await tcp(ip, (554,), forever(b"RTSP/1.0 200 OK\r\nCSeq: 1\r\nContent-Length: 999999999999\r\n\r\n", b"B" * 65536))
    await tcp(ip, (21, 23), forever(b"220 ", b"C" * 65536))
