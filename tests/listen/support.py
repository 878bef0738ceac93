"""What the tests of listening share: a run that ends when enough was heard, and frames put on a cable."""

import asyncio
import socket
import threading
import time
from collections.abc import Callable, Sequence
from pathlib import Path

from netaudit.listen.options import ListenOptions, ListenOutcome
from netaudit.listen.run import run_listen
from netaudit.scope.gate import Gate
from tests.net.support import gate_for
from tests.scan.support import MemoryLog
from tests.sweep.namespace import OUR_MAC, Cable, run_in

SCOPE = "10.66.0.0/27"
_ALL_FRAMES = 0x0003
_LOOKS = 600
_LONG_ENOUGH = 30.0
_HUSHED = 2.5
_NO_ROUTERS = Path("/proc/sys/net/ipv6/conf/eth0/accept_ra")


def listened(
    cable: Cable,
    act: Callable[[], object],
    enough: Callable[[MemoryLog], bool],
    options: ListenOptions | None = None,
    gate: Gate | None = None,
    log: MemoryLog | None = None,
    first: Callable[[], None] = lambda: None,
) -> tuple[ListenOutcome, MemoryLog]:
    """Listen at the near end; `act` once the sockets are open; stop when `enough` was written, or after 30 s.

    `first`: done in the listening thread before anything else.
    """
    log, opened = log or MemoryLog(), threading.Event()

    async def go() -> ListenOutcome:
        task = asyncio.ensure_future(
            run_listen(options or ListenOptions(), gate or gate_for(SCOPE), log, lambda _: opened.set())
        )
        for _ in range(_LOOKS):
            if task.done() or enough(log):
                break
            await asyncio.sleep(0.05)
        # Anything that would be heard too often has its chance.
        await asyncio.sleep(0.2)
        task.cancel()
        return await task

    def listen() -> ListenOutcome:
        first()
        return asyncio.run(go())

    actor = threading.Thread(target=lambda: opened.wait(_LONG_ENOUGH) and act())
    actor.start()
    try:
        return run_in(cable.near, listen), log
    finally:
        opened.set()
        actor.join()


def put(namespace: str, frames: Sequence[bytes]) -> None:
    """Put whole frames on the cable from one end."""

    def send() -> None:
        with socket.socket(socket.AF_PACKET, socket.SOCK_RAW, 0) as sock:
            sock.bind(("eth0", 0))
            for frame in frames:
                sock.send(frame)

    run_in(namespace, send)


class Witness:
    """Stands at the far end and keeps every frame that comes from our own MAC, whoever made it."""

    def __init__(self, namespace: str) -> None:
        self._sock = run_in(namespace, self._open)

    def __enter__(self) -> "Witness":
        return self

    def __exit__(self, *_: object) -> None:
        self._sock.close()

    @staticmethod
    def _open() -> socket.socket:
        sock = socket.socket(socket.AF_PACKET, socket.SOCK_RAW | socket.SOCK_NONBLOCK, socket.htons(_ALL_FRAMES))
        sock.setsockopt(socket.SOL_SOCKET, socket.SO_RCVBUF, 4 << 20)
        sock.bind(("eth0", _ALL_FRAMES))
        return sock

    def seen(self) -> list[bytes]:
        """Return the frames from our MAC since the last time."""
        ours = bytes.fromhex(OUR_MAC.replace(":", ""))
        found: list[bytes] = []
        while True:
            try:
                frame = self._sock.recv(65536)
            except BlockingIOError:
                return found
            if frame[6:12] == ours:
                found.append(frame)


def hush(cable: Cable) -> None:
    """Wait until our own kernel has said all that it says of a new link: its memberships, its neighbour discovery.

    It repeats a report of membership, and of the end of one, within a second each; routers it would solicit for ever.
    """
    run_in(cable.near, lambda: _NO_ROUTERS.write_text("0", encoding="ascii"))
    with Witness(cable.far) as witness:
        spoken, over = time.monotonic(), time.monotonic() + _LONG_ENOUGH
        while time.monotonic() - spoken < _HUSHED:
            assert time.monotonic() < over, "the kernel of the near end does not fall silent"
            time.sleep(0.05)
            if witness.seen():
                spoken = time.monotonic()
