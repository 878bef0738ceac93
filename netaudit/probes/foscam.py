"""Foscam's search ("MO_I", facts/protocols.md section 22)."""

from typing import ClassVar

from netaudit.probes.search import Search


class Foscam(Search):
    """Shares port 10000 with Vivotek: answers are told apart by their first bytes."""

    name = "foscam"
    kind = "foscam.reply"
    port = 10000
    payloads: ClassVar = {"search": b"MO_I" + bytes(11) + b"\4" + bytes(10) + b"\1"}
    bind = 10000
    from_both = False


PROBE = Foscam()
