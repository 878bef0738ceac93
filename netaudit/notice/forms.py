"""A message in the form of each channel: an e-mail, a signed POST, lines of RFC 5424. Pure."""

import base64
import binascii
import hashlib
import hmac
import json
from collections.abc import Sequence
from datetime import datetime
from email.message import EmailMessage
from email.utils import format_datetime
from typing import Final

from netaudit import __version__
from netaudit.notice.message import MOST, Message, Told, body, sentence, subject
from netaudit.notice.settings import Mail, Syslog
from netaudit.report.texts import Texts

SCHEMA: Final = "netaudit.notice"
_LONGEST_DATAGRAM: Final = 2048
_SEVERITY: Final = {"deadline": 5, "test": 6}
_WARNING: Final = 4


def mail(message: Message, channel: Mail, to: str, texts: Texts, now: datetime) -> EmailMessage:
    """Return the e-mail. It says that a program wrote it, so that no absence note answers."""
    made = EmailMessage()
    made["Subject"] = subject(message, texts)[:200]
    made["From"], made["To"] = channel.sender, to
    made["Date"] = format_datetime(now)
    made["Message-ID"] = f"<{message.token}@{channel.sender.partition('@')[2]}>"
    made["Auto-Submitted"] = "auto-generated"
    made["X-Mailer"] = f"netaudit {__version__}"
    made.set_content(body(message, texts))
    return made


def hook_body(message: Message, texts: Texts) -> bytes:
    """Return the JSON of a webhook (schema `netaudit.notice`, version 1), in ASCII."""
    events = [
        {"kind": event.kind, "key": event.key, "run": event.run, "at": event.at, "text": sentence(event, texts),
         "values": dict(event.values)}
        for event in message.events[:MOST]
    ]  # fmt: skip
    data = {
        "schema": SCHEMA, "schema_version": 1, "id": message.token, "test": message.test,
        "organisation": message.organisation, "text": subject(message, texts), "events": events,
        "more": max(len(message.events) - MOST, 0),
    }  # fmt: skip
    return json.dumps(data).encode("ascii")


def hook_headers(token: str, data: bytes, secret: str, now: datetime) -> dict[str, str]:
    """Return the headers that sign a body, as the Standard Webhooks specification has them.

    Signed is "ID.TIMESTAMP.BODY" by HMAC-SHA256; the time is in seconds, so that an old message sent again is known.
    """
    stamp = str(int(now.timestamp()))
    signed = hmac.new(_key(secret), f"{token}.{stamp}.".encode() + data, hashlib.sha256).digest()
    return {
        "Content-Type": "application/json", "User-Agent": f"netaudit/{__version__}", "webhook-id": token,
        "webhook-timestamp": stamp, "webhook-signature": f"v1,{base64.b64encode(signed).decode('ascii')}",
    }  # fmt: skip


def syslog(message: Message, channel: Syslog, texts: Texts, host: str, process: int, now: str) -> list[bytes]:
    """Return one line of RFC 5424 for each event, without the framing of a transport."""
    if message.test:
        told: Sequence[tuple[str, str, str]] = [("test", now, subject(message, texts))]
    else:
        told = [(event.kind, event.at, _words(event, texts)) for event in message.events]
    name = "".join(character for character in host if "!" <= character <= "~")[:255] or "-"
    lines = []
    for kind, at, words in told:
        priority = channel.facility * 8 + _SEVERITY.get(kind, _WARNING)
        origin = f'[origin software="netaudit" swVersion="{__version__}"]'
        head = f"<{priority}>1 {at} {name} netaudit {process} {kind} {origin} "
        lines.append(head.encode("ascii") + b"\xef\xbb\xbf" + words.encode())
    return [_fitting(line) for line in lines] if channel.transport == "udp" else lines


def _words(event: Told, texts: Texts) -> str:
    """The sentence, and what a machine may look for behind it."""
    known = {"run": event.run, **{key: event.values.get(key) for key in ("device", "address", "policy", "network")}}
    return " ".join([sentence(event, texts), *(f"{key}={value}" for key, value in known.items() if value)])


def _fitting(line: bytes) -> bytes:
    """What every receiver should take in one datagram (RFC 5426, 3.2); never half a character."""
    return line if len(line) <= _LONGEST_DATAGRAM else line[:_LONGEST_DATAGRAM].decode("utf-8", "ignore").encode()


def _key(secret: str) -> bytes:
    """The bytes of a key: base64 behind "whsec_", as the specification writes keys; any other text as it is."""
    if secret.startswith("whsec_"):
        try:
            return base64.b64decode(secret[6:], validate=True)
        except binascii.Error:
            pass
    return secret.encode()
