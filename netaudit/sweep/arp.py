"""The ARP sweep: who is on our own link, and with which Ethernet address. The one user of scapy.

scapy builds the frame once; the addresses are patched into it, because building each one would cost half a
millisecond (perf.md 2: 2,500/s against 4.6 million/s).
"""

import asyncio
import socket
from collections.abc import Callable, Iterable, Iterator, Sequence
from contextlib import contextmanager
from ipaddress import IPv4Address
from pathlib import Path
from typing import Final

from netaudit.net.interfaces import Interface
from netaudit.net.pacer import Pacer
from netaudit.net.sockets import ArpPort
from netaudit.net.udp import patiently
from netaudit.net.wire import Wire

_NOBODY: Final = "0.0.0.0"  # noqa: S104 - a place to patch, nothing is bound to it
_YIELD_EVERY: Final = 64
_ROUNDS: Final = 2
_WAIT: Final = 0.8
_TARGET: Final = slice(38, 42)
_REPLY_HEAD: Final = bytes.fromhex("0001080006040002")
_NEIGHBOURS: Final = Path("/proc/thread-self/net/arp")
_COMPLETE: Final = 0x2


def template(own_mac: str, own_ip: str) -> bytearray:
    """Return the request frame with an empty target address (bytes 38 to 41)."""
    from scapy.layers.l2 import ARP, Ether

    frame = Ether(src=own_mac, dst="ff:ff:ff:ff:ff:ff") / ARP(op=1, hwsrc=own_mac, psrc=own_ip, pdst=_NOBODY)
    return bytearray(bytes(frame)[:42])


def read_reply(frame: bytes) -> tuple[str, str] | None:
    """Return (address, mac) of an ARP reply frame; None for anything else, or for a MAC that cannot be one host's."""
    if len(frame) < 42 or frame[12:14] != b"\x08\x06" or frame[14:22] != _REPLY_HEAD:
        return None
    mac = frame[22:28]
    if mac[0] & 1 or not any(mac):
        return None
    return str(IPv4Address(frame[28:32])), mac.hex(":")


async def arp_sweep(
    wire: Wire, interface: Interface, addresses: Sequence[str], moved: Callable[[float], None] = lambda _: None
) -> dict[str, str]:
    """Ask for every address, the silent ones twice; return address to MAC of those that answered.

    `moved` hears how many more addresses are done with; halves, because each may be asked twice.

    Raises PermissionError without CAP_NET_RAW.
    """
    port = wire.arp(interface)
    wanted, found = set(addresses), dict[str, str]()
    with _hearing(port, wanted, found):
        frame = template(interface.mac, interface.address)
        for _ in range(_ROUNDS):
            asked = [address for address in addresses if address not in found]
            moved((len(addresses) - len(asked)) / _ROUNDS)
            await _round(wire.pacer, port, frame, asked, moved)
            await asyncio.sleep(_WAIT)
    return found


def neighbours(addresses: Iterable[str], table: Path = _NEIGHBOURS) -> dict[str, str]:
    """Return address to MAC from the kernel's own table: what is left to us without the right to send ARP."""
    wanted = set(addresses)
    try:
        lines = table.read_text(encoding="ascii", errors="replace").splitlines()[1:]
    except OSError:
        return {}
    rows = (line.split() for line in lines)
    return {
        row[0]: row[3].lower()
        for row in rows
        if len(row) >= 6 and row[0] in wanted and _flags(row[2]) & _COMPLETE and row[3] != "00:00:00:00:00:00"
    }


def _flags(text: str) -> int:
    try:
        return int(text, 16)
    except ValueError:
        return 0


async def _round(
    pacer: Pacer, port: ArpPort, frame: bytearray, addresses: Iterable[str], moved: Callable[[float], None]
) -> None:
    for number, address in enumerate(addresses):
        if number % _YIELD_EVERY == 0:
            # At full speed nothing else would wait: the answers must be read all the same.
            await asyncio.sleep(0)
            moved(_YIELD_EVERY / _ROUNDS)
        await pacer.packet()
        frame[_TARGET] = socket.inet_aton(address)
        request = bytes(frame)
        await patiently(lambda request=request, address=address: port.send(request, address))  # type: ignore[misc]


@contextmanager
def _hearing(port: ArpPort, wanted: set[str], found: dict[str, str]) -> Iterator[None]:
    def drain() -> None:
        while (frame := port.receive()) is not None:
            answer = read_reply(frame)
            if answer and answer[0] in wanted:
                found.setdefault(*answer)

    loop = asyncio.get_running_loop()
    loop.add_reader(port.sock, drain)
    try:
        yield
    finally:
        loop.remove_reader(port.sock)
        port.close()
