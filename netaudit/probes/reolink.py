"""Reolink's local "ping" (facts/protocols.md section 20)."""

from typing import ClassVar

from netaudit.probes.search import Search


class Reolink(Search):
    """Four bytes to port 2000; the 388 bytes of the answer come to port 3000, whoever asked."""

    name = "reolink"
    kind = "reolink.reply"
    port = 2000
    payloads: ClassVar = {"ping": b"\xaa\xaa\0\0"}
    bind = 3000
    from_both = False
    unicast = True


PROBE = Reolink()
