"""Dahua DHIP: DHDiscover.search is answered with client.notifyDevInfo (UDP 37810).

Settings: mac; info = the deviceInfo object as it goes out.
Shapes: mcw0/DahuaConsole:net.py; Phenomite/AMP-Research, port 37810; UniversalScanner/Dahua2.cs.
"""

import json
import struct
from collections.abc import Mapping, Sequence
from typing import Any, Final

from netaudit.demo.model import DemoDevice
from netaudit.demo.stage import Answer, Peer, Stage

GROUP: Final = "239.255.255.251"
PORT: Final = 37810
_HEAD: Final = struct.Struct("<I4sQQQ")
_ASKING: Final = "DHDiscover.search"


async def perform(stage: Stage, device: DemoDevice, spec: Mapping[str, Any]) -> None:
    """Listen for searches."""
    await stage.udp(device, PORT, _answer(stage, device, spec), GROUP)


def _answer(stage: Stage, device: DemoDevice, spec: Mapping[str, Any]) -> Answer:
    reply = _frame({"mac": spec["mac"], "method": "client.notifyDevInfo", "params": {"deviceInfo": spec["info"]}})

    def answer(data: bytes, sender: Peer) -> Sequence[tuple[bytes, Peer]]:
        method = _method(data)
        if not method:
            return ()
        harm = "" if method == _ASKING else f"DHIP {method} changes or reveals"
        stage.journal.note(device.address, "dhip", PORT, method, harm)
        return () if harm else ((reply, sender),)

    return answer


def _method(data: bytes) -> str:
    """The method of a well-formed frame; modern units ignore everything else."""
    if len(data) < _HEAD.size or data[4:8] != b"DHIP":
        return ""
    try:
        request = json.loads(data[_HEAD.size :].rstrip(b"\0\n"))
    except ValueError:
        return ""
    return str(request.get("method", "")) if isinstance(request, dict) else ""


def _frame(message: Mapping[str, Any]) -> bytes:
    body = json.dumps(message, separators=(",", ":")).encode() + b"\n\0"
    return _HEAD.pack(_HEAD.size, b"DHIP", 0, len(body), len(body)) + body
