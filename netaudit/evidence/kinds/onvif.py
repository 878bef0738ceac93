"""Replies of the ONVIF device service."""

from collections.abc import Callable
from typing import Final

from netaudit.evidence import xml
from netaudit.evidence.cuts import XML, Cut
from netaudit.evidence.fields import Fields
from netaudit.evidence.gather import gather

_RESPONSE: Final = "Response"
_CLOCK: Final = ("Year", "Month", "Day", "Hour", "Minute", "Second")


def read_device_information(raw: bytes) -> Fields:
    """Return Manufacturer, Model, FirmwareVersion, SerialNumber, HardwareId; {} for any other message."""
    for answer in xml.leaves_under(raw, "GetDeviceInformationResponse"):
        return gather(answer)
    return {}


def read_pre_auth(raw: bytes) -> Fields:
    """Return operation (without "Response"; "Fault" for a refusal) and the leaves of what stands in the SOAP body.

    A leaf that occurs several times is a list in document order. GetSystemDateAndTime adds `utc`, as
    YYYY-MM-DDTHH:MM:SSZ, composed from UTCDateTime.
    """
    for body in xml.subtrees(xml.nodes(raw), "Body"):
        if len(body) > 1:
            fields = gather(xml.leaves(body[1:]))
            fields["operation"] = body[1].name.removesuffix(_RESPONSE)
            fields.update(_utc(body))
            return fields
    return {}


def _utc(body: list[xml.Node]) -> dict[str, str]:
    for moment in xml.subtrees(body, "UTCDateTime"):
        parts = dict(xml.leaves(moment))
        numbers = [parts.get(name, "") for name in _CLOCK]
        if all(number.isascii() and number.isdigit() and len(number) <= 4 for number in numbers):
            year, month, day, hour, minute, second = (int(number) for number in numbers)
            return {"utc": f"{year:04}-{month:02}-{day:02}T{hour:02}:{minute:02}:{second:02}Z"}
    return {}


READERS: dict[str, Callable[[bytes], Fields]] = {
    "onvif.device_information": read_device_information,
    "onvif.pre_auth": read_pre_auth,
}
CUTS: dict[str, Cut] = {"onvif.device_information": XML}
