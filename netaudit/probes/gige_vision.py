"""Discovery of GigE Vision: industrial cameras, so that nobody takes them for others (sheet, section 22)."""

from typing import ClassVar

from netaudit.probes.search import Search


class GigeVision(Search):
    """The discovery command only; its head begins with 42, all other commands read or write registers."""

    name = "gige_vision"
    experimental = True
    kind = "gige_vision.reply"
    port = 3956
    payloads: ClassVar = {"discovery command 0002": b"\x42\x11\0\2\0\0\0\1"}


PROBE = GigeVision()
