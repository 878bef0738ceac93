"""SSDP: UPnP's M-SEARCH (facts/protocols.md section 8)."""

from collections.abc import Sequence
from typing import ClassVar, Final

from netaudit.evidence import kinds
from netaudit.net.exchange import Datagram, Reply
from netaudit.probes.base import Heard

PORT: Final = 1900
GROUP: Final = "239.255.255.250"
ROOT: Final = "upnp:rootdevice"
ALL: Final = "ssdp:all"

# After the general two: Axis, Hikvision's platform, TVT's platform, the standard's camera, and what Axis also is.
TARGETS: Final = (
    ROOT,
    ALL,
    "urn:axis-com:service:BasicService:1",
    "urn:schemas-upnp-org:device:EmbeddedNetDevice:1",
    "urn:schemas-upnp-org:service:EmbeddedNetDeviceControl:1",
    "urn:schemas-upnp-org:device:DigitalSecurityCamera:1",
    "urn:schemas-upnp-org:device:Basic:1",
)
# Link and site scope; hop limit 1 keeps both on the segment.
GROUPS_V6: Final = ("ff02::c", "ff05::c")
_KIND: Final = "ssdp.reply"


class Ssdp:
    """Answers come to the asker. Only searches: descriptions are fetched by another probe, nothing is subscribed to."""

    name: ClassVar[str] = "ssdp"
    version: ClassVar[int] = 1

    def announce(self) -> Sequence[Datagram]:
        """Ask the IPv4 group for each target (for everything once only: up to thirteen answers a device), IPv6 for two.

        Devices that answer neither general target answer their own.
        """
        wide = [_datagram(target, GROUP, repeats=1 if target == ALL else 2) for target in TARGETS]
        return [*wide, *(_datagram(target, group, repeats=2) for group in GROUPS_V6 for target in (ROOT, ALL))]

    def directed(self) -> Sequence[Datagram]:
        """Ask one address: UPnP 1.1 devices answer, across routers too. The HOST line of the group is put up with."""
        return [_datagram(ROOT, None)]

    def read(self, request: Datagram | None, reply: Reply) -> Sequence[Heard]:
        """Keep answers and announcements; searches (our own, others') say nothing of a device."""
        return [Heard(_KIND, message) for message in reply.messages if kinds.read(_KIND, message)]


def _datagram(target: str, group: str | None, repeats: int = 2) -> Datagram:
    host = f"[{group.upper()}]" if group and ":" in group else GROUP
    lines = ("M-SEARCH * HTTP/1.1", f"HOST: {host}:{PORT}", 'MAN: "ssdp:discover"', "MX: 2", f"ST: {target}", "", "")
    return Datagram("\r\n".join(lines).encode(), PORT, group, repeats=repeats, label=target)


PROBE = Ssdp()
