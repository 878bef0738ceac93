"""SNMP messages as bytes: requests built and answers taken apart by pysnmp, whatever wrote them.

The only file that imports pysnmp's message types, and only when an agent is read. Signing and encrypting is
`netaudit.net.usm`. Facts: RFC 3416 (requests), RFC 1901 (version 2c), RFC 3412 and RFC 3414 (version 3).
"""

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from functools import cache
from typing import Any, Final, Literal, TypeAlias

Oid: TypeAlias = tuple[int, ...]
Value: TypeAlias = int | bytes | Oid | None
"""A number, octets, an object identifier; None where the agent has no such object or no further one."""
Operation: TypeAlias = Literal["get", "bulk"]

REPETITIONS: Final = 25
"""Rows asked for at a time: with names and indices they fill one datagram."""
_MAX_SIZE: Final = 65507
_REPORTABLE: Final = 0x04
_SIGNED: Final = 0x01
_ENCRYPTED: Final = 0x02


@dataclass(frozen=True, slots=True)
class Engine:
    """What a version 3 agent says of itself: who it is, and its clock. All empty before it was asked."""

    id: bytes = b""
    boots: int = 0
    time: int = 0


@dataclass(frozen=True, slots=True)
class Answer:
    """An answer: `number` as in the request; `error` 0 where all is well; `rows` in the agent's order.

    `report`: True for a version 3 agent's word on why it did not answer. `engine`: version 3 only.
    """

    number: int
    error: int
    rows: tuple[tuple[Oid, Value], ...]
    report: bool = False
    engine: Engine = Engine()


def oid(dotted: str) -> Oid:
    """Return an object identifier as numbers."""
    return tuple(map(int, dotted.split(".")))


def request_v2c(community: str, operation: Operation, names: Sequence[Oid], number: int) -> bytes:
    """Build a version 2c request."""
    library = _library()
    message = library.v2c.Message()
    library.v2c.apiMessage.set_defaults(message)
    library.v2c.apiMessage.set_community(message, community.encode())
    library.v2c.apiMessage.set_pdu(message, _pdu(operation, names, number))
    return library.encode(message)


def request_v3(
    user: str, engine: Engine, operation: Operation, names: Sequence[Oid], number: int,
    *, encrypted: bool, context: str = "",
) -> bytes:  # fmt: skip
    """Build a version 3 request in clear, to be sealed; without names and engine it is the question who is there."""
    library = _library()
    message, parameters = library.message(), library.parameters()
    flags = _REPORTABLE | (_SIGNED | (_ENCRYPTED if encrypted else 0) if engine.id else 0)
    message["msgVersion"] = 3
    head = message["msgGlobalData"]
    head["msgID"], head["msgMaxSize"], head["msgFlags"], head["msgSecurityModel"] = number, _MAX_SIZE, bytes([flags]), 3
    values = (engine.id, engine.boots, engine.time, user if engine.id else "", b"", b"")
    for place, value in enumerate(values):
        parameters[place] = value
    message["msgSecurityParameters"] = library.encode(parameters)
    scoped = message["msgData"]["plaintext"]
    scoped["contextEngineId"], scoped["contextName"] = engine.id, context.encode()
    operation_name = "get-bulk-request" if operation == "bulk" else "get-request"
    scoped["data"][operation_name] = _pdu(operation, names, number)
    return library.encode(message)


def read_v2c(raw: bytes) -> Answer | None:
    """Take a version 2c answer apart; None for anything else."""

    def take() -> Answer:
        library = _library()
        message = library.decode(raw, library.v2c.Message())
        return _answer(library.v2c.apiMessage.get_pdu(message))

    return _carefully(take)


def read_v3(clear: bytes) -> Answer | None:
    """Take a version 3 answer in clear apart; None for anything else."""

    def take() -> Answer:
        library = _library()
        message = library.decode(clear, library.message())
        user = library.decode(bytes(message["msgSecurityParameters"]), library.parameters())
        engine = Engine(bytes(user[0]), int(user[1]), int(user[2]))
        return _answer(message["msgData"]["plaintext"]["data"].getComponent(), engine)

    return _carefully(take)


def _carefully(take: Callable[[], Answer]) -> Answer | None:
    try:
        return take()
    except Exception:
        # A decoder that meets bytes of a stranger may raise anything, from its own errors to RecursionError.
        return None


def _answer(pdu: Any, engine: Engine = Engine()) -> Answer:
    library = _library()
    rows = tuple((tuple(name), _value(value)) for name, value in library.v2c.apiPDU.get_varbinds(pdu))
    report = pdu.isSameTypeWith(library.report)
    if not report and not pdu.isSameTypeWith(library.response):
        raise ValueError("a request is no answer")
    return Answer(int(pdu[0]), int(pdu[1]), rows, report, engine)


def _value(value: Any) -> Value:
    library = _library()
    if isinstance(value, library.null):
        # Also the marks of an absent object and of the end; in pyasn1 they are octets too.
        return None
    if isinstance(value, library.number):
        return int(value)
    if isinstance(value, library.octets):
        return bytes(value)
    return tuple(value) if isinstance(value, library.identifier) else None


def _pdu(operation: Operation, names: Sequence[Oid], number: int) -> Any:
    api = _library().v2c
    pdu = api.GetBulkRequestPDU() if operation == "bulk" else api.GetRequestPDU()
    form = api.apiBulkPDU if operation == "bulk" else api.apiPDU
    form.set_defaults(pdu)
    form.set_request_id(pdu, number)
    if operation == "bulk":
        form.set_non_repeaters(pdu, 0)
        form.set_max_repetitions(pdu, REPETITIONS)
    form.set_varbinds(pdu, [(name, api.Null("")) for name in names])
    return pdu


class _Library:
    """The parts of pysnmp that are used."""

    def __init__(self) -> None:
        from pyasn1.codec.ber import decoder, encoder
        from pyasn1.type import univ
        from pysnmp.proto.api import v2c
        from pysnmp.proto.mpmod.rfc3412 import SNMPv3Message
        from pysnmp.proto.secmod.rfc3414.service import UsmSecurityParameters

        self.v2c: Any = v2c
        self.message: Any = SNMPv3Message
        self.parameters: Any = UsmSecurityParameters
        self.response, self.report = v2c.ResponsePDU(), v2c.ReportPDU()
        self.null, self.number = univ.Null, univ.Integer
        self.octets, self.identifier = univ.OctetString, univ.ObjectIdentifier
        self._decoder, self._encoder = decoder, encoder

    def decode(self, raw: bytes, kind: Any) -> Any:
        return self._decoder.decode(raw, asn1Spec=kind)[0]

    def encode(self, value: Any) -> bytes:
        return bytes(self._encoder.encode(value))


@cache
def _library() -> _Library:
    return _Library()
