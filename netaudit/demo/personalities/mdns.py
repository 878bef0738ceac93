"""mDNS / DNS-SD: questions for the device's service types are answered with PTR, SRV, TXT and A (UDP 5353).

Settings: host, service = [{type, instance, port, txt = [key=value]}].
Shapes: RFC 6762, RFC 6763. Names are written without compression, which every reader must accept.
"""

import socket
import struct
from collections.abc import Mapping, Sequence
from typing import Any, Final

from netaudit.demo.model import DemoDevice
from netaudit.demo.stage import Answer, Peer, Stage

GROUP: Final = "224.0.0.251"
PORT: Final = 5353
_HEAD: Final = struct.Struct(">HHHHHH")
_A, _PTR, _TXT, _SRV, _ANY = 1, 12, 16, 33, 255
_IN: Final = 1
_FLUSH: Final = 0x8001
_UNICAST: Final = 0x8000
_BROWSE: Final = "_services._dns-sd._udp.local"
_TTL: Final = 120
_MAX_QUESTIONS: Final = 64


async def perform(stage: Stage, device: DemoDevice, spec: Mapping[str, Any]) -> None:
    """Listen for questions."""
    await stage.udp(device, PORT, _answer(stage, device, spec), GROUP)


def _answer(stage: Stage, device: DemoDevice, spec: Mapping[str, Any]) -> Answer:
    def answer(data: bytes, sender: Peer) -> Sequence[tuple[bytes, Peer]]:
        questions = _questions(data)
        wanted = {name.lower() for name, kind, _ in questions if kind in (_PTR, _ANY)}
        answers, extra = _records(wanted, device, spec)
        if not answers:
            return ()
        stage.journal.note(device.address, "mdns", PORT, " ".join(sorted(wanted)))
        legacy = sender[1] != PORT
        unicast = legacy or all(cls & _UNICAST for _, _, cls in questions)
        message = _message(data[:2] if legacy else b"\0\0", questions if legacy else [], answers, extra)
        return ((message, sender if unicast else (GROUP, PORT)),)

    return answer


def _questions(data: bytes) -> list[tuple[str, int, int]]:
    """Questions of a query as (name, type, class); empty for a response or anything malformed."""
    try:
        _, flags, count, *_ = _HEAD.unpack_from(data)
        if flags & 0x8000 or count > _MAX_QUESTIONS:
            return []
        questions, offset = [], _HEAD.size
        for _ in range(count):
            name, offset = _read_name(data, offset)
            questions.append((name, *struct.unpack_from(">HH", data, offset)))
            offset += 4
    except (struct.error, IndexError, UnicodeDecodeError):
        return []
    return questions


def _read_name(data: bytes, offset: int) -> tuple[str, int]:
    """Read a name; a compression pointer may only point back, so that a loop is impossible."""
    labels: list[str] = []
    end, limit = 0, offset
    while length := data[offset]:
        if length >= 0xC0:
            end = end or offset + 2
            offset = struct.unpack_from(">H", data, offset)[0] & 0x3FFF
            if offset >= limit:
                raise IndexError("forward pointer")
            limit = offset
            continue
        labels.append(data[offset + 1 : offset + 1 + length].decode())
        offset += length + 1
    return ".".join(labels), end or offset + 1


def _records(wanted: set[str], device: DemoDevice, spec: Mapping[str, Any]) -> tuple[list[bytes], list[bytes]]:
    """Return the answer records and the additional ones."""
    answers, extra = [], []
    for service in spec["service"]:
        kind = f"{service['type']}.local"
        if _BROWSE in wanted:
            answers.append(_record(_name(_BROWSE), _PTR, _IN, _name(kind)))
        if kind.lower() in wanted:
            instance = _label(service["instance"]) + _name(kind)
            answers.append(_record(_name(kind), _PTR, _IN, instance))
            host = _name(f"{spec['host']}.local")
            extra.append(_record(instance, _SRV, _FLUSH, struct.pack(">HHH", 0, 0, service["port"]) + host))
            extra.append(_record(instance, _TXT, _FLUSH, b"".join(map(_label, service.get("txt", ()))) or b"\0"))
            extra.append(_record(host, _A, _FLUSH, socket.inet_aton(device.address)))
    return answers, list(dict.fromkeys(extra))


def _record(name: bytes, kind: int, cls: int, data: bytes) -> bytes:
    return name + struct.pack(">HHIH", kind, cls, _TTL, len(data)) + data


def _label(text: str) -> bytes:
    data = text.encode()
    return bytes((len(data),)) + data


def _name(dotted: str) -> bytes:
    return b"".join(map(_label, dotted.split("."))) + b"\0"


def _message(
    query_id: bytes, questions: Sequence[tuple[str, int, int]], answers: Sequence[bytes], extra: Sequence[bytes]
) -> bytes:
    head = query_id + struct.pack(">HHHHH", 0x8400, len(questions), len(answers), 0, len(extra))
    asked = b"".join(_name(name) + struct.pack(">HH", kind, cls) for name, kind, cls in questions)
    return head + asked + b"".join(answers) + b"".join(extra)
