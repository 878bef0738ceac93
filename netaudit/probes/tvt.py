"""TVT's search ("MHED"), also under the labels of others (facts/protocols.md section 11)."""

from typing import ClassVar

from netaudit.probes.search import Search


class Tvt(Search):
    """Asked on one group, answered on the next one; devices also announce themselves there every 2 s."""

    name = "tvt"
    kind = "tvt.reply"
    port = 23456
    payloads: ClassVar = {
        f"MHED command 1, version {number}": b"MHED%c\0\1\0\1" % number + bytes(131) for number in (7, 8)
    }
    groups = ("234.55.55.55",)
    listen_groups = ("234.55.55.56",)
    bind = 23456


PROBE = Tvt()
