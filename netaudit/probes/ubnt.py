"""Ubiquiti's search: cameras and network gear (facts/protocols.md section 19)."""

from typing import ClassVar

from netaudit.probes.search import BROADCAST, Search


class Ubnt(Search):
    """Both versions of the query; some devices answer to port 10001 only."""

    name = "ubnt"
    kind = "ubnt.reply"
    port = 10001
    payloads: ClassVar = {"query, version 1": b"\1\0\0\0", "query, version 2": b"\2\x08\0\0"}
    groups = (BROADCAST, "233.89.188.1")
    bind = 10001
    unicast = True


PROBE = Ubnt()
