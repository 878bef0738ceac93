"""Bosch's search (facts/protocols.md section 16; one source)."""

from typing import ClassVar

from netaudit.probes.search import Search


class Bosch(Search):
    """Magic, a transaction number of our choice, the command. The answer comes to port 1758."""

    name = "bosch"
    experimental = True
    kind = "bosch.reply"
    port = 1757
    payloads: ClassVar = {"search": b"\x99\x39\xa4\x27\0\0\0\1\xff\0\6\xde"}
    bind = 1758
    from_both = False


PROBE = Bosch()
