"""The one honest camera among them: it must be found and named, whatever the others do."""

from tests.hostile.serve import HTTP_PORTS, says, tcp

_REALM = 'WWW-Authenticate: Digest realm="Login to 1F006E4PAX00075", nonce="1"'


async def serve(ip: str) -> None:
    """A camera of Dahua's platform, as one that needs a login answers."""
    page = f"HTTP/1.1 401 Unauthorized\r\n{_REALM}\r\nContent-Length: 0\r\n\r\n"
    await tcp(ip, HTTP_PORTS, says(page.encode()))
    await tcp(ip, (554,), says(f"RTSP/1.0 401 Unauthorized\r\nCSeq: 1\r\n{_REALM}\r\n\r\n".encode()))
