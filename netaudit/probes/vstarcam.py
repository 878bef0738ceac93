"""VStarcam's search: Wanscam, Wanview and others (facts/protocols.md section 22)."""

from typing import ClassVar

from netaudit.probes.search import Search


class VStarcam(Search):
    """The answer shows user name and password in clear: the evidence room cuts them before anything is kept."""

    name = "vstarcam"
    kind = "vstarcam.reply"
    port = 8600
    payloads: ClassVar = {"search": b"DH\1\1"}
    bind = 8600


PROBE = VStarcam()
