"""Ports that are open and say nothing (vendor SDKs), banners, and tripwires: ports that a scan must never touch.

Settings: ports (silent), banner = {port = text}, tripwire (ports), mute (ports that accept and never answer).
"""

import asyncio
from collections.abc import Mapping
from typing import Any, Final

from netaudit.demo.model import DemoDevice
from netaudit.demo.stage import Stage, Talk

_PATIENCE: Final = 15.0


async def perform(stage: Stage, device: DemoDevice, spec: Mapping[str, Any]) -> None:
    """Open the ports of one device."""
    for port in spec.get("ports", ()):
        await stage.tcp(device, port, _talk(stage, device, port))
    for port, text in spec.get("banner", {}).items():
        await stage.tcp(device, int(port), _talk(stage, device, int(port), text))
    for port in spec.get("tripwire", ()):
        await stage.tcp(device, port, _talk(stage, device, port, harm="a port that must never be touched"))


def _talk(stage: Stage, device: DemoDevice, port: int, banner: str = "", harm: str = "") -> Talk:
    async def hold(reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        stage.journal.note(device.address, "tcp", port, "connection", harm)
        if banner:
            writer.write(banner.encode())
            await writer.drain()
        async with asyncio.timeout(_PATIENCE):
            while await reader.read(4096):
                pass

    return hold
