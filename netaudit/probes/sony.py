"""Sony's search for SNC cameras, and for PTZ cameras with VISCA over IP (facts/protocols.md section 17)."""

from typing import ClassVar

from netaudit.probes.search import Search


class Sony(Search):
    """The enquiry only: units that begin with SET assign addresses."""

    name = "sony"
    kind = "sony.reply"
    port = 2380
    payloads: ClassVar = {"ENQ:allinfo": b"\2ENQ:allinfo\xff\3"}
    bind = 2380
    also = ((52380, 52380, "ENQ:network", b"\2ENQ:network\xff\3"),)


PROBE = Sony()
