"""DHIP discovery (Dahua platform, UDP 37810): a 32-byte header, then JSON, then padding."""

from collections.abc import Callable, Iterator

from netaudit.evidence.cuts import JSON, Cut
from netaudit.evidence.fields import Fields
from netaudit.evidence.gather import gather
from netaudit.evidence.json_text import below, first_object, flatten, scalar


def read(raw: bytes) -> Fields:
    """Return mac and method of the top level, and the keys of deviceInfo (nested ones with a dot).

    The JSON is read from the first brace to the matching one, since its length in the header cannot be trusted.
    {} for a message without deviceInfo, such as our own search heard again.
    """
    message = first_object(raw)
    info = below(message, "params", "deviceInfo")
    if not info:
        return {}

    def pairs() -> Iterator[tuple[str, str]]:
        for name in ("mac", "method"):
            if name in message:
                yield name, scalar(message[name])
        yield from flatten(info)

    return gather(pairs())


READERS: dict[str, Callable[[bytes], Fields]] = {"dhip.reply": read}
CUTS: dict[str, Cut] = {"dhip.reply": JSON}
