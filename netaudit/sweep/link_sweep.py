"""Asking a link who is there: every address, the silent ones twice, by whatever frames the port makes."""

import asyncio
from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass, field
from time import monotonic
from typing import Final, TypeAlias

from netaudit.errors import ScopeError
from netaudit.net.neighbour_port import NeighbourPort
from netaudit.net.pacer import Pacer

ReadReply: TypeAlias = Callable[[bytes], tuple[str, str] | None]
"""Reads a frame as (address, MAC), or as nothing."""

_ROUNDS: Final = 2
_WAIT: Final = 0.8
_TICK: Final = 0.02
_PRESSED_FOR: Final = 4.0
_PRESSED_PAUSE: Final = 0.005
_READ_AT_ONCE: Final = 1024


@dataclass(slots=True)
class LinkSweep:
    """One sweep. `found`: address to MAC of those that answered; `unsent`: addresses that were never asked, and why.

    `moved` hears how many more addresses are done with; halves, because each may be asked twice.
    """

    pacer: Pacer
    port: NeighbourPort
    read: ReadReply
    moved: Callable[[float], None]
    found: dict[str, str] = field(default_factory=dict)
    unsent: dict[str, str] = field(default_factory=dict)
    _wanted: set[str] = field(default_factory=set)

    async def ask(self, addresses: Sequence[str]) -> None:
        """Ask for every address; closes the port at the end. Raises OSError when the link fails."""
        self._wanted = set(addresses)
        with self._hearing():
            for _ in range(_ROUNDS):
                silent = [address for address in addresses if address not in self.found]
                self.moved((len(addresses) - len(silent)) / _ROUNDS)
                await self._round(silent)
                await asyncio.sleep(_WAIT)

    async def _round(self, addresses: Sequence[str]) -> None:
        # One tick's worth at one go; each is booked before it leaves.
        size = max(1, min(256, int(self.pacer.packets_per_second * _TICK)))
        for start in range(0, len(addresses), size):
            asked = [address for address in addresses[start : start + size] if self._queue(address)]
            if asked:
                await self.pacer.packet(count=len(asked))
                await self._flush(asked)
            self.moved(size / _ROUNDS)
            # At full speed nothing else would wait: the answers must be read all the same.
            await asyncio.sleep(0)
            self._drain()

    def _queue(self, address: str) -> bool:
        try:
            self.port.queue(address)
        except ScopeError as error:
            self.unsent[address] = str(error)
            return False
        return True

    async def _flush(self, asked: Sequence[str]) -> None:
        give_up = monotonic() + _PRESSED_FOR
        went = len(asked)
        while not self.port.batch.flush():
            if monotonic() > give_up:
                went = self.port.batch.forget()
                break
            await asyncio.sleep(_PRESSED_PAUSE)
        for address in asked[:went]:
            self.unsent.pop(address, None)
        for address in asked[went:]:
            self.unsent[address] = "could not be sent: the kernel took no more"

    def _drain(self) -> None:
        for _ in range(_READ_AT_ONCE):
            frame = self.port.receive()
            if frame is None:
                return
            answer = self.read(frame)
            if answer and answer[0] in self._wanted:
                self.found.setdefault(*answer)

    @contextmanager
    def _hearing(self) -> Iterator[None]:
        loop = asyncio.get_running_loop()
        loop.add_reader(self.port.sock, self._drain)
        try:
            yield
        finally:
            loop.remove_reader(self.port.sock)
            self.port.close()
