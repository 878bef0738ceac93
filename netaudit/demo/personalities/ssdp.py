"""SSDP: an M-SEARCH for the device's targets is answered (UDP 1900); the description lies on its web server.

Settings: targets (list of ST; upnp:rootdevice and ssdp:all always fit), server, usn, location.
Shapes: UPnP Device Architecture 1.1.
"""

from collections.abc import Mapping, Sequence
from typing import Any, Final

from netaudit.demo.model import DemoDevice
from netaudit.demo.stage import Answer, Peer, Stage

GROUP: Final = "239.255.255.250"
PORT: Final = 1900
_ALL: Final = frozenset({"upnp:rootdevice", "ssdp:all"})


async def perform(stage: Stage, device: DemoDevice, spec: Mapping[str, Any]) -> None:
    """Listen for searches."""
    await stage.udp(device, PORT, _answer(stage, device, spec), GROUP)


def _answer(stage: Stage, device: DemoDevice, spec: Mapping[str, Any]) -> Answer:
    def answer(data: bytes, sender: Peer) -> Sequence[tuple[bytes, Peer]]:
        target = _search_target(data)
        if not target:
            return ()
        stage.journal.note(device.address, "ssdp", PORT, target)
        if target not in _ALL and target not in spec.get("targets", ()):
            return ()
        return ((_reply("upnp:rootdevice" if target == "ssdp:all" else target, spec), sender),)

    return answer


def _search_target(data: bytes) -> str:
    first, *lines = data.decode("latin-1").split("\r\n")
    if not first.startswith("M-SEARCH * HTTP/1."):
        return ""
    pairs = (line.partition(":") for line in lines)
    return next((value.strip() for name, _, value in pairs if name.strip().upper() == "ST"), "")


def _reply(target: str, spec: Mapping[str, Any]) -> bytes:
    lines = (
        "HTTP/1.1 200 OK",
        "CACHE-CONTROL: max-age=1800",
        "EXT:",
        f"LOCATION: {spec['location']}",
        f"SERVER: {spec['server']}",
        f"ST: {target}",
        f"USN: {spec['usn']}::{target}",
    )
    return ("\r\n".join(lines) + "\r\n\r\n").encode()
