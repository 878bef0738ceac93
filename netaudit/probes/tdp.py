"""TP-Link's search (TDP): Tapo and VIGI cameras among plugs and lamps (facts/protocols.md section 21)."""

from typing import ClassVar

from netaudit.probes.search import Search


class Tdp(Search):
    """Version 2 of the query; its last four bytes are the CRC of the protocol's own definition."""

    name = "tdp"
    kind = "tdp.reply"
    port = 20002
    payloads: ClassVar = {"query, version 2": b"\2\0\0\1" + bytes(8) + b"\x46\x3c\xb5\xd3"}
    unicast = True


PROBE = Tdp()
