"""SADP (Hikvision platform, UDP 37020): XML, now and then malformed, now and then behind a binary header."""

import re
from collections.abc import Callable

from netaudit.evidence import xml
from netaudit.evidence.cuts import XML, Cut
from netaudit.evidence.fields import Fields
from netaudit.evidence.gather import gather

# Password reset material. The names are those of the protocol's own replies; the values must never be kept.
_SECRET = re.compile(
    rb"(<(?:[\w-]{1,64}:)?"
    rb"(?:Salt|SafeCode|Password|VerificationCode|EncryptString|EncryptCode|Code|Key|GUID|ChallengeStr)"
    rb"(?:\s[^<>]*)?>)(?:[^<]|<!\[CDATA\[(?:(?!\]\]>).){0,512}+\]\]>)++",
    re.IGNORECASE | re.DOTALL,
)


def read(raw: bytes) -> Fields:
    """Return the element names of the ProbeMatch (or Hello) and their texts; {} for our own Probe heard again."""
    for answer in xml.leaves_under(raw, "ProbeMatch", "Hello"):
        return gather(answer)
    return {}


def redact(raw: bytes) -> bytes:
    """Empty the elements that carry password reset secrets."""
    return _SECRET.sub(rb"\1", raw)


READERS: dict[str, Callable[[bytes], Fields]] = {"sadp.reply": read}
REDACTORS: dict[str, Callable[[bytes], bytes]] = {"sadp.reply": redact}
CUTS: dict[str, Cut] = {"sadp.reply": XML}
