"""The outermost head of a frame: Ethernet with VLAN tags, 802.2 with SNAP, and what captures have instead of it."""

from typing import Final, NamedTuple

ETHERNET, RAW_IP, LINUX_COOKED, LINUX_COOKED_2, NULL, LOOP = 1, 101, 113, 276, 0, 108
"""Link types of capture files (tcpdump.org/linktypes). RAW_IP has aliases 12, 14, 228 and 229."""

IPV4, ARP, IPV6, SADP, LLDP, CDP = 0x0800, 0x0806, 0x86DD, 0x8033, 0x88CC, 0x2000
"""What is inside. CDP is the SNAP protocol of organisation 00000c."""

MULTICAST_BIT: Final = 1
_VLAN_TAGS: Final = frozenset({0x8100, 0x88A8, 0x9100})
_MOST_TAGS: Final = 4
_FIRST_ETHERTYPE: Final = 0x0600
_SNAP: Final = b"\xaa\xaa\x03"
_CISCO: Final = b"\x00\x00\x0c"
_RAW: Final = frozenset({12, 14, RAW_IP, 228, 229})
_BY_FAMILY: Final = {2: IPV4, 10: IPV6, 24: IPV6, 28: IPV6, 30: IPV6}


class Frame(NamedTuple):
    """One frame. MACs as "44:19:b6:00:00:01", "" where the link has none. `vlans`: tags, the outermost first.

    `protocol`: one of the constants above or any other EtherType; 0 for 802.2 without a known protocol.
    `to_all`: addressed to a group or to everybody, as far as the link tells.
    """

    protocol: int
    payload: bytes
    source: str = ""
    destination: str = ""
    vlans: tuple[int, ...] = ()
    to_all: bool = False


def read(raw: bytes, link_type: int = ETHERNET) -> Frame | None:
    """Return the frame; None for one that is too short or of a link type that is not known."""
    if link_type == ETHERNET:
        return _ethernet(raw)
    if link_type in _RAW:
        return _bare_ip(raw)
    if link_type == LINUX_COOKED:
        return _cooked(raw, head=16, protocol=14, kind=0, length=4, address=6)
    if link_type == LINUX_COOKED_2:
        return _cooked(raw, head=20, protocol=0, kind=10, length=11, address=12)
    if link_type in (NULL, LOOP):
        return _loopback(raw)
    return None


def is_known(link_type: int) -> bool:
    """True for a link type that `read` can take apart."""
    return link_type in {ETHERNET, LINUX_COOKED, LINUX_COOKED_2, NULL, LOOP, *_RAW}


def _ethernet(raw: bytes) -> Frame | None:
    if len(raw) < 14:
        return None
    destination, source = raw[:6], raw[6:12]
    protocol, payload, vlans = _untagged(raw[12:])
    to_all = bool(destination[0] & MULTICAST_BIT)
    return Frame(protocol, payload, source.hex(":"), destination.hex(":"), vlans, to_all)


def _untagged(rest: bytes) -> tuple[int, bytes, tuple[int, ...]]:
    """Take the tags off; `rest` begins with the EtherType or the length."""
    vlans: list[int] = []
    kind = int.from_bytes(rest[:2])
    while kind in _VLAN_TAGS and len(rest) >= 6 and len(vlans) < _MOST_TAGS:
        # Tag 0 carries a priority only.
        if number := int.from_bytes(rest[2:4]) & 0x0FFF:
            vlans.append(number)
        rest = rest[4:]
        kind = int.from_bytes(rest[:2])
    if kind >= _FIRST_ETHERTYPE:
        return kind, rest[2:], tuple(vlans)
    # Below 0x0600 it is the length: what follows behind it is padding.
    return *_logical_link(rest[2 : 2 + kind]), tuple(vlans)


def _logical_link(data: bytes) -> tuple[int, bytes]:
    if data[:3] != _SNAP or len(data) < 8:
        return 0, data
    organisation, protocol = data[3:6], int.from_bytes(data[6:8])
    if organisation == bytes(3) or (organisation == _CISCO and protocol == CDP):
        return protocol, data[8:]
    return 0, data


def _bare_ip(raw: bytes) -> Frame | None:
    version = raw[0] >> 4 if raw else 0
    return Frame(IPV4 if version == 4 else IPV6, raw) if version in (4, 6) else None


def _cooked(raw: bytes, head: int, protocol: int, kind: int, length: int, address: int) -> Frame | None:
    """Linux's "any" device: a head with the sender's address only. The other numbers are places in it."""
    if len(raw) < head:
        return None
    size = int.from_bytes(raw[length : length + 2]) if head == 16 else raw[length]
    source = raw[address : address + 6].hex(":") if size == 6 else ""
    packet_type = int.from_bytes(raw[kind : kind + 2]) if head == 16 else raw[kind]
    found, payload, vlans = _untagged(raw[protocol : protocol + 2] + raw[head:])
    # 1 broadcast, 2 multicast, as the kernel counts packet types.
    return Frame(found, payload, source, "", vlans, packet_type in (1, 2))


def _loopback(raw: bytes) -> Frame | None:
    """BSD's loopback: the address family in four bytes, in the byte order of the machine that captured."""
    family = min(int.from_bytes(raw[:4], "big"), int.from_bytes(raw[:4], "little"))
    protocol = _BY_FAMILY.get(family)
    return Frame(protocol, raw[4:]) if protocol and len(raw) > 4 else None
