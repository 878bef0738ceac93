"""The UPnP description that a device's own SSDP answer points to (facts/protocols.md section 8)."""

from collections.abc import Iterator, Sequence
from ipaddress import ip_address
from typing import ClassVar, Final
from urllib.parse import urlsplit

from netaudit.evidence.fields import every
from netaudit.net.exchange import Dialogue, Reply, Request
from netaudit.probes import http_wire
from netaudit.probes.base import Heard, HostView
from netaudit.probes.hints import Endpoint, endpoint_of, may_speak_http

MAX_REQUESTS: Final = 2
_MARK: Final = b"urn:schemas-upnp-org:device"
_CAP: Final = 64 * 1024


class UpnpDescription:
    """One GET for each LOCATION, and only where it names the very address that gave it: no answer leads elsewhere."""

    name: ClassVar[str] = "upnp_description"
    version: ClassVar[int] = 1
    packets: ClassVar[int] = 5

    def requests(self, host: HostView) -> Sequence[Request]:
        """Ask what the host pointed to, unless it was read already. The port need not be among the swept ones."""
        known = {
            (observation.target.get("port"), observation.target.get("path"))
            for observation in host.observations
            if observation.kind == "upnp.description"
        }
        wanted = [place for place in dict.fromkeys(_locations(host)) if (place.port, place.path) not in known]
        return [_dialogue(host.ip, place) for place in wanted[:MAX_REQUESTS]]

    def read(self, request: Request, reply: Reply) -> Sequence[Heard]:
        """Give the description; anything else that came is a plain HTTP answer."""
        raw = b"".join(reply.messages)
        answer = http_wire.parse(raw)
        if answer is None or not isinstance(request, Dialogue):
            return ()
        target = http_wire.target_of(request)
        if answer.status == 200 and _MARK in answer.body:
            return [Heard("upnp.description", answer.body, target=target)]
        return [Heard("http.response", raw[:_CAP], target=target)]

    def follow(self, request: Request, reply: Reply) -> Sequence[Dialogue]:
        """Nothing more: icons and control addresses are not fetched."""
        return ()


def _locations(host: HostView) -> Iterator[Endpoint]:
    for observation in host.observations:
        if observation.kind == "ssdp.reply":
            for url in every(observation.fields, "location")[:4]:
                place = endpoint_of(url)
                if place and not place.tls and may_speak_http(place.port) and _names(url, host.ip):
                    yield place


def _names(url: str, ip: str) -> bool:
    """True when the URL's host is this address, written as an address."""
    try:
        return ip_address(urlsplit(url).hostname or "") == ip_address(ip.partition("%")[0])
    except ValueError:
        return False


def _dialogue(ip: str, place: Endpoint) -> Dialogue:
    message = http_wire.get(ip, place.port, place.path)
    return Dialogue(place.port, (message,), framing="http", cap=_CAP, label=place.path)


PROBE = UpnpDescription()
