"""Sends header lines without an end: a scanner that collects headers first never comes to the body."""

from tests.hostile.serve import HTTP_PORTS, forever, tcp


async def serve(ip: str) -> None:
    """Header lines for ever, by HTTP and RTSP."""
    lines = b"".join(b"X-%d: %s\r\n" % (number, b"h" * 40) for number in range(500))
    await tcp(ip, HTTP_PORTS, forever(b"HTTP/1.1 401 Unauthorized\r\n", lines))
    await tcp(ip, (554,), forever(b"RTSP/1.0 401 Unauthorized\r\nCSeq: 1\r\n", lines))
