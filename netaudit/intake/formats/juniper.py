"""ARP and Ethernet switching tables of Junos."""

from netaudit.intake.printed import dialect, printed

_PORT = r"(?P<port>[a-z]{2,4}-?\d[\w/:.-]*|ae\d+(?:\.\d+)?)"

FORMAT = printed(
    "juniper",
    "Juniper Junos: ARP and Ethernet switching tables",
    ("show ethernet-switching table", "show arp", "show arp no-resolve"),
    (
        dialect(
            r"(?P<vlan>[\w.-]+) MAC (?P<type>[DSLPCROEIN,SE]+) (?:-|\d+|[\d:]+) "
            + _PORT
            + r"(?: \d+ \d+)?(?: [\d.]+)?",
            "cctv   44:19:b6:0a:0b:0c   D   -   ge-0/0/7.0   0   0",
        ),
        dialect(
            r"(?P<vlan>[\w.-]+) MAC (?P<type>Learn|Static|Learn\(P\)|Persistent) (?:-|\d+|[\d:]+) " + _PORT,
            "cctv   44:19:b6:0a:0b:0c Learn   0 ge-0/0/7.0",
        ),
        dialect(
            r"MAC IP(?: (?P<name>[\w.?-]+))? (?P<interface>[a-z]+[\w/.-]*\d)(?: \[(?P<port>[^\]]+)\])?"
            r"(?: (?:none|permanent|remote|published|proxy)\S*)*",
            "44:19:b6:0a:0b:0c 10.20.0.7  10.20.0.7  irb.20 [ge-0/0/7.0]  none",
        ),
    ),
    marks=r"^MAC Address +Address|^Ethernet[ -]switching table|^Routing instance|Learned?,? |^MAC flags",
)
