"""Lantronix' search for serial servers (facts/protocols.md section 22; one source)."""

from typing import ClassVar

from netaudit.probes.search import Search


class Lantronix(Search):
    """What cameras' joysticks, relays and readers hang on. The port's other messages tell and change settings."""

    name = "lantronix"
    experimental = True
    kind = "lantronix.reply"
    port = 30718
    payloads: ClassVar = {"query F6": b"\0\0\0\xf6"}


PROBE = Lantronix()
