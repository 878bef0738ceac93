"""What a virtual device can speak: one protocol a file. A device's settings name the personalities it has."""

from collections.abc import Awaitable, Callable, Mapping
from typing import Any, Final, TypeAlias

from netaudit.demo.model import DemoDevice
from netaudit.demo.personalities import dhip, http, mdns, open_ports, reolink, rtsp, sadp, ssdp, ubnt, wsd
from netaudit.demo.stage import Stage
from netaudit.demo.tls import Certificates

Perform: TypeAlias = Callable[[Stage, DemoDevice, Mapping[str, Any]], Awaitable[None]]

_BY_NAME: Final[Mapping[str, Perform]] = {
    "dhip": dhip.perform,
    "mdns": mdns.perform,
    "open": open_ports.perform,
    "reolink": reolink.perform,
    "rtsp": rtsp.perform,
    "sadp": sadp.perform,
    "ssdp": ssdp.perform,
    "ubnt": ubnt.perform,
    "wsd": wsd.perform,
}


async def perform(stage: Stage, device: DemoDevice, certificates: Certificates) -> None:
    """Open everything that one device speaks."""
    for name, spec in device.services.items():
        if name in _BY_NAME:
            await _BY_NAME[name](stage, device, spec)
    if "http" in device.services or "tls" in device.services:
        await http.perform(stage, device, device.services.get("http", {}), certificates)
