"""Ubiquiti discovery: the v1 query is answered with type-length-value records (UDP 10001).

Settings: mac, hostname, platform, firmware. Shapes: uilibs/unifi-discovery; nitefood/python-ubnt-discovery.
"""

import socket
import struct
from collections.abc import Mapping, Sequence
from typing import Any, Final

from netaudit.demo.model import DemoDevice
from netaudit.demo.stage import Answer, Peer, Stage

PORT: Final = 10001
_QUERIES: Final = (b"\x01\0\0\0", b"\x02\x08\0\0")


async def perform(stage: Stage, device: DemoDevice, spec: Mapping[str, Any]) -> None:
    """Listen for queries."""
    await stage.udp(device, PORT, _answer(stage, device, spec))


def _answer(stage: Stage, device: DemoDevice, spec: Mapping[str, Any]) -> Answer:
    reply = _reply(device.address, spec)

    def answer(data: bytes, sender: Peer) -> Sequence[tuple[bytes, Peer]]:
        if data not in _QUERIES:
            return ()
        stage.journal.note(device.address, "ubnt", PORT, data.hex())
        return ((reply, sender),)

    return answer


def _reply(address: str, spec: Mapping[str, Any]) -> bytes:
    mac, ip = bytes.fromhex(spec["mac"].replace(":", "")), socket.inet_aton(address)
    records = (
        (0x02, mac + ip),
        (0x01, mac),
        (0x0B, spec["hostname"].encode()),
        (0x0C, spec["platform"].encode()),
        (0x03, spec["firmware"].encode()),
    )
    body = b"".join(struct.pack(">BH", kind, len(value)) + value for kind, value in records)
    return struct.pack(">BBH", 1, 0, len(body)) + body
