"""What the ONVIF device and media services answer to the owner's login."""

from collections.abc import Callable, Iterator
from urllib.parse import unquote_to_bytes

from netaudit.evidence import xml
from netaudit.evidence.charset import decode
from netaudit.evidence.fields import Fields, every
from netaudit.evidence.gather import gather


def read_network_interfaces(raw: bytes) -> Fields:
    """Return the leaves of every interface: Name, HwAddress (the MAC), MTU, Address, PrefixLength, DHCP, ..."""
    return _leaves(raw, "NetworkInterfaces")


def read_scopes(raw: bytes) -> Fields:
    """Return ScopeDef and ScopeItem as sent, and scope.<category> (lower case) with the decoded values."""
    fields = _leaves(raw, "Scopes")
    return {**fields, **gather(_categories(every(fields, "ScopeItem")))}


def read_profiles(raw: bytes) -> Fields:
    """Return the leaves of every media profile: Name, Encoding, Width, Height, ..."""
    return _leaves(raw, "Profiles")


def _leaves(raw: bytes, element: str) -> Fields:
    found: list[tuple[str, str]] = []
    for subtree in xml.subtrees(xml.nodes(raw), element):
        found += xml.leaves(subtree)
    return gather(found)


def _categories(scopes: tuple[str, ...]) -> Iterator[tuple[str, str]]:
    for scope in scopes:
        scheme, _, rest = scope.partition("://")
        category, slash, value = rest.partition("/")[2].partition("/")
        if scheme.lower() == "onvif" and slash and category:
            yield f"scope.{category.lower()}", decode(unquote_to_bytes(value))


READERS: dict[str, Callable[[bytes], Fields]] = {
    "onvif.network_interfaces": read_network_interfaces,
    "onvif.scopes": read_scopes,
    "onvif.profiles": read_profiles,
}
