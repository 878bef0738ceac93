"""Dahua's first search, before DHIP: old recorders and cameras, relabelled ones too (facts/protocols.md section 7)."""

from typing import ClassVar

from netaudit.probes.search import Search


class DahuaLegacy(Search):
    """Broadcast; some units answer to port 5050 only. Unicast is best effort: one tool offers it."""

    name = "dahua_legacy"
    kind = "dahua_legacy.reply"
    port = 5050
    payloads: ClassVar = {"a3 search": b"\xa3\x01\x00\x01" + bytes(12) + b"\x02" + bytes(15)}
    bind = 5050
    unicast = True


PROBE = DahuaLegacy()
