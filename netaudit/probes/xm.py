"""XiongMai's search: white-label recorders and boards sold under many names (facts/protocols.md section 10)."""

from typing import ClassVar

from netaudit.probes.search import Search


class Xm(Search):
    """Message 1530, broadcast. Source and answer port are 34569; no unicast form is known."""

    name = "xm"
    kind = "xm.reply"
    port = 34569
    payloads: ClassVar = {"message 1530": b"\xff" + bytes(13) + b"\xfa\x05" + bytes(4)}
    bind = 34569
    from_both = False
    repeats = 3


PROBE = Xm()
