"""Hanwha's search, also of older Samsung cameras (facts/protocols.md section 14; one source)."""

from typing import ClassVar

from netaudit.probes.search import Search


class Hanwha(Search):
    """First byte 01 only: others may set addresses. The answer comes to port 7711."""

    name = "hanwha"
    experimental = True
    kind = "hanwha.reply"
    port = 7701
    payloads: ClassVar = {"search 01": b"\1" + bytes(261)}
    bind = 7711
    from_both = False


PROBE = Hanwha()
