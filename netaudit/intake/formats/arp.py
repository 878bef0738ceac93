"""`arp -a`, `arp -n` and their relatives on Linux, macOS, the BSDs and Windows; /proc/net/arp."""

from netaudit.intake.printed import dialect, printed

_HOST = r"(?P<name>[\w?.-]{1,255})"

FORMAT = printed(
    "arp",
    "ARP table of a computer",
    ("arp -a (Linux, macOS, FreeBSD, NetBSD, OpenBSD, Windows)", "arp -n", "cat /proc/net/arp", "busybox arp"),
    (
        dialect(
            _HOST + r" \(IP\) at MAC(?: \[(?:\w+)\])?(?: (?:PERM|PUP))* on (?P<interface>[\w.:@-]+)(?: .*)?",
            "? (10.20.0.7) at 44:19:b6:0a:0b:0c [ether] on eth0",
        ),
        dialect(
            r"IP (?:ether|eth|\S+) MAC (?P<state>[A-Z*]{1,4})(?: [*\d.]+)? (?P<interface>[\w.:@-]+)",
            "10.20.0.7  ether  44:19:b6:0a:0b:0c  C  eth0",
        ),
        dialect(
            r"IP 0x[0-9a-f]+ (?P<state>0x[0-9a-f]+) MAC \S+ (?P<interface>[\w.:@-]+)",
            "10.20.0.7  0x1  0x2  44:19:b6:0a:0b:0c  *  eth0",
        ),
        dialect(
            r"IP MAC (?P<interface>[a-z]+[\w.-]*\d) (?:permanent|static|expired|\d+[smhd]\S*)(?: \S{1,3})?",
            "10.20.0.7  44:19:b6:0a:0b:0c  em0  19m45s",
        ),
        dialect(r"IP MAC (?P<state>[^\W\d_]{4,16})", "10.20.0.7  44-19-b6-0a-0b-0c  dynamic"),
    ),
    marks=r"^Internet Address +Physical Address|^Interface: "
    r"|^Address +HWtype|^IP address +HW type|^Host +Ethernet Address"
    r"| at \S+ (?:\[\w+\] )?on ",
    context=(r"^(?:Interface|Schnittstelle|Interfaz|Interfaccia|Interface ?): (?P<interface>[\d.]+) ---",),
    note="Entries that are incomplete or of groups name no unit and are left out.",
)
