"""mDNS and DNS-SD: what services a host offers, and the model and serial in their names (facts section 9)."""

import re
from collections.abc import Iterable, Sequence
from functools import cache
from typing import ClassVar, Final

from netaudit.evidence.dns import Record, build_query, read_message
from netaudit.net.exchange import Datagram, Reply
from netaudit.probes.base import Heard

PORT: Final = 5353
GROUP: Final = "224.0.0.251"
GROUP_V6: Final = "ff02::fb"
ALL_TYPES: Final = "_services._dns-sd._udp.local"

# Types seen on cameras, recorders and door stations, then those that tell what is none. Guesses that no real reply
# has ever shown (_onvif._tcp, _hikvision._tcp and the like) are left out: ALL_TYPES would bring them up.
TYPES: Final = tuple(
    f"{name}._tcp.local"
    for name in (
        *("_axis-video", "_axis-nvr", "_rtsp", "_psia", "_CGI", "_arec", "_hap", "_vapix-http"),
        *("_http", "_https", "_googlecast", "_airplay", "_ipp", "_printer", "_pdl-datastream", "_smb"),
    )
)
MAX_QUESTIONS: Final = 24
_SERVICE: Final = re.compile(r"_[A-Za-z0-9-]{1,40}\._(?:tcp|udp)\.local", re.IGNORECASE)
_SERVICE_ENDS: Final = ("._tcp.local", "._udp.local")
_ASKED: Final = frozenset(name.lower() for name in TYPES)


class Mdns:
    """Asks for PTR records with the QU bit: many devices then answer the asker alone and need no group membership."""

    name: ClassVar[str] = "mdns"
    version: ClassVar[int] = 1

    def announce(self) -> Sequence[Datagram]:
        """Ask both groups; repeated more than other protocols, since many cameras sleep through the first query."""
        groups = (GROUP, GROUP_V6)
        return [Datagram(_first_query(), PORT, group, bind=PORT, repeats=4, label="PTR") for group in groups]

    def directed(self) -> Sequence[Datagram]:
        """Ask one host of the same link; routers and most hosts behind them leave this unanswered."""
        return [Datagram(_first_query(), PORT, label="PTR")]

    def read(self, request: Datagram | None, reply: Reply) -> Sequence[Heard]:
        """Keep every response that names a service; queries (our own as well) and plain address records say nothing."""
        return [
            Heard("mdns.service", message)
            for message in reply.messages
            if any(record.name.lower().endswith(_SERVICE_ENDS) for record in read_message(message))
        ]

    def again(self, reply: Reply) -> Sequence[Datagram]:
        """Ask the answerer for types we did not know, and for those whose instances came without SRV or TXT.

        PTR questions only. Types go back as they were spelled: some responders compare case.
        """
        records = [record for message in reply.messages for record in read_message(message)]
        types = sorted(_new_types(records) | _bare_types(records))[:MAX_QUESTIONS]
        if not types:
            return ()
        return [Datagram(build_query([(name, "PTR") for name in types], True), PORT, repeats=1, label="PTR again")]


@cache
def _first_query() -> bytes:
    return build_query([(name, "PTR") for name in (ALL_TYPES, *TYPES)], True)


def _new_types(records: Iterable[Record]) -> set[str]:
    named = {record.value for record in records if record.type == "PTR" and record.name.lower() == ALL_TYPES}
    return {name for name in named if _is_service(name) and name.lower() not in _ASKED}


def _bare_types(records: Sequence[Record]) -> set[str]:
    described = {record.name for record in records if record.type in ("SRV", "TXT")}
    return {
        record.name
        for record in records
        if record.type == "PTR" and record.value not in described and _is_service(record.name)
    }


def _is_service(name: str) -> bool:
    # Length and shape are checked before an answer's text may become part of a question.
    return bool(_SERVICE.fullmatch(name)) and name.lower() != ALL_TYPES


PROBE = Mdns()
