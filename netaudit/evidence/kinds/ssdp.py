"""SSDP: answers to M-SEARCH and NOTIFY announcements; one recorder family answers with XML instead."""

from collections.abc import Callable
from typing import Final

from netaudit.evidence import http_message, xml
from netaudit.evidence.cuts import HEADERS, Cut
from netaudit.evidence.fields import Fields
from netaudit.evidence.gather import gather

_MAIN: Final = ("st", "nt", "nts", "usn", "server", "location")


def read(raw: bytes) -> Fields:
    """Return st, nt, nts, usn, server, location and header.<name>; {} for a search, which is no answer.

    The XML form (`multicastSearchResult`, TVT platform) gives its own element names.
    """
    if raw.startswith(b"M-SEARCH"):
        return {}
    for answer in xml.subtrees(xml.nodes(raw), "multicastSearchResult") if b"multicastSearchResult" in raw else ():
        return gather(xml.leaves(answer))
    if not raw.startswith((b"HTTP/", b"NOTIFY")):
        return {}
    fields = gather((f"header.{name}", value) for name, value in http_message.split(raw).headers)
    fields.update({name: fields[f"header.{name}"] for name in _MAIN if f"header.{name}" in fields})
    return fields


READERS: dict[str, Callable[[bytes], Fields]] = {"ssdp.reply": read}
CUTS: dict[str, Cut] = {"ssdp.reply": HEADERS}
