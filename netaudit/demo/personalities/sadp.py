"""Hikvision SADP: an inquiry is answered with a ProbeMatch (UDP 37020).

Settings: any element of the reply by its own name; raw = [names whose value goes out unescaped, as bad firmware does].
Shapes: MatrixEditor/hiktools:docs/sadp.rst; julienblitte/UniversalScanner:UniversalScanner/Hikvision.selftest.
"""

import re
from collections.abc import Mapping, Sequence
from typing import Any, Final
from xml.sax.saxutils import escape

from netaudit.demo.model import DemoDevice
from netaudit.demo.stage import Answer, Peer, Stage

GROUP: Final = "239.255.255.250"
PORT: Final = 37020
_ASKING: Final = frozenset({"inquiry", "inquiry_v32"})
_TYPES: Final = re.compile(rb"<Types>\s*([A-Za-z0-9_]+)\s*</Types>")
_UUID: Final = re.compile(rb"<Uuid>\s*([0-9A-Fa-f-]{1,64})\s*</Uuid>")


async def perform(stage: Stage, device: DemoDevice, spec: Mapping[str, Any]) -> None:
    """Listen for inquiries."""
    await stage.udp(device, PORT, _answer(stage, device, spec), GROUP)


def _answer(stage: Stage, device: DemoDevice, spec: Mapping[str, Any]) -> Answer:
    def answer(data: bytes, sender: Peer) -> Sequence[tuple[bytes, Peer]]:
        types = _TYPES.search(data)
        if b"<Probe>" not in data or types is None:
            return ()
        asked = types[1].decode()
        harm = "" if asked in _ASKING else f"SADP {asked} changes or reveals"
        stage.journal.note(device.address, "sadp", PORT, asked, harm)
        uuid = _UUID.search(data)
        return () if harm else ((_reply(asked, uuid[1].decode() if uuid else "", spec), sender),)

    return answer


def _reply(asked: str, uuid: str, spec: Mapping[str, Any]) -> bytes:
    unescaped = spec.get("raw", ())
    fields = {"Uuid": uuid, "Types": asked, **{name: value for name, value in spec.items() if name != "raw"}}
    lines = (f"<{name}>{value if name in unescaped else escape(value)}</{name}>" for name, value in fields.items())
    return '<?xml version="1.0" encoding="UTF-8"?>\r\n<ProbeMatch>\r\n{}\r\n</ProbeMatch>'.format(
        "\r\n".join(lines)
    ).encode()
