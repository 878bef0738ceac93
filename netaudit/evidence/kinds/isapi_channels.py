"""A recorder's channels (Hikvision platform, ISAPI ContentMgmt): which camera each one takes its picture from.

Not an observation's raw bytes: a list holds the accounts that the recorder uses at its cameras. Each channel becomes an
observation of its own, of the fields that say who and where the camera is.
"""

from typing import Final

from netaudit.evidence import xml
from netaudit.evidence.fields import Fields

MAX_CHANNELS: Final = 512
_NAMES: Final = {
    "id": "channel", "name": "name", "proxyProtocol": "protocol", "adminProtocol": "protocol",
    "protocolType": "protocol", "ipAddress": "ip", "ipv6Address": "ip", "hostName": "host", "macAddress": "mac",
    "model": "model", "serialNumber": "serial", "firmwareVersion": "firmware", "manufacturer": "manufacturer",
    "managePortNo": "port",
}  # fmt: skip
"""Element name to field of a recorder.channel observation; nothing else is kept."""


def read_channels(raw: bytes) -> list[Fields]:
    """Return one mapping a channel that has a source; [] for any other document."""
    found: list[Fields] = []
    for leaves in xml.leaves_under(raw, "InputProxyChannel")[:MAX_CHANNELS]:
        told: dict[str, str] = {}
        for name, value in leaves:
            field = _NAMES.get(name)
            if field and value.strip():
                told.setdefault(field, value.strip())
        if told.get("channel") and (told.get("ip") or told.get("host") or told.get("serial")):
            found.append(told)
    return found


def read_status(raw: bytes) -> dict[str, str]:
    """Return channel to "online" or "offline", as far as the document tells."""
    found: dict[str, str] = {}
    for leaves in xml.leaves_under(raw, "InputProxyChannelStatus")[:MAX_CHANNELS]:
        told = dict(reversed(list(leaves)))
        state = told.get("online", "").lower()
        if told.get("id") and state in ("true", "false"):
            found[told["id"]] = "online" if state == "true" else "offline"
    return found
