"""Device information of the ISAPI web interface (Hikvision platform), read with the owner's login."""

from collections.abc import Callable

from netaudit.evidence import xml
from netaudit.evidence.cuts import XML, Cut
from netaudit.evidence.fields import Fields
from netaudit.evidence.gather import gather


def read(raw: bytes) -> Fields:
    """Return the element names of DeviceInfo and their texts; {} for any other document."""
    for info in xml.leaves_under(raw, "DeviceInfo"):
        return gather(info)
    return {}


READERS: dict[str, Callable[[bytes], Fields]] = {"isapi.device_info": read}
CUTS: dict[str, Cut] = {"isapi.device_info": XML}
