"""A packet socket that sends SYN frames in batches and hears their answers. Nothing leaves that was not admitted."""

import ctypes
import errno
import os
import random
import socket
import struct
from contextlib import suppress
from typing import Final

from netaudit.net.syn_frames import FRAME, STRIDE, Answer, Forge, Target, read_answer, template
from netaudit.scope.gate import Gate

BATCH: Final = 256
"""Frames handed to the kernel at one go."""

_BUSY: Final = frozenset({errno.EAGAIN, errno.ENOBUFS, errno.ENOMEM, errno.EINTR})
_SOL_PACKET: Final = 263
# Above the ports that Linux gives to connections by default.
_SYN_PORTS: Final = range(61000, 65536)
_PACKET_STATISTICS: Final = 6


class _Piece(ctypes.Structure):
    _fields_ = (("base", ctypes.c_void_p), ("length", ctypes.c_size_t))


class _Message(ctypes.Structure):
    _fields_ = (
        ("name", ctypes.c_void_p), ("name_length", ctypes.c_uint32), ("pieces", ctypes.c_void_p),
        ("piece_count", ctypes.c_size_t), ("control", ctypes.c_void_p), ("control_length", ctypes.c_size_t),
        ("flags", ctypes.c_int), ("sent", ctypes.c_uint),
    )  # fmt: skip


class SynPort:
    """One lane's socket. `held`: a bound TCP socket that keeps the source port from every other program."""

    def __init__(self, sock: socket.socket, held: socket.socket, gate: Gate, forge: Forge) -> None:
        gate.pass_frame(template(forge.lane, forge.source_port))
        self.sock, self._held, self._gate, self._forge = sock, held, gate, forge
        self._targets: dict[int, Target] = {}
        self._ports: set[int] = set()
        self._frames = bytearray(template(forge.lane, forge.source_port).ljust(STRIDE, b"\0") * BATCH)
        self._queued = self._sent = 0
        self._send_many = ctypes.CDLL(None, use_errno=True).sendmmsg
        self._messages = self._layout()

    def admit(self, address: str, mac: bytes | None = None) -> Target:
        """Let one address be asked. `mac`: who takes its frames, None for the lane's router. Raises ScopeError."""
        self._gate.pass_(address, 0)
        target = self._forge.target(address, mac)
        self._targets[target.number] = target
        return target

    def admit_port(self, address: str, port: int) -> None:
        """Let one port be asked; the never-touch list is the same for every address. Raises ScopeError."""
        if port not in self._ports:
            self._gate.pass_(address, port)
            self._ports.add(port)

    @property
    def room(self) -> int:
        """Frames that still fit into the batch."""
        return BATCH - self._queued

    def queue(self, target: Target, port: int) -> None:
        """Put one SYN into the batch. Raises KeyError for what was not admitted."""
        if self._targets.get(target.number) is not target or port not in self._ports:
            raise KeyError(f"{target.address}:{port} was not admitted")
        self._forge.patch(self._frames, self._queued, target, port)
        self._queued += 1

    def reset(self, target: Target, port: int) -> bool:
        """Send the RST for a half-opened connection; False when the kernel is busy. Raises KeyError or OSError."""
        if self._targets.get(target.number) is not target or port not in self._ports:
            raise KeyError(f"{target.address}:{port} was not admitted")
        frame = self._forge.reset(target, port)
        self._gate.pass_frame(frame)
        try:
            return self.sock.send(frame) > 0
        except OSError as error:
            if error.errno in _BUSY:
                return False
            raise

    def flush(self) -> bool:
        """Send the batch; False when the kernel could not take all of it now. Raises OSError when the link fails."""
        while self._sent < self._queued:
            start = ctypes.byref(self._messages, self._sent * ctypes.sizeof(_Message))
            went = self._send_many(self.sock.fileno(), start, self._queued - self._sent, socket.MSG_DONTWAIT)
            if went < 0:
                code = ctypes.get_errno()
                if code in _BUSY:
                    return False
                raise OSError(code, os.strerror(code))
            self._sent += went
        self._queued = self._sent = 0
        return True

    def forget(self) -> int:
        """Give up the rest of the batch; return how many of its first frames did go."""
        went, self._queued, self._sent = self._sent, 0, 0
        return went

    def receive(self) -> tuple[Target, Answer] | None:
        """Return one proven answer of an admitted address; None when nothing is there. Forged ones are passed over."""
        while True:
            try:
                frame = self.sock.recv(256)
            except OSError:
                return None
            answer = read_answer(frame)
            target = self._targets.get(answer.number) if answer else None
            if answer and target and answer.port in self._ports and self._proven(target, answer):
                return target, answer

    def lost(self) -> int:
        """Answers that the kernel dropped since the last call, because they were not read in time."""
        counts: bytes = self.sock.getsockopt(_SOL_PACKET, _PACKET_STATISTICS, 8)
        return int(struct.unpack("=II", counts)[1])

    def close(self) -> None:
        """Close both sockets."""
        self.sock.close()
        self._held.close()

    def _proven(self, target: Target, answer: Answer) -> bool:
        if answer.quoted:
            return answer.acknowledged == self._forge.sequence(target, answer.port)
        accepted = answer.heard == "open"
        return self._forge.answers(target, answer.port, answer.acknowledged, accepted=accepted)

    def _layout(self) -> "ctypes.Array[_Message]":
        base = ctypes.addressof(ctypes.c_char.from_buffer(self._frames))
        self._pieces = (_Piece * BATCH)()
        messages = (_Message * BATCH)()
        for slot in range(BATCH):
            self._pieces[slot] = _Piece(base + slot * STRIDE, FRAME)
            messages[slot].pieces = ctypes.addressof(self._pieces[slot])
            messages[slot].piece_count = 1
        return messages


def hold_port(sock: socket.socket, source: str) -> int:
    """Take a port that the kernel gives to no connection of its own, so that only our answers come to it."""
    for port in random.SystemRandom().sample(_SYN_PORTS, 50):
        with suppress(OSError):
            sock.bind((source, port))
            return port
    sock.bind((source, 0))
    return int(sock.getsockname()[1])
