"""HID's search for door controllers (facts/protocols.md section 22; one source)."""

from typing import ClassVar

from netaudit.probes.search import Search


class Hid(Search):
    """Access control beside the cameras. The same port takes commands: only the one search is on the list."""

    name = "hid"
    experimental = True
    kind = "hid.reply"
    port = 4070
    payloads: ClassVar = {"discover": b"discover;013;"}


PROBE = Hid()
