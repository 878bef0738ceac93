"""Reolink's search: four bytes to UDP 2000 are answered with 388 bytes to port 3000 of the asker.

Settings: mac, name, uid, recorder. Shapes: xannor/ha_reolink_discovery:custom_components/reolink_discovery/core.py.
"""

from collections.abc import Mapping, Sequence
from typing import Any, Final

from netaudit.demo.model import DemoDevice
from netaudit.demo.stage import Answer, Peer, Stage

PORT: Final = 2000
_REPLY_PORT: Final = 3000
_QUERY: Final = b"\xaa\xaa\0\0"
_LENGTH: Final = 388


async def perform(stage: Stage, device: DemoDevice, spec: Mapping[str, Any]) -> None:
    """Listen for searches."""
    await stage.udp(device, PORT, _answer(stage, device, spec))


def _answer(stage: Stage, device: DemoDevice, spec: Mapping[str, Any]) -> Answer:
    reply = _reply(device.address, spec)

    def answer(data: bytes, sender: Peer) -> Sequence[tuple[bytes, Peer]]:
        if data != _QUERY:
            return ()
        stage.journal.note(device.address, "reolink", PORT, "search")
        return ((reply, (sender[0], _REPLY_PORT)),)

    return answer


def _reply(address: str, spec: Mapping[str, Any]) -> bytes:
    fields = {
        50: b"\x02" if spec.get("recorder") else b"\x01",
        58: b"IPC",
        80: bytes.fromhex(spec["mac"].replace(":", "")),
        104: _QUERY,
        108: address.encode(),
        128: b"\x28\x23\0\0",
        132: spec["name"].encode()[:31],
        164: spec["mac"].encode(),
        228: spec["uid"].encode()[:24],
    }
    data = bytearray(_LENGTH)
    for offset, value in fields.items():
        data[offset : offset + len(value)] = value
    return bytes(data)
