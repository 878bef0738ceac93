"""ARP and MAC tables of Cisco IOS, IOS XE and NX-OS."""

from netaudit.intake.printed import dialect, printed

_PORT = r"(?P<port>[A-Za-z][\w/.-]*\d(?:\([\w]+\))?|\d+(?:/\d+)+|CPU|Router|Switch|Drop)"

_VLAN = r"(?:\* )?(?P<vlan>\d+|All|N/A|---)"
_IOS_HEADS = (
    r"^Mac Address Table$|^Protocol +Address +Age|^Vlan +Mac Address +Type +Ports|^vlan +mac address +type +learn"
    r"|^Destination Address +Address Type"
)

FORMATS = (
    printed(
        "cisco_ios",
        "Cisco IOS and IOS XE: ARP and MAC tables",
        ("show mac address-table", "show mac-address-table", "show ip arp", "show arp"),
        (
            dialect(
                r"Internet IP (?P<age>\d+|-) MAC ARPA(?: (?P<interface>[\w/.-]+))?",
                "Internet  10.20.0.7  3  4419.b60a.0b0c  ARPA  Vlan20",
            ),
            dialect(
                _VLAN + r" MAC (?P<type>dynamic|static|secure|system) (?:Yes|No|~~~) (?:\d+|-|~~~) "
                + _PORT + r"(?:,.*| .*)?",
                "*  20  4419.b60a.0b0c   dynamic  Yes        120   Gi3/7",
            ),
            dialect(
                _VLAN + r" MAC (?P<type>dynamic|static|secure|system|sticky)(?: (?:ip|ipx|assigned|other)(?:,\w+)*)? "
                + _PORT + r"(?:,.*| .*)?",
                "20    4419.b60a.0b0c    DYNAMIC     Gi1/0/7",
            ),
            dialect(
                r"MAC (?P<type>dynamic|static|self) (?P<vlan>\d+) " + _PORT,
                "4419.b60a.0b0c  Dynamic  20  FastEthernet0/7",
            ),
        ),
        marks=_IOS_HEADS,
    ),
    printed(
        "cisco_nxos",
        "Cisco NX-OS: ARP and MAC tables",
        ("show mac address-table", "show ip arp", "show ip arp vrf all"),
        (
            dialect(
                r"(?:[*+GCOR~(){}]+ )?(?P<vlan>\d+|-) MAC (?P<type>dynamic|static|secure) (?:\d+|-|NA|~~~)"
                r" [TF~-]+ [TF~-]+ "
                r"(?P<port>vPC Peer-Link(?:\(R\))?|[\w/.-]+(?:\([\w.:]+\))?)",
                "*   20     4419.b60a.0b0c   dynamic  0         F      F    Eth1/7",
            ),
            dialect(
                r"IP (?P<age>[\d:.]+|-|[\dwdhms]+) MAC (?P<interface>[A-Za-z][\w/.-]+)(?: [*+#(),A-Z-]+)?",
                "10.20.0.7       00:10:12  4419.b60a.0b0c  Vlan20",
            ),
        ),
        marks=r"^IP ARP Table|Secure +NTFY +Ports|vPC Peer-Link|primary entry",
    ),
)  # fmt: skip
