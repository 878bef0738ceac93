"""RTSP answers. One observation may hold several in turn (OPTIONS, then DESCRIBE)."""

import re
from collections.abc import Callable
from itertools import islice, pairwise
from typing import Final

from netaudit.evidence import http_message
from netaudit.evidence.charset import decode
from netaudit.evidence.cuts import DIALOGUE, Cut
from netaudit.evidence.fields import Fields
from netaudit.evidence.gather import gather

MAX_ANSWERS: Final = 8

_START = re.compile(rb"RTSP/\d\.\d[ \t]{1,8}\d{3}\b")


def read(raw: bytes) -> Fields:
    """Return status, server, realm, auth, public, header.<name>, body (the SDP); {} where no answer starts.

    Status, body and headers are the last answer's; headers that only an earlier one had are kept. `public` is that of
    whichever answer has it; one server calls the header OPTIONS. `realm` and `auth` hold those of all answers.
    """
    fields: dict[str, str | tuple[str, ...]] = {}
    asked: list[str] = []
    for part in _answers(raw[: 4 * http_message.MAX_BODY]):
        message = http_message.split(part)
        fields.update(gather([(f"header.{name}", value) for name, value in message.headers]))
        fields["status"] = http_message.status(message.start)
        if "www-authenticate" in message.first:
            asked += [value for name, value in message.headers if name == "www-authenticate"]
        body = http_message.content(message)
        if body:
            fields["body"] = decode(body)
    return _named(fields, http_message.challenges(asked))


def _answers(raw: bytes) -> list[bytes]:
    starts = [match.start() for match in islice(_START.finditer(raw), MAX_ANSWERS)]
    if len(starts) == 1:
        return [raw[starts[0] :]]
    return [raw[start:end] for start, end in pairwise([*starts, len(raw)])]


def _named(fields: dict[str, str | tuple[str, ...]], asked: http_message.Challenges) -> Fields:
    for name, header in (("server", "header.server"), ("public", "header.options"), ("public", "header.public")):
        if header in fields:
            fields[name] = fields[header]
    for name, values in (("realm", asked.realms), ("auth", asked.schemes)):
        if values:
            fields[name] = values if len(values) > 1 else values[0]
    return fields


READERS: dict[str, Callable[[bytes], Fields]] = {"rtsp.response": read}
CUTS: dict[str, Cut] = {"rtsp.response": DIALOGUE}
