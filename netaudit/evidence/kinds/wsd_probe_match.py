"""WS-Discovery: ProbeMatch (at any depth: some servers leave the wrapper out), ResolveMatch and Hello."""

import re
from collections.abc import Callable, Iterable
from typing import Final

from netaudit.evidence import xml
from netaudit.evidence.charset import decode
from netaudit.evidence.fields import MAX_TEXT, Fields
from netaudit.evidence.gather import MAX_NAME, MAX_NAMES, listed

MAX_WORDS: Final = 256

_PERCENT = re.compile(r"(?:%[0-9A-Fa-f]{2})+")

_LISTS: Final = {"Types": "types", "XAddrs": "xaddrs", "Scopes": "scopes"}
_TEXTS: Final = {"Address": "endpoint", "MetadataVersion": "metadata_version"}


def read(raw: bytes) -> Fields:
    """Return types, scopes, scope.<category>, xaddrs, endpoint, metadata_version; {} where nothing matches.

    Scopes are percent-decoded; categories are in lower case, since firmware mixes the case. Several matches in one
    message are joined into lists. Types keep the prefix that the device made up.
    """
    found: dict[str, list[str]] = {}
    for match in xml.subtrees(xml.nodes(raw), "ProbeMatch", "ResolveMatch", "Hello"):
        for name, text in xml.leaves(match):
            if name in _LISTS:
                found.setdefault(_LISTS[name], []).extend(text.split(None, MAX_WORDS)[:MAX_WORDS])
            elif name in _TEXTS:
                found.setdefault(_TEXTS[name], []).append(text[:MAX_TEXT])
    if "scopes" in found:
        found["scopes"] = [_percent_decoded(scope) for scope in found["scopes"]]
        _add_categories(found, found["scopes"])
    return listed(found)


def _percent_decoded(scope: str) -> str:
    """Resolve each run of %xx by itself: some firmware mixes them with bare bytes of another encoding."""
    return _PERCENT.sub(lambda run: decode(bytes.fromhex(run[0].replace("%", ""))), scope[:MAX_TEXT])


def _add_categories(found: dict[str, list[str]], scopes: Iterable[str]) -> None:
    for scope in scopes:
        scheme, _, rest = scope.partition("://")
        category, slash, value = rest.partition("/")[2].partition("/")
        if scheme.lower() == "onvif" and slash and 0 < len(category) <= MAX_NAME and len(found) < MAX_NAMES:
            found.setdefault(f"scope.{category.lower()}", []).append(value)


READERS: dict[str, Callable[[bytes], Fields]] = {"wsd.probe_match": read}
