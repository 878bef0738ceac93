"""What a scan puts on the cable, in every profile: how much to one host, to whom, and which bytes."""

from collections import Counter
from collections.abc import Iterator, Mapping
from ipaddress import IPv4Address, IPv6Address, ip_network

import pytest

from netaudit.scope.allow_list import BROADCAST, shipped_list
from netaudit.scope.load import parse_scope
from netaudit.scope.model import NEVER_TOUCH, PROFILES, Profile
from netaudit.sweep.ports import camera_ports
from tests.gentle.conftest import PROFILES as NAMES
from tests.gentle.conftest import SCOPE, Scanned
from tests.lab.capture import busiest_second, most_in_a_second, timed_frames
from tests.sweep.namespace import LIVING, OUR_MAC, OURS

pytestmark = [pytest.mark.lab, pytest.mark.xdist_group("gentle")]
Runs = Mapping[Profile, Scanned]

_OURS = bytes.fromhex(OUR_MAC.replace(":", ""))
_TCP, _UDP, _IGMP = 6, 17, 2
_TLS_RECORDS = (0x14, 0x15, 0x16, 0x17)
_SEGMENT = "10.66.0.255"
# Our own kernel's: neighbour and router solicitation, multicast listener reports.
_KERNEL_V6 = b"\x86\xdd"


def sent(scanned: Scanned) -> Iterator[tuple[float, bytes]]:
    """Frames that we sent."""
    return ((at, frame) for at, frame in timed_frames(scanned.capture) if frame[6:12] == _OURS)


@pytest.mark.parametrize("profile", NAMES)
def test_no_host_sees_more_in_any_second_than_the_profile_allows(scanned: Runs, profile: Profile) -> None:
    most = busiest_second(scanned[profile].capture, OURS)
    assert set(LIVING) <= most.keys()
    assert {ip: n for ip, n in most.items() if n > PROFILES[profile].packets_per_host} == {}


@pytest.mark.parametrize("profile", NAMES)
def test_all_packets_together_keep_the_overall_rate(scanned: Runs, profile: Profile) -> None:
    """Acknowledgements of the kernel are counted afterwards, and its questions for a neighbour never: a tenth more.

    What the scan itself sends keeps the rate exactly: tests/net/test_limiter.py.
    """
    times = sorted(at for at, frame in sent(scanned[profile]) if _kind(frame) != "kernel")
    assert most_in_a_second(times) <= PROFILES[profile].packets_per_second * 1.1 + 2


@pytest.mark.parametrize("profile", NAMES)
def test_never_more_connections_to_a_host_than_allowed(scanned: Runs, profile: Profile) -> None:
    """Connections that carry something; the sweep's are opened and reset at once."""
    open_now: Counter[bytes] = Counter()
    most: Counter[bytes] = Counter()
    talking: set[tuple[bytes, bytes]] = set()
    for _, frame in sent(scanned[profile]):
        if frame[12:14] != b"\x08\x00" or frame[23] != _TCP:
            continue
        host, ports, flags = frame[30:34], frame[34:38], frame[47]
        if _payload(frame) and (host, ports) not in talking:
            talking.add((host, ports))
            open_now[host] += 1
            most[host] = max(most[host], open_now[host])
        if flags & 0x05 and (host, ports) in talking:
            talking.discard((host, ports))
            open_now[host] -= 1
    assert most
    assert max(most.values()) <= PROFILES[profile].connections_per_host


@pytest.mark.parametrize("profile", NAMES)
def test_the_fragile_canary_is_alive(scanned: Runs, profile: Profile) -> None:
    assert "RTSP/1.0" in scanned[profile].canary


@pytest.mark.parametrize("profile", NAMES)
def test_every_frame_went_where_the_scope_allows_and_is_on_the_list(scanned: Runs, profile: Profile) -> None:
    kinds: Counter[str] = Counter()
    strays: list[str] = []
    for _, frame in sent(scanned[profile]):
        kind = _kind(frame)
        kinds[kind] += 1
        if kind.startswith("stray"):
            strays.append(f"{kind}: {frame[:80].hex()}")
    assert strays == []
    # Each way of sending was used, else this would prove little.
    assert {"arp", "syn or ack", "message", "tls", "datagram", "group"} <= kinds.keys(), kinds


def _kind(frame: bytes) -> str:
    """What a frame of ours is; "stray ..." for what neither scope nor list allows."""
    if frame[12:14] == b"\x08\x06":
        # The kernel asks for neighbours too, one by one and in its own words.
        target = str(IPv4Address(frame[38:42]))
        listed = shipped_list().frame(frame[:42]) is not None or frame[:6] != b"\xff" * 6 or frame[20:22] == b"\0\1"
        return "arp" if listed and _inside(target) else f"stray arp {target}"
    if frame[12:14] == _KERNEL_V6:
        return "kernel" if frame[20] in (0, 58) else _kind_v6(frame)
    if frame[12:14] == b"\x08\x00":
        return _kind_v4(frame)
    return "frame" if shipped_list().frame(frame) is not None else f"stray {frame[12:14].hex()}"


def _kind_v6(frame: bytes) -> str:
    """UDP from our link-local address to a group of the list; the scope of this test has no IPv6 network to go to."""
    source, target = IPv6Address(frame[22:38]), IPv6Address(frame[38:54])
    port, payload = int.from_bytes(frame[56:58]), frame[62 : 54 + int.from_bytes(frame[58:60])]
    listed = shipped_list().datagram(payload, port, str(target)) is not None
    one_link = source.is_link_local and target.is_multicast and frame[21] == 1
    return "group" if frame[20] == _UDP and listed and one_link else f"stray ipv6 {target} {port} hops {frame[21]}"


def _kind_v4(frame: bytes) -> str:
    target, protocol = str(IPv4Address(frame[30:34])), frame[23]
    if protocol == _IGMP:
        return "kernel"
    if protocol == _TCP and _inside(target):
        return _tcp(frame)
    if protocol == _UDP:
        return _udp(frame, target)
    return f"stray protocol {protocol} to {target}"


def _tcp(frame: bytes) -> str:
    port, payload = int.from_bytes(frame[36:38]), _payload(frame)
    if port in NEVER_TOUCH or port not in camera_ports().every:
        return f"stray tcp port {port}"
    if not payload:
        return "syn or ack"
    if payload[0] in _TLS_RECORDS:
        return "tls"
    return "message" if shipped_list().message(payload, port) else f"stray message to {port}"


def _udp(frame: bytes, target: str) -> str:
    port, payload = int.from_bytes(frame[36:38]), frame[42 : 34 + int.from_bytes(frame[38:40])]
    group = target if IPv4Address(target).is_multicast else BROADCAST if target in (BROADCAST, _SEGMENT) else None
    if shipped_list().datagram(payload, port, group) is None:
        return f"stray datagram to {target} {port}"
    return "group" if group else "datagram" if _inside(target) else f"stray datagram to {target}"


def _payload(frame: bytes) -> bytes:
    """What a TCP segment carries, without the padding of short frames."""
    return frame[34 + (frame[46] >> 4) * 4 : 14 + int.from_bytes(frame[16:18])]


def _inside(address: str) -> bool:
    scope = parse_scope(SCOPE.encode())
    return any(IPv4Address(address) in ip_network(str(network.cidr)) for network in scope.networks)
