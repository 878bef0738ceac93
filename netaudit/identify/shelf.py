"""The devices of a log in the order in which they are told, whether they fit into memory or not."""

from collections.abc import Iterator
from ipaddress import ip_address
from typing import Final

from netaudit.identify.merge import Group
from netaudit.identify.spill import Block, Spill

_PLACE: Final = 12
"""Bytes of offset and size."""


class Shelf:
    """Groups by name and latest address. Where the spill is open they are written to it; only their order is held."""

    def __init__(self, spill: Spill) -> None:
        self._spill = spill
        self._held: list[tuple[bytes, Group]] = []
        self._written: list[bytes] = []

    def put(self, name: str, address: str, group: Group) -> None:
        """Add the group of one device."""
        order = _order(name, address)
        if self._spill.is_open:
            offset, size = self._spill.write(group)
            self._written.append(order + offset.to_bytes(8) + size.to_bytes(4))
        else:
            self._held.append((order, group))

    def in_order(self) -> Iterator[tuple[str, Group]]:
        """Yield (name, group), sorted by address, then by name."""
        self._held.sort(key=lambda pair: pair[0])
        for order, group in self._held:
            yield _name(order), group
        self._written.sort()
        for entry in self._written:
            block = Block(int.from_bytes(entry[-_PLACE:-4]), int.from_bytes(entry[-4:]))
            yield _name(entry[:-_PLACE]), tuple(self._spill.read(block))


def _order(name: str, address: str) -> bytes:
    version, number = _version(address)
    return bytes([version]) + number.to_bytes(16) + f"{address}\0{name}".encode("utf-8", "surrogatepass")


def _name(order: bytes) -> str:
    return order.rpartition(b"\0")[2].decode()


def _version(text: str) -> tuple[int, int]:
    parts = text.split(".")
    if len(parts) == 4 and all(part.isascii() and part.isdigit() and len(part) < 4 for part in parts):
        a, b, c, d = map(int, parts)
        return 4, (a << 24) + (b << 16) + (c << 8) + d
    try:
        address = ip_address(text)
    except ValueError:
        return 9, 0
    return address.version, int(address)
