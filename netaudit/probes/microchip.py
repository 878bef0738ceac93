"""The search that Microchip's network library brings along: I/O modules of many makers (section 22; one source)."""

from typing import ClassVar

from netaudit.probes.search import Search


class Microchip(Search):
    """Modules that switch doors and lights beside the cameras."""

    name = "microchip"
    experimental = True
    kind = "microchip.reply"
    port = 30303
    payloads: ClassVar = {"discover": b"Discover GCE Devices"}


PROBE = Microchip()
