"""WS-Discovery: ProbeMatch (at any depth: some servers leave the wrapper out), ResolveMatch, Hello and Bye."""

from collections.abc import Callable
from typing import Final

from netaudit.evidence import onvif_scope, xml
from netaudit.evidence.cuts import DISCOVERY, Cut
from netaudit.evidence.fields import MAX_TEXT, Fields
from netaudit.evidence.gather import MAX_NAMES, listed

MAX_WORDS: Final = 256

_LISTS: Final = {"Types": "types", "XAddrs": "xaddrs", "Scopes": "scopes"}
_TEXTS: Final = {"Address": "endpoint", "MetadataVersion": "metadata_version"}


def read(raw: bytes) -> Fields:
    """Return types, scopes, scope.<category>, xaddrs, endpoint, metadata_version; {} where nothing matches.

    Scopes are percent-decoded; categories are in lower case, since firmware mixes the case. Several matches in one
    message are joined into lists. Types keep the prefix that the device made up.
    """
    found: dict[str, list[str]] = {}
    for match in xml.leaves_under(raw, "ProbeMatch", "ResolveMatch", "Hello", "Bye"):
        for name, text in match:
            if name in _LISTS:
                found.setdefault(_LISTS[name], []).extend(text.split(None, MAX_WORDS)[:MAX_WORDS])
            elif name in _TEXTS:
                found.setdefault(_TEXTS[name], []).append(text[:MAX_TEXT])
    if "scopes" in found:
        found["scopes"] = [onvif_scope.decoded(scope) for scope in found["scopes"]]
        for name, value in onvif_scope.categories(found["scopes"]):
            if len(found) < MAX_NAMES:
                found.setdefault(name, []).append(value)
    return listed(found)


READERS: dict[str, Callable[[bytes], Fields]] = {"wsd.probe_match": read}
CUTS: dict[str, Cut] = {"wsd.probe_match": DISCOVERY}
