"""Answers every WS-Discovery probe with ten thousand different devices."""

from collections.abc import Iterator

from tests.hostile.serve import probe_match, udp

_REPLIES = 10_000


async def serve(ip: str) -> None:
    """The flood, for who asks the group and for who asks this address."""

    def flood(_: bytes) -> Iterator[bytes]:
        for number in range(_REPLIES):
            scopes = " ".join(f"onvif://www.onvif.org/name/{number}-{part}" for part in range(8))
            yield probe_match(f"http://{ip}/onvif/{number}", scopes, f"urn:uuid:{number:036d}")

    await udp(ip, 3702, flood, "239.255.255.250")
