"""A page of 90 kB that unpacks to nearly 100 MB, and says so with every encoding that there is."""

import zlib

from tests.hostile.serve import HTTP_PORTS, page, says, tcp


async def serve(ip: str) -> None:
    """The bomb on every web port."""
    packer = zlib.compressobj(9, zlib.DEFLATED, 31)
    zeros = bytes(1 << 20)
    body = b"".join(packer.compress(zeros) for _ in range(92)) + packer.flush()
    await tcp(ip, HTTP_PORTS, says(page(body, "Content-Encoding: gzip, gzip, deflate", "Server: bomb")))
