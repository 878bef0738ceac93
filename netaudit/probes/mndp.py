"""MikroTik's neighbour discovery: network gear, for context (facts/protocols.md section 22)."""

from typing import ClassVar

from netaudit.probes.search import Search


class Mndp(Search):
    """No camera speaks it, hence experimental: whoever wants to see the routers switches it on."""

    name = "mndp"
    experimental = True
    kind = "mndp.reply"
    port = 5678
    payloads: ClassVar = {"refresh": bytes(4)}
    bind = 5678


PROBE = Mndp()
