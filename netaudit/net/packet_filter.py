"""The filter that the kernel runs over every frame before a packet socket sees it (classic BPF)."""

import ctypes
import socket
import struct
from contextlib import suppress
from typing import Final, TypeAlias

_WORD, _HALF, _BYTE = 0x20, 0x28, 0x30
# Counted from the end of the IP header.
_HALF_X, _BYTE_X = 0x48, 0x50
_IP_HEADER: Final = 0xB1
_EQUAL, _ANY_BIT = 0x15, 0x45
_AND, _RETURN = 0x54, 0x06
_KEPT: Final = 128
_SO_ATTACH_FILTER: Final = 26
_SO_RCVBUFFORCE: Final = 33
_SOL_PACKET: Final = 263
_PACKET_IGNORE_OUTGOING: Final = 23
_ANSWER_BUFFER: Final = 32 << 20

Step: TypeAlias = tuple[str, int, int, str, str]
"""Label ("" none), operation, operand, where to go when it is true, and when not ("" the next step)."""


def syn_answers(source: str, source_port: int) -> bytes:
    """Let through SYN/ACK and RST to our port, and "destination unreachable" to our address; nothing else."""
    return assemble(
        (
            ("", _HALF, 12, "", ""),
            ("", _EQUAL, 0x0800, "", "no"),
            ("", _WORD, 30, "", ""),
            ("", _EQUAL, int.from_bytes(socket.inet_aton(source)), "", "no"),
            ("", _HALF, 20, "", ""),
            ("", _ANY_BIT, 0x1FFF, "no", ""),
            ("", _IP_HEADER, 14, "", ""),
            ("", _BYTE, 23, "", ""),
            ("", _EQUAL, 1, "icmp", ""),
            ("", _EQUAL, 6, "", "no"),
            ("", _HALF_X, 16, "", ""),
            ("", _EQUAL, source_port, "", "no"),
            ("", _BYTE_X, 27, "", ""),
            ("", _ANY_BIT, 0x04, "yes", ""),
            ("", _AND, 0x12, "", ""),
            ("", _EQUAL, 0x12, "yes", "no"),
            ("icmp", _BYTE_X, 14, "", ""),
            ("", _EQUAL, 3, "yes", "no"),
            ("yes", _RETURN, _KEPT, "", ""),
            ("no", _RETURN, 0, "", ""),
        )
    )


def arp_replies() -> bytes:
    """Let through ARP replies; nothing else."""
    return assemble(
        (
            ("", _HALF, 12, "", ""),
            ("", _EQUAL, 0x0806, "", "no"),
            ("", _HALF, 20, "", ""),
            ("", _EQUAL, 2, "yes", "no"),
            ("yes", _RETURN, _KEPT, "", ""),
            ("no", _RETURN, 0, "", ""),
        )
    )


def neighbour_adverts() -> bytes:
    """Let through IPv6 neighbour advertisements; nothing else."""
    return assemble(
        (
            ("", _HALF, 12, "", ""),
            ("", _EQUAL, 0x86DD, "", "no"),
            ("", _BYTE, 20, "", ""),
            ("", _EQUAL, 58, "", "no"),
            ("", _BYTE, 54, "", ""),
            ("", _EQUAL, 136, "yes", "no"),
            ("yes", _RETURN, _KEPT, "", ""),
            ("no", _RETURN, 0, "", ""),
        )
    )


def assemble(steps: tuple[Step, ...]) -> bytes:
    """Turn steps into the kernel's instructions: jumps become distances."""
    places = {step[0]: place for place, step in enumerate(steps) if step[0]}

    def distance(place: int, label: str) -> int:
        return places[label] - place - 1 if label else 0

    return b"".join(
        struct.pack("=HBBI", operation, distance(place, true), distance(place, false), operand)
        for place, (_, operation, operand, true, false) in enumerate(steps)
    )


def attach(sock: socket.socket, program: bytes) -> None:
    """Let the kernel hand on only what the program lets through, and none of what we send; with room for a burst."""
    code = ctypes.create_string_buffer(program)
    sock.setsockopt(socket.SOL_SOCKET, _SO_ATTACH_FILTER, struct.pack("@HP", len(program) // 8, ctypes.addressof(code)))
    for option in (_SO_RCVBUFFORCE, socket.SO_RCVBUF):
        with suppress(OSError):
            sock.setsockopt(socket.SOL_SOCKET, option, _ANSWER_BUFFER)
            break
    with suppress(OSError):
        sock.setsockopt(_SOL_PACKET, _PACKET_IGNORE_OUTGOING, 1)
