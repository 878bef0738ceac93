"""What the probes may conclude about a host before they ask it: which ports speak what, whether it may be a camera.

No signatures here: these only decide whether a question is worth a packet, never what a device is.
"""

import re
from dataclasses import dataclass
from typing import Final
from urllib.parse import urlsplit

from netaudit.evidence.fields import every
from netaudit.probes.base import HostView
from netaudit.scope.model import NEVER_TOUCH

RTSP_PORTS: Final = frozenset({554, 8554})
RTSPS_PORTS: Final = frozenset({322})
HTTP_PORTS: Final = frozenset({80, 81, 88, 8080})
HTTPS_PORTS: Final = frozenset({443, 8443})

# Binary or streaming services: an HTTP request there is noise at best and has been seen to kill an RTSP server
# (lab testbed, section 2). 8000 is Hikvision's SDK port, but other makers serve ONVIF there: see `xaddrs`.
NEVER_HTTP: Final = frozenset({21, 22, 23, 25, 53, 139, 445, 1935, 3306, 3389, 5000, 5060, 5061, 6379, 8883})
NEVER_HTTP_CAMERA: Final = frozenset({322, 554, 8554, 9000, 34567, 34568, 37777, 37778, 6036})
_REFUSED: Final = NEVER_HTTP | NEVER_HTTP_CAMERA | NEVER_TOUCH

# Only these protocols' answers come from surveillance gear alone; WS-Discovery and mDNS are spoken by printers too.
_CAMERA_KINDS: Final = frozenset(
    {"sadp.reply", "dhip.reply", "rtsp.response", "dahua_legacy.reply", "xm.reply", "tvt.reply", "reolink.reply"}
    | {"ipro.reply", "sony.reply", "hanwha.reply", "vivotek.reply", "bosch.reply", "foscam.reply", "vstarcam.reply"}
    | {"isapi.device_info", "onvif.pre_auth", "onvif.device_information"}
)
_CAMERA_PORTS: Final = RTSP_PORTS | RTSPS_PORTS | {37777, 34567}
_ONVIF_MARK: Final = re.compile(r"onvif|NetworkVideo", re.IGNORECASE)
_CAMERA_SERVICE: Final = re.compile(r"_(?:axis-video|axis-nvr|psia|CGI|rtsp|arec)\._tcp", re.IGNORECASE)

# A path from the wire becomes part of our request only if it is plain: no query, no control character, no blank.
_PLAIN_PATH: Final = re.compile(r"/[A-Za-z0-9_./~-]{0,199}")
# Words of the sheet's NEVER SEND list and of actions in general: a device (or an enemy) may point us anywhere.
_ACTIVE_PATH: Final = re.compile(
    r"cgi|isapi|lapi|sdk|rpc|reg_admin|/api|login(?!\.(?:asp|html?|php|jsp)$)|logout|action|reboot|restart|reset|restore"
    r"|factory|upgrade|update|firmware|shutdown|delete|remove|(?<![a-z])format|config|set[a-z]*\.|backup|wizard|snapshot|video"
    r"|stream|\.\.",
    re.IGNORECASE,
)


@dataclass(frozen=True, slots=True)
class Endpoint:
    """Where a service is said to be on a host: never another host, whatever the XAddr says."""

    port: int
    path: str
    tls: bool = False


def url_host(ip: str) -> str:
    """Return the address as it stands in a URL or a Host header: without zone, IPv6 in brackets."""
    plain = ip.partition("%")[0]
    return f"[{plain}]" if ":" in plain else plain


def plain_path(path: str) -> str | None:
    """Return the path without query and fragment when it is harmless to ask for, else None."""
    bare = path.partition("#")[0].partition("?")[0]
    return bare if _PLAIN_PATH.fullmatch(bare) and not _ACTIVE_PATH.search(bare) else None


def may_speak_http(port: int) -> bool:
    """True when a port that a device names itself may be sent an HTTP request."""
    return port not in _REFUSED and (port >= 1024 or port in HTTP_PORTS or port in HTTPS_PORTS)


def xaddrs(host: HostView) -> tuple[Endpoint, ...]:
    """Return the service addresses that WS-Discovery gave for this host, on this host, on open ports, in order."""
    found: dict[Endpoint, None] = {}
    for observation in host.observations:
        if observation.kind == "wsd.probe_match":
            for url in " ".join(every(observation.fields, "xaddrs")).split()[:16]:
                endpoint = endpoint_of(url)
                if endpoint and endpoint.port in host.open_ports and may_speak_http(endpoint.port):
                    found[endpoint] = None
    return tuple(found)


def endpoint_of(url: str) -> Endpoint | None:
    """Read port, path and scheme of a URL and forget its host; None when it is not a plain http(s) URL."""
    try:
        parts = urlsplit(url)
        port = parts.port or (443 if parts.scheme == "https" else 80)
    except ValueError:
        return None
    path = plain_path(parts.path or "/")
    if parts.scheme not in ("http", "https") or path is None:
        return None
    return Endpoint(port, path, parts.scheme == "https")


def looks_like_camera(host: HostView) -> bool:
    """True when an open port or an earlier answer hints at surveillance gear."""
    return bool(host.open_ports & _CAMERA_PORTS) or any(map(host.has, _CAMERA_KINDS)) or _says_camera(host)


def _says_camera(host: HostView) -> bool:
    for observation in host.observations:
        fields = observation.fields
        if observation.kind == "wsd.probe_match" and _ONVIF_MARK.search(
            " ".join((*every(fields, "types"), *every(fields, "scopes"), *every(fields, "xaddrs")))
        ):
            return True
        if observation.kind == "mdns.service" and _CAMERA_SERVICE.search(
            " ".join((*every(fields, "type"), *every(fields, "instance")))
        ):
            return True
    return False
