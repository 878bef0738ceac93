"""360Vision's search (facts/protocols.md section 22; one source)."""

from typing import ClassVar

from netaudit.probes.search import Search


class Vision360(Search):
    """One word; our own question heard again says nothing of a device and is not kept."""

    name = "vision_360"
    experimental = True
    kind = "vision_360.reply"
    port = 3600
    payloads: ClassVar = {"DISCOVER": b"DISCOVER\n"}
    bind = 3600


PROBE = Vision360()
