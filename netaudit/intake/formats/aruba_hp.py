"""ARP and MAC tables of Aruba and HP switches: ArubaOS-Switch (ProCurve), AOS-CX, Comware."""

from netaudit.intake.printed import dialect, printed

FORMATS = (
    printed(
        "aruba_switch",
        "ArubaOS-Switch and HP ProCurve: ARP and MAC tables",
        ("show mac-address", "show mac-address vlan 20", "show arp"),
        (
            dialect(r"IP MAC (?P<type>dynamic|static) (?P<port>\w+)", "10.20.0.7  4419b6-0a0b0c  dynamic 7"),
            dialect(r"MAC (?P<port>[A-Z]?\d+|Trk\d+|\d+/[A-Z]?\d+) (?P<vlan>\d{1,4})", "4419b6-0a0b0c 7  20"),
            dialect(r"MAC (?P<port>[A-Z]?\d+|Trk\d+|\d+/[A-Z]?\d+)", "4419b6-0a0b0c 7"),
        ),
        marks=r"Status and Counters - .*Address Table|^MAC Address +(?:Located on )?Port|^IP ARP table",
        context=(r"Address Table - (?:VLAN )?(?P<vlan>\d+)$",),
    ),
    printed(
        "aruba_cx",
        "Aruba AOS-CX: ARP and MAC tables",
        ("show mac-address-table", "show arp", "show arp all-vrfs"),
        (
            dialect(
                r"MAC (?P<vlan>\d{1,4}) (?P<type>dynamic|static|port-access-security|evpn|hsc)"
                r" (?P<port>[\w/.-]+)(?:\(\S+\))?",
                "44:19:b6:0a:0b:0c    20       dynamic                   1/1/7",
            ),
            dialect(
                r"IP MAC (?P<interface>[\w/.-]+) (?P<port>\S+)"
                r" (?P<state>reachable|stale|permanent|delay|probe)(?: \S+)?",
                "10.20.0.7  44:19:b6:0a:0b:0c  vlan20  1/1/7  reachable",
            ),
        ),
        marks=r"^MAC age-time|^IPv4 Address +MAC +Port +Physical Port|^Number of MAC addresses",
    ),
    printed(
        "comware",
        "HPE and H3C Comware: ARP and MAC tables",
        ("display mac-address", "display arp"),
        (
            dialect(
                r"IP MAC (?P<vlan>\d+|--?|N/A) (?P<port>[A-Za-z][\w/.-]+) (?:\d+|N/A|--) (?P<type>[A-Z]{1,2})(?: .*)?",
                "10.20.0.7  4419-b60a-0b0c  20  GE1/0/7  19  D",
            ),
            dialect(
                r"MAC (?P<vlan>\d+|--?) (?P<type>Learned|Config static|Security|Static|Dynamic|Multiport|Blackhole) "
                r"(?P<port>[A-Za-z][\w/.-]+)(?: \S+)?",
                "4419-b60a-0b0c  20  Learned  GigabitEthernet1/0/7  AGING",
            ),
        ),
        marks=r"^MAC ADDR(?:ESS)? +VLAN ID +STATE|^Type: S-Static|^IP address +MAC address +VLAN",
    ),
)
