"""Units on our own link that are set up for another subnet: the very fault to repair, so they are told, never asked."""

from ipaddress import IPv4Network
from typing import Final

from netaudit.scope.model import Address

# Where a factory or a failed DHCP puts a unit (protocol sheet, section 1): private ranges, and Hikvision's 192.0.0.64.
_HERE: Final = tuple(
    IPv4Network(text) for text in ("10.0.0.0/8", "172.16.0.0/12", "192.168.0.0/16", "169.254.0.0/16", "192.0.0.0/24")
)


def may_be_on_link(address: Address) -> bool:
    """True for an address that a unit on our own cable may have by mistake; a public one is somebody else's, or forged.

    Only for what was heard with its own MAC on a link in scope.
    """
    return address.version == 4 and any(address in network for network in _HERE)
