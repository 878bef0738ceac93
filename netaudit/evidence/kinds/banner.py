"""What a TCP service says first."""

import re
from collections.abc import Callable
from typing import Final

from netaudit.evidence.fields import Fields, text

MAX_BANNER: Final = 4096

# Telnet option negotiation (RFC 854): IAC with a verb and an option, or a sub-negotiation up to IAC SE.
_TELNET = re.compile(rb"\xff(?:[\xfb-\xfe].|\xfa[^\xff]{0,64}\xff\xf0|[\xf0-\xf9])", re.DOTALL)

_SERVICES: Final = (
    ("ssh", re.compile(r"SSH-\d")),
    ("http", re.compile(r"HTTP/\d")),
    ("rtsp", re.compile(r"RTSP/\d")),
    ("sip", re.compile(r"SIP/\d")),
    ("vnc", re.compile(r"RFB \d{3}\.")),
    ("smtp", re.compile(r"220[ -][^\r\n]{0,255}\bE?SMTP\b", re.IGNORECASE)),
    ("ftp", re.compile(r"(?:220|120|421|530)[ -]")),
    ("pop3", re.compile(r"\+OK ")),
    ("imap", re.compile(r"\* OK ")),
    ("telnet", re.compile(r"[^\x00]{0,1024}?\b(?:login|username|password) ?:", re.IGNORECASE | re.DOTALL)),
)


def read(raw: bytes) -> Fields:
    """Return text (telnet negotiation taken out) and service, guessed from the text; no service where none fits."""
    if not raw:
        return {}
    spoken = text(_TELNET.sub(b"", raw[:MAX_BANNER]))
    stripped = spoken.lstrip()
    for service, pattern in _SERVICES:
        if pattern.match(stripped):
            return {"text": spoken, "service": service}
    if raw[0] == 0xFF and raw[1:2] in (b"\xfb", b"\xfc", b"\xfd", b"\xfe", b"\xfa"):
        return {"text": spoken, "service": "telnet"}
    return {"text": spoken}


READERS: dict[str, Callable[[bytes], Fields]] = {"banner": read}
