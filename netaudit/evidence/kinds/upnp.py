"""UPnP device descriptions."""

from collections.abc import Callable

from netaudit.evidence import xml
from netaudit.evidence.cuts import XML, Cut
from netaudit.evidence.fields import Fields
from netaudit.evidence.gather import gather


def read(raw: bytes) -> Fields:
    """Return the elements that stand directly in the root device (manufacturer, modelName, UDN, ...), named as there.

    Icons, services and embedded devices (a router's WAN device has another manufacturer) are left out.
    """
    for device in xml.subtrees(xml.nodes(raw), "device"):
        depth = device[0].depth + 1
        ends = [*device[1:], device[0]]
        pairs = zip(device[1:], ends[1:], strict=False)
        return gather((node.name, node.text) for node, after in pairs if node.depth == depth >= after.depth)
    return {}


READERS: dict[str, Callable[[bytes], Fields]] = {"upnp.description": read}
CUTS: dict[str, Cut] = {"upnp.description": XML}
