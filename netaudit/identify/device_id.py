"""The stable id of a device: a hash of the best key by which it is known."""

import hashlib
from collections import Counter
from typing import Final

from netaudit.identify.keys import Key
from netaudit.identify.merge import Group

_KEY_ORDER: Final = ("serial", "endpoint", "mac")


def device_ids(groups: list[Group], shared: frozenset[Key]) -> list[str]:
    """Stable ids: a hash of the best key that is not `shared`; equal ones get address and lines added."""
    keys = [_best_key(group, shared) for group in groups]
    for widen in (_with_place, _with_lines):
        again = {key for key, count in Counter(keys).items() if count > 1}
        keys = [widen(key, group) if key in again else key for key, group in zip(keys, groups, strict=True)]
    return ["d-" + hashlib.sha256(key.encode("utf-8", "surrogatepass")).hexdigest()[:12] for key in keys]


def _best_key(group: Group, shared: frozenset[Key]) -> str:
    if subject := next((s.subject for s in group if s.subject), None):
        return f"subject:{subject}"
    for kind in _KEY_ORDER:
        if values := [key.value for s in group for key in s.keys if key.type == kind and key not in shared]:
            return f"{kind}:{min(values)}"
    first = group[0]
    if first.channel:
        return f"channel:{first.site}|{first.channel}"
    if first.ip:
        return f"address:{first.site}|{first.ip}"
    return f"mac:{first.site}|{first.macs[0]}" if first.macs else f"line:{first.id}"


def _with_place(key: str, group: Group) -> str:
    return f"{key}|{group[0].site}|{min((s.ip for s in group if s.ip), default='')}"


def _with_lines(key: str, group: Group) -> str:
    return f"{key}|{group[0].id}"
