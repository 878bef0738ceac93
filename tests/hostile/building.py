"""All hostile devices in one process: `python -m tests.hostile.building READY`; one address a device."""

import asyncio
import importlib
import pkgutil
import resource
import sys
from collections.abc import Mapping
from pathlib import Path

from tests.hostile import devices

FIRST = 20


def addresses() -> Mapping[str, str]:
    """Name of a device to its address."""
    names = sorted(info.name for info in pkgutil.iter_modules(devices.__path__))
    return {name: f"10.66.0.{FIRST + number}" for number, name in enumerate(names)}


async def _serve(ready: Path) -> None:
    for name, ip in addresses().items():
        await importlib.import_module(f"{devices.__name__}.{name}").serve(ip)
    await asyncio.to_thread(ready.touch)
    await asyncio.Event().wait()


if __name__ == "__main__":
    resource.setrlimit(resource.RLIMIT_NOFILE, (4096, 4096))
    asyncio.run(_serve(Path(sys.argv[1])))
