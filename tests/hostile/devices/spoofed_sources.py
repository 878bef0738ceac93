"""Answers a probe in the name of thousands of others: outside the scope, inside it, excluded, and impossible."""

import asyncio
import contextlib
import socket
import struct
from ipaddress import IPv4Address

from tests.hostile.serve import probe_match, udp

_STRANGERS = 3_000
INSIDE = "10.66.0.66"
EXCLUDED = "10.66.0.5"
_IMPOSSIBLE = ("0.0.0.0", "127.0.0.1", "224.0.0.1", "255.255.255.255", "10.66.0.1")


def _checksum(data: bytes) -> int:
    total: int = sum(struct.unpack(f"!{len(data) // 2}H", data))
    total = (total & 0xFFFF) + (total >> 16)
    return ~(total + (total >> 16)) & 0xFFFF


def _packet(source: str, target: str, port: int, payload: bytes) -> bytes:
    udp_part = struct.pack("!4H", 3702, port, 8 + len(payload), 0) + payload
    addresses = socket.inet_aton(source) + socket.inet_aton(target)
    head = struct.pack("!BBHHHBBH", 0x45, 0, 20 + len(udp_part), 0, 0, 64, 17, 0) + addresses
    return head[:10] + struct.pack("!H", _checksum(head)) + head[12:] + udp_part


class _Spoofer:
    def __init__(self, ip: str) -> None:
        self._ip = ip
        self._raw = socket.socket(socket.AF_INET, socket.SOCK_RAW, socket.IPPROTO_RAW)

    async def answer(self, target: str, port: int) -> None:
        strangers = (str(IPv4Address("10.67.0.1") + number) for number in range(_STRANGERS))
        for number, source in enumerate((INSIDE, EXCLUDED, *_IMPOSSIBLE, *strangers)):
            match = probe_match(f"http://{source}/onvif/device_service", uuid=f"urn:uuid:s{number}")
            with contextlib.suppress(OSError):
                self._raw.sendto(_packet(source, target, port, match), (target, 0))
            if number % 100 == 0:
                await asyncio.sleep(0.01)


async def serve(ip: str) -> None:
    """Wait for a probe to the group; speak for the others then."""
    spoofer, loop = _Spoofer(ip), asyncio.get_running_loop()
    sock = socket.socket(socket.AF_INET, socket.SOCK_DGRAM | socket.SOCK_NONBLOCK)
    sock.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
    sock.bind(("239.255.255.250", 3702))
    member = struct.pack("=4s4s", socket.inet_aton("239.255.255.250"), socket.inet_aton(ip))
    sock.setsockopt(socket.IPPROTO_IP, socket.IP_ADD_MEMBERSHIP, member)

    async def listen() -> None:
        while True:
            _, sender = await loop.sock_recvfrom(sock, 65535)
            await spoofer.answer(*sender)

    loop.create_task(listen())
    await udp(ip, 3702, lambda _: ())
