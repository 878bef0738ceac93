"""TP-Link's search (TDP): Tapo and VIGI cameras among plugs and lamps (facts/protocols.md section 21)."""

from typing import ClassVar, Final

from netaudit.probes.search import Search

_QUERY: Final = b"\2\0\0\1" + bytes(8) + b"\x46\x3c\xb5\xd3"


class Tdp(Search):
    """Version 2 of the query; its last four bytes are the CRC of the protocol's own definition."""

    name = "tdp"
    kind = "tdp.reply"
    port = 20002
    payloads: ClassVar = {"query, version 2": _QUERY}
    unicast = True
    # Where newer firmware listens.
    also = ((20004, None, "query, version 2", _QUERY),)


PROBE = Tdp()
