"""Frames put together for tests: the other way round than the code under test reads them."""

import struct
from ipaddress import ip_address

CAMERA, SCANNER = "44:19:b6:00:00:07", "02:00:00:00:00:02"
ALL = "ff:ff:ff:ff:ff:ff"
HELLO = (
    b'<?xml version="1.0" encoding="UTF-8"?><Hello><Types>hello</Types><DeviceDescription>DS-2CD2385G1-I'
    b"</DeviceDescription><DeviceSN>DS-2CD2385G1-I20200414AAWRE33842150</DeviceSN><MAC>44-19-b6-00-00-07</MAC>"
    b"<IPv4Address>192.0.0.64</IPv4Address><SoftwareVersion>V5.6.2build 190701</SoftwareVersion></Hello>"
)
GROUP = "239.255.255.250"


def mac(text: str) -> bytes:
    return bytes.fromhex(text.replace(":", ""))


def ethernet(payload: bytes, kind: int, source: str = CAMERA, to: str = ALL, vlans: tuple[int, ...] = ()) -> bytes:
    tags = b"".join(struct.pack(">HH", 0x8100, vlan) for vlan in vlans)
    return mac(to) + mac(source) + tags + struct.pack(">H", kind) + payload


def udp(payload: bytes, source_port: int, port: int) -> bytes:
    return struct.pack(">HHHH", source_port, port, 8 + len(payload), 0) + payload


def ipv4(
    payload: bytes, source: str, to: str = GROUP, protocol: int = 17, ttl: int = 1, place: int = 0, number: int = 7
) -> bytes:
    """`place`: the 16 bits of flags and fragment offset."""
    head = struct.pack(">BBHHHBBH", 0x45, 0, 20 + len(payload), number, place, ttl, protocol, 0)
    head += ip_address(source).packed + ip_address(to).packed
    total = sum(struct.unpack(">10H", head))
    total = (total & 0xFFFF) + (total >> 16)
    return head[:10] + struct.pack(">H", ~((total & 0xFFFF) + (total >> 16)) & 0xFFFF) + head[12:] + payload


def ipv6(payload: bytes, source: str, to: str = "ff02::fb", protocol: int = 17, hops: int = 255) -> bytes:
    head = struct.pack(">IHBB", 6 << 28, len(payload), protocol, hops)
    return head + ip_address(source).packed + ip_address(to).packed + payload


def said(payload: bytes, port: int, source: str = "10.66.0.10", **more: object) -> bytes:
    """A datagram from a camera to a group, as a whole frame."""
    return ethernet(ipv4(udp(payload, port, port), source, **more), 0x0800)  # type: ignore[arg-type]
