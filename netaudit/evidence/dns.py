"""DNS messages for multicast DNS, through zeroconf's codec: the one file that imports it."""

from collections.abc import Sequence
from ipaddress import ip_address
from typing import Final, NamedTuple

from netaudit.evidence.charset import decode

MAX_RECORDS: Final = 512

_CLASS_IN: Final = 1
_UNICAST_WANTED: Final = 0x8000  # RFC 6762, 5.4: the top bit of the question's class
_TYPES: Final = {
    "A": 1, "NS": 2, "CNAME": 5, "PTR": 12, "HINFO": 13, "TXT": 16, "AAAA": 28, "SRV": 33, "NSEC": 47, "ANY": 255,
}  # fmt: skip


class Record(NamedTuple):
    """One resource record; names keep the spelling of the answer and end without a dot.

    `value`: the name that PTR and SRV point to, or the address of A and AAAA. `port`: of SRV. `txt`: strings of TXT.
    """

    name: str
    type: str
    value: str = ""
    port: int = 0
    txt: tuple[str, ...] = ()


def build_query(questions: Sequence[tuple[str, str]], unicast: bool) -> bytes:
    """Return one query with id 0 for (name, type), such as ("_axis-video._tcp.local", "PTR").

    `unicast`: ask for answers to the sender alone (the QU bit). Raises KeyError for an unknown type.
    """
    from zeroconf import DNSOutgoing, DNSQuestion  # type: ignore[attr-defined]  # re-exported without saying so

    message = DNSOutgoing(0)
    for name, kind in questions:
        question = DNSQuestion(name if name.endswith(".") else name + ".", _TYPES[kind], _CLASS_IN)
        question.unicast = unicast
        message.add_question(question)
    return message.packets()[0]


def read_message(raw: bytes) -> list[Record]:
    """Return the PTR, SRV, TXT, A and AAAA records of a response, at most 512; [] for a query or what is no DNS.

    A message that breaks off gives the records before the break.
    """
    if len(raw) < 12 or not raw[2] & 0x80:  # the QR bit: queries carry nothing about a device
        return []
    from zeroconf import DNSIncoming  # type: ignore[attr-defined]

    answers = DNSIncoming(raw, now=1.0).answers()  # a fixed time: the clock has no place in reading
    return [record for answer in answers[:MAX_RECORDS] if (record := _record(answer))]


def _record(answer: object) -> Record | None:
    from zeroconf import DNSAddress, DNSPointer, DNSService, DNSText  # type: ignore[attr-defined]

    if isinstance(answer, DNSPointer):
        return Record(_undotted(answer.name), "PTR", _undotted(answer.alias)) if answer.type == _TYPES["PTR"] else None
    if isinstance(answer, DNSService):
        return Record(_undotted(answer.name), "SRV", _undotted(answer.server), port=answer.port)
    if isinstance(answer, DNSText):
        return Record(_undotted(answer.name), "TXT", txt=_strings(answer.text))
    if isinstance(answer, DNSAddress):
        return _address(answer.name, answer.address)
    return None


def _address(name: str, address: bytes) -> Record | None:
    if len(address) not in (4, 16):
        return None
    return Record(_undotted(name), "A" if len(address) == 4 else "AAAA", str(ip_address(address)))


def _undotted(name: str) -> str:
    return name.removesuffix(".")


def _strings(data: bytes) -> tuple[str, ...]:
    """Cut TXT data into its length-prefixed strings; empty ones are left out."""
    found: list[str] = []
    position = 0
    while position < len(data) and len(found) < 256:
        end = position + 1 + data[position]
        if end > position + 1:
            found.append(decode(data[position + 1 : end]))
        position = end
    return tuple(found)
