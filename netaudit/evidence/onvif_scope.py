"""ONVIF scopes: URIs such as onvif://www.onvif.org/hardware/DS-2CD2385G1-I, percent-encoded in many ways."""

import re
from collections.abc import Iterable, Iterator
from functools import lru_cache

from netaudit.evidence.charset import decode
from netaudit.evidence.fields import MAX_TEXT
from netaudit.evidence.gather import MAX_NAME

_PERCENT = re.compile(r"(?:%[0-9A-Fa-f]{2})+")


@lru_cache(maxsize=2048)  # most scopes of a unit are those of every other
def decoded(scope: str) -> str:
    """Resolve each run of %xx by itself: some firmware mixes them with bare bytes of another encoding."""
    return _PERCENT.sub(lambda run: decode(bytes.fromhex(run[0].replace("%", ""))), scope[:MAX_TEXT])


def categories(scopes: Iterable[str]) -> Iterator[tuple[str, str]]:
    """Yield ("scope.<category>", value) of decoded scopes; the category in lower case, since firmware mixes it."""
    return filter(None, map(_category, scopes))


@lru_cache(maxsize=2048)
def _category(scope: str) -> tuple[str, str] | None:
    scheme, _, rest = scope.partition("://")
    category, slash, value = rest.partition("/")[2].partition("/")
    if scheme.lower() == "onvif" and slash and 0 < len(category) <= MAX_NAME:
        return f"scope.{category.lower()}", value
    return None
