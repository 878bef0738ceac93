"""Multicast DNS: the services that a message tells of."""

import re
from collections.abc import Callable, Sequence
from typing import Final

from netaudit.evidence.dns import Record, read_message
from netaudit.evidence.fields import MAX_TEXT, Fields
from netaudit.evidence.gather import gather

MAX_SERVICES: Final = 64

_SERVICE = re.compile(r"(?:(.*)\.)?(_[^.]{1,63}\._(?:tcp|udp))\.local", re.IGNORECASE | re.DOTALL)
_META: Final = "_services._dns-sd._udp.local"


def read(raw: bytes) -> Fields:
    """Return type, instance, host, port, address, txt, txt.<key> and service_types; {} for a query.

    `type` is as spelled in the answer, without the domain (`_CGI._tcp`). With several services type, instance, host
    and port are lists in parallel order, empty where the message does not say. `service_types`: answers to the
    question for all types. `address`: A and AAAA records. `txt`: key=value strings of all services.
    """
    records = read_message(raw)
    names = _instances(records)
    servers = {record.name.lower(): record for record in records if record.type == "SRV"}
    fields: dict[str, str | tuple[str, ...]] = gather(_txt_keys(records))
    matches = [match for name in names if (match := _SERVICE.fullmatch(name))]
    found = [servers.get(match[0].lower(), Record("", "")) for match in matches]
    columns = {
        "type": [match[2] for match in matches],
        "instance": [match[1] or "" for match in matches],
        "host": [record.value for record in found],
        "port": [str(record.port) if record.type else "" for record in found],
        "address": [record.value for record in records if record.type in ("A", "AAAA")][:MAX_SERVICES],
        "service_types": _types(records),
    }
    fields.update({name: tuple(values) if len(values) > 1 else values[0] for name, values in columns.items() if values})
    return fields


def _instances(records: Sequence[Record]) -> list[str]:
    """Return the full names of service instances, once each: what PTR records point to, then owners of SRV and TXT."""
    pointed = (r.value for r in records if r.type == "PTR" and r.name.lower() != _META)
    owners = (r.name for r in records if r.type in ("SRV", "TXT"))
    unique: dict[str, str] = {}
    for name in (*pointed, *owners):
        unique.setdefault(name.lower(), name)
    return list(unique.values())[:MAX_SERVICES]


def _types(records: Sequence[Record]) -> list[str]:
    pointed = [r.value for r in records if r.type == "PTR" and r.name.lower() == _META]
    return [name.removesuffix(".local") for name in dict.fromkeys(pointed)][:MAX_SERVICES]


def _txt_keys(records: Sequence[Record]) -> list[tuple[str, str]]:
    """Return ("txt", "key=value") and ("txt.key", value); keys in lower case, as RFC 6763, 6.4 compares them."""
    strings = dict.fromkeys(string for record in records if record.type == "TXT" for string in record.txt)
    pairs = [string.partition("=") for string in strings]
    return [
        *(("txt", string[:MAX_TEXT]) for string in strings),
        *((f"txt.{key.lower()}", value) for key, _, value in pairs if key),
    ]


READERS: dict[str, Callable[[bytes], Fields]] = {"mdns.service": read}
