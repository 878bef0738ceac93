"""A packet socket that sends SYN frames in batches and hears their answers. Nothing leaves that was not admitted."""

import random
import socket
import struct
from contextlib import suppress
from typing import Final

from netaudit.net.frame_batch import BUSY, FrameBatch
from netaudit.net.syn_frames import Answer, Forge, Target, read_answer, template
from netaudit.scope.gate import Gate

_SOL_PACKET: Final = 263
# Above the ports that Linux gives to connections by default.
_SYN_PORTS: Final = range(61000, 65536)
_PACKET_STATISTICS: Final = 6


class SynPort:
    """One lane's socket. `held`: a bound TCP socket that keeps the source port from every other program."""

    def __init__(self, sock: socket.socket, held: socket.socket, gate: Gate, forge: Forge) -> None:
        gate.pass_frame(template(forge.lane, forge.source_port))
        self.sock, self._held, self._gate, self._forge = sock, held, gate, forge
        self._targets: dict[int, Target] = {}
        self._ports: set[int] = set()
        self.batch = FrameBatch(sock, template(forge.lane, forge.source_port))

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

    def queue(self, target: Target, port: int) -> None:
        """Put one SYN into the batch. Raises KeyError for what was not admitted."""
        if self._targets.get(target.number) is not target or port not in self._ports:
            raise KeyError(f"{target.address}:{port} was not admitted")
        self._forge.patch(self.batch.frames, self.batch.queued * self.batch.stride, target, port)
        self.batch.queued += 1

    def reset(self, target: Target, port: int) -> bool:
        """Send the RST for a half-opened connection; False when the kernel is busy. Raises KeyError or OSError."""
        if self._targets.get(target.number) is not target or port not in self._ports:
            raise KeyError(f"{target.address}:{port} was not admitted")
        frame = self._forge.reset(target, port)
        self._gate.pass_frame(frame)
        try:
            return self.sock.send(frame) > 0
        except OSError as error:
            if error.errno in BUSY:
                return False
            raise

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


def hold_port(sock: socket.socket, source: str) -> int:
    """Take a port that the kernel gives to no connection of its own, so that only our answers come to it."""
    for port in random.SystemRandom().sample(_SYN_PORTS, 50):
        with suppress(OSError):
            sock.bind((source, port))
            return port
    sock.bind((source, 0))
    return int(sock.getsockname()[1])
