"""Sony's search for SNC cameras (facts/protocols.md section 17)."""

from typing import ClassVar

from netaudit.probes.search import Search


class Sony(Search):
    """The enquiry only: units that begin with SET assign addresses."""

    name = "sony"
    kind = "sony.reply"
    port = 2380
    payloads: ClassVar = {"ENQ:allinfo": b"\2ENQ:allinfo\xff\3"}
    bind = 2380


PROBE = Sony()
