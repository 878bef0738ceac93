"""The kernel's packet filter for listening: frames that may announce a device pass, a mirrored video stream does not.

Classic BPF, put together here: a handful of steps, so that no compiler is needed. Pure.
"""

from collections.abc import Iterable
from typing import Final

from netaudit.net.packet_filter import Step, assemble

_WORD, _HALF, _BYTE = 0x20, 0x28, 0x30
# Counted from the end of the IP header.
_HALF_X: Final = 0x48
_IP_HEADER: Final = 0xB1
_EQUAL, _AT_LEAST, _ANY_BIT, _RETURN = 0x15, 0x35, 0x45, 0x06
_WHOLE: Final = 0x40000

_ARP, _IPV4, _IPV6, _SADP, _LLDP = 0x0806, 0x0800, 0x86DD, 0x8033, 0x88CC
# The kernel takes the outer tag off; what is behind a second one is looked at by the program.
_TAGS: Final = (0x8100, 0x88A8)
_FIRST_ETHERTYPE: Final = 0x0600
_CDP_GROUP: Final = 0x01000CCC
_UDP, _ICMPV6, _FRAGMENT = 17, 58, 44
_SOLICITATION, _ADVERTISEMENT = 135, 136


def announcements(ports: Iterable[int]) -> bytes:
    """Return the program (an array of struct sock_filter): ARP, LLDP, CDP, SADP, neighbour discovery, UDP `ports`."""
    wanted: list[Step] = [("", _EQUAL, port, "take", "") for port in sorted(ports)]
    return assemble(
        (
            ("", _HALF, 12, "", ""),
            *(("", _EQUAL, kind, "take", "") for kind in (_ARP, _LLDP, _SADP, *_TAGS)),
            ("", _EQUAL, _IPV4, "ipv4", ""),
            ("", _EQUAL, _IPV6, "ipv6", ""),
            ("", _AT_LEAST, _FIRST_ETHERTYPE, "leave", ""),
            ("", _WORD, 0, "", ""),
            ("", _EQUAL, _CDP_GROUP, "take", "leave"),
            ("ipv4", _BYTE, 23, "", ""),
            ("", _EQUAL, _UDP, "", "leave"),
            ("", _HALF, 20, "", ""),
            # Later pieces of a long answer carry no ports.
            ("", _ANY_BIT, 0x1FFF, "take", ""),
            ("", _IP_HEADER, 14, "", ""),
            ("", _HALF_X, 14, "", ""),
            *wanted,
            ("", _HALF_X, 16, "", ""),
            *wanted,
            ("", _AT_LEAST, 0, "leave", ""),
            ("ipv6", _BYTE, 20, "", ""),
            ("", _EQUAL, _FRAGMENT, "take", ""),
            ("", _EQUAL, _ICMPV6, "icmpv6", ""),
            ("", _EQUAL, _UDP, "", "leave"),
            ("", _HALF, 54, "", ""),
            *wanted,
            ("", _HALF, 56, "", ""),
            *wanted,
            ("", _AT_LEAST, 0, "leave", ""),
            ("icmpv6", _BYTE, 54, "", ""),
            ("", _EQUAL, _SOLICITATION, "take", ""),
            ("", _EQUAL, _ADVERTISEMENT, "take", ""),
            ("leave", _RETURN, 0, "", ""),
            ("take", _RETURN, _WHOLE, "", ""),
        )
    )
