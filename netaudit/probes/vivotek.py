"""Vivotek's search (facts/protocols.md section 15; one source)."""

from typing import ClassVar

from netaudit.probes.search import Search


class Vivotek(Search):
    """A session byte of our choice, then the magic."""

    name = "vivotek"
    experimental = True
    kind = "vivotek.reply"
    port = 10000
    payloads: ClassVar = {"hello": b"\1\x4a\x5d\x8f\x1c"}


PROBE = Vivotek()
