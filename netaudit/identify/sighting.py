"""The sighting: what identification keeps of one observation, so that the raw bytes need not stay in memory."""

from collections.abc import Iterable
from datetime import datetime
from functools import lru_cache
from sys import intern
from typing import Final

from msgspec import Struct

from netaudit.evidence.fields import Fields, first
from netaudit.evidence.observation import Observation
from netaudit.identify.hit import Hit
from netaudit.identify.keys import NOT_OF_TARGET, Key, keys_of, macs_of
from netaudit.identify.layout import Layout, Reading
from netaudit.identify.match import Matcher

_LONGEST_NAME: Final = 80
_OVER_TCP: Final = frozenset({
    "http.response", "http.favicon", "rtsp.response", "tls.certificate", "banner", "isapi.device_info",
    "dahua_cgi.system_info", "onvif.device_information", "onvif.pre_auth", "onvif.scopes", "onvif.profiles",
    "onvif.network_interfaces", "upnp.description",
})  # fmt: skip
"""Kinds that come over TCP where the line does not say by what: others need not write what is plain."""


class Sighting(Struct, frozen=True, eq=False, gc=False):
    """One observation, read: where and when, the keys that join it to others, the hits.

    `channel`: for a camera that a recorder reports, "<recorder>/<channel>", else "".
    """

    id: str
    at: str
    kind: str
    subject: str | None
    site: str
    ip: str
    channel: str
    ports: tuple[int, ...]
    macs: tuple[str, ...]
    keys: tuple[Key, ...]
    hits: tuple[Hit, ...]
    names: tuple[str, ...]

    def moment(self) -> float:
        """Return `at` as seconds; 0 where it is no time."""
        try:
            return datetime.fromisoformat(self.at).timestamp()
        except (ValueError, OverflowError, OSError):
            return 0.0


def sight(observation: Observation, matcher: Matcher) -> Sighting:
    """Read one observation against the signatures. Never raises, whatever the fields hold."""
    kind, fields = intern(observation.kind), observation.fields
    told = observation.target.get
    layout = matcher.layout(observation)
    linked = None if kind in NOT_OF_TARGET else told("mac")
    reading = layout.reading if linked is None else None
    if reading is None:
        reading = _read(fields, layout, matcher, linked)
        if layout.is_settled and linked is None:
            layout.reading = reading
    hits, macs, keys, names, ports = reading
    ip, site, host, port, channel = _text(told("ip")), _text(told("site")), told("host"), told("port"), ""
    if host:
        names += _cleaned((_text(host),))
    if kind == "recorder.channel":
        channel, ip, ports = f"{ip or _text(host)}/{first(fields, 'channel')}", first(fields, "ip"), ()
    elif kind == "table.mac" or (kind == "switch.port" and not told("mac")):
        ip = ""  # the address is the switch's
    if isinstance(port, int) and 0 < port < 65536 and not channel and _is_tcp(kind, told("transport")):
        ports += (port,)
    return Sighting(
        observation.id, observation.at, kind, observation.subject, intern(site), intern(ip), channel, ports, macs,
        keys, hits, names,
    )  # fmt: skip


def _is_tcp(kind: str, transport: object) -> bool:
    return transport == "tcp" or (transport is None and kind in _OVER_TCP)


def place_of(sighting: Sighting) -> str:
    """Return the address with its site, "" where no address is known."""
    return f"{sighting.site}|{sighting.ip}" if sighting.ip else ""


def _read(fields: Fields, layout: Layout, matcher: Matcher, linked: object) -> Reading:
    """Return what the fields tell, and the MAC on the link."""
    hits = matcher.hits(fields, layout) if layout.columns else ()
    macs = macs_of(layout.macs.texts(fields), linked) if layout.macs.names or linked else ()
    keys = _keys(fields, layout, hits, macs)
    for mac in macs:
        hits += matcher.mac_hits(mac)
    names = _cleaned(layout.names.texts(fields)) if layout.names.names else ()
    return hits, macs, keys, names, _numbers(tuple(layout.ports.texts(fields))) if layout.ports.names else ()


def _keys(fields: Fields, layout: Layout, hits: tuple[Hit, ...], macs: tuple[str, ...]) -> tuple[Key, ...]:
    serials = [vote.value for hit in hits if hit.texts for vote in hit.texts if vote.question == "serial"]
    if layout.serials.names:
        serials += layout.serials.texts(fields)
    endpoints = layout.endpoints.texts(fields) if layout.endpoints.names else ()
    return keys_of(serials, endpoints, macs) if serials or endpoints or macs else ()


def _text(value: object) -> str:
    return value if isinstance(value, str) else ""


@lru_cache(maxsize=4096)
def _numbers(texts: tuple[str, ...]) -> tuple[int, ...]:
    return tuple([int(text) for text in texts if _is_port(text)])


def _is_port(text: str) -> bool:
    return text.isascii() and text.isdigit() and len(text) < 6 and 0 < int(text) < 65536


def _cleaned(texts: Iterable[str]) -> tuple[str, ...]:
    return tuple([clean for text in texts if (clean := _clean(text))])


@lru_cache(maxsize=4096)
def _clean(text: str) -> str:
    cut = text[:_LONGEST_NAME]
    return (cut if cut.isprintable() else "".join(c for c in cut if c.isprintable())).strip()
