"""A recorder's remote devices (Dahua platform, configManager RemoteDevice): which camera each channel shows.

As with the other platform, the list holds accounts: it is taken apart at once, and only what is named here is kept.
"""

import re
from collections.abc import Iterator
from typing import Final

from netaudit.evidence.charset import decode
from netaudit.evidence.fields import Fields

MAX_CHANNELS: Final = 512
_LINE: Final = re.compile(
    r"table\.RemoteDevice\.(?:uuid:)?System_CONFIG_NETCAMERA_INFO_(\d{1,3})\.(\w{1,40})=([^\r\n]{0,512})"
)
_NAMES: Final = {
    "Name": "name", "Address": "ip", "Mac": "mac", "SerialNo": "serial", "DeviceType": "model",
    "Vendor": "manufacturer", "ProtocolType": "protocol", "Version": "firmware", "SoftwareVersion": "firmware",
    "Port": "port",
}  # fmt: skip
_EMPTY: Final = frozenset({"", "0.0.0.0", "ff:ff:ff:ff:ff:ff", "00:00:00:00:00:00", "192.168.0.0"})  # noqa: S104
_GENERIC: Final = frozenset({"ipc", "ip camera", "ipcamera", "camera", "unknown"})
"""Device types that name no model: recorders write them for cameras of other makers."""


def read_channels(raw: bytes) -> list[Fields]:
    """Return one mapping an enabled channel that has an address; the first channel is 1, as on its screen."""
    found: dict[int, dict[str, str]] = {}
    enabled: dict[int, str] = {}
    for number, name, value in _lines(raw):
        if name == "Enable":
            enabled[number] = value.lower()
        elif (field := _NAMES.get(name)) and value.lower() not in _EMPTY:
            found.setdefault(number, {}).setdefault(field, value)
    return [
        {"channel": str(number + 1), **_plain(told)}
        for number, told in sorted(found.items())[:MAX_CHANNELS]
        if told.get("ip") and enabled.get(number, "true") == "true"
    ]


def _lines(raw: bytes) -> Iterator[tuple[int, str, str]]:
    for found in _LINE.finditer(decode(raw)):
        yield int(found[1]), found[2], found[3].strip()


def _plain(told: dict[str, str]) -> dict[str, str]:
    if told.get("model", "").lower() in _GENERIC:
        del told["model"]
    return told
