"""The ARP sweep: who is on our own link, and with which Ethernet address. The one user of scapy.

scapy builds the frame once; the addresses are patched into it, because building each one would cost half a
millisecond (perf.md 2: 2,500/s against 4.6 million/s).
"""

from collections.abc import Callable, Iterable, Sequence
from ipaddress import IPv4Address
from pathlib import Path
from typing import Final

from netaudit.net.interfaces import Interface
from netaudit.net.wire import Wire
from netaudit.sweep.link_sweep import LinkSweep

_NOBODY: Final = "0.0.0.0"  # noqa: S104 - a place to patch, nothing is bound to it
_TARGET: Final = 38
_REPLY_HEAD: Final = bytes.fromhex("0001080006040002")
_NEIGHBOURS: Final = Path("/proc/thread-self/net/arp")
_COMPLETE: Final = 0x2


def template(own_mac: str, own_ip: str) -> bytes:
    """Return the request frame with an empty target address (bytes 38 to 41)."""
    from scapy.layers.l2 import ARP, Ether

    frame = Ether(src=own_mac, dst="ff:ff:ff:ff:ff:ff") / ARP(op=1, hwsrc=own_mac, psrc=own_ip, pdst=_NOBODY)
    return bytes(frame)[:42]


def patch(frames: bytearray, start: int, target: bytes) -> None:
    """Write the address that is asked for."""
    frames[start + _TARGET : start + _TARGET + 4] = target


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
) -> LinkSweep:
    """Ask for every address, the silent ones twice. Raises PermissionError without CAP_NET_RAW."""
    port = wire.neighbours(interface, template(interface.mac, interface.address), patch)
    sweep = LinkSweep(wire.pacer, port, read_reply, moved)
    await sweep.ask(addresses)
    return sweep


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
