"""What the ONVIF device and media services answer to the owner's login."""

from collections.abc import Callable
from typing import Final

from netaudit.evidence import onvif_scope, xml
from netaudit.evidence.cuts import DISCOVERY, XML, Cut
from netaudit.evidence.fields import Fields, every
from netaudit.evidence.gather import gather

_SOURCES: Final = "VideoSources"


def read_network_interfaces(raw: bytes) -> Fields:
    """Return the leaves of every interface: Name, HwAddress (the MAC), MTU, Address, PrefixLength, DHCP, ..."""
    return _leaves(raw, "NetworkInterfaces")


def read_scopes(raw: bytes) -> Fields:
    """Return ScopeDef and ScopeItem as sent, and scope.<category> (lower case) with the decoded values."""
    fields = _leaves(raw, "Scopes")
    scopes = [onvif_scope.decoded(item) for item in every(fields, "ScopeItem")]
    return {**fields, **gather(onvif_scope.categories(scopes))}


def read_profiles(raw: bytes) -> Fields:
    """Return the leaves of every media profile: Name, Encoding, Width, Height, ..."""
    return _leaves(raw, "Profiles")


def read_video_sources(raw: bytes) -> Fields:
    """Return the leaves of every picture source (Framerate, Width, Height, ...), and how many there are: `sources`."""
    fields = _leaves(raw, _SOURCES)
    return {**fields, "sources": str(len(list(xml.subtrees(xml.nodes(raw), _SOURCES))))} if fields else {}


def _leaves(raw: bytes, element: str) -> Fields:
    found: list[tuple[str, str]] = []
    for subtree in xml.subtrees(xml.nodes(raw), element):
        found += xml.leaves(subtree)
    return gather(found)


READERS: dict[str, Callable[[bytes], Fields]] = {
    "onvif.network_interfaces": read_network_interfaces,
    "onvif.scopes": read_scopes,
    "onvif.profiles": read_profiles,
    "onvif.video_sources": read_video_sources,
}
CUTS: dict[str, Cut] = {
    "onvif.network_interfaces": XML,
    "onvif.scopes": DISCOVERY,
    "onvif.profiles": XML,
    "onvif.video_sources": XML,
}
