"""Hold the virtual building open until told to stop."""

import asyncio
from collections.abc import Callable, Collection

from netaudit.demo.building import Building


async def serve(
    tell: Callable[[Building], None], stop: asyncio.Event | None = None, without: Collection[str] = ()
) -> None:
    """Start the building, call `tell` once it stands, and keep it open until `stop` is set or the task is cancelled."""
    async with Building.start(without) as building:
        tell(building)
        await (stop or asyncio.Event()).wait()
