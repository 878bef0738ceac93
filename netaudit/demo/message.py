"""Requests of HTTP and RTSP as a device reads them: a start line, headers, a body of stated length."""

import asyncio
from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Final

_MAX_HEAD: Final = 32 * 1024
_MAX_BODY: Final = 128 * 1024
_PATIENCE: Final = 15.0


@dataclass(frozen=True, slots=True)
class Message:
    """One request. `version`: the last word of the start line, such as HTTP/1.1 or RTSP/1.0; "" when there is none."""

    method: str
    target: str
    version: str
    headers: Mapping[str, str] = field(default_factory=dict)
    body: bytes = b""

    def header(self, name: str) -> str:
        """Return a header by its lower-case name, "" when absent."""
        return self.headers.get(name, "")


async def read_message(reader: asyncio.StreamReader) -> Message | None:
    """Read one request; None when the peer hung up or asks nothing for 15 s.

    Anything that is no request comes back with version "".
    """
    try:
        async with asyncio.timeout(_PATIENCE):
            head = await reader.readuntil(b"\r\n\r\n")
            return await _with_body(_parse(head), reader)
    except asyncio.IncompleteReadError as error:
        return Message("", "", "") if error.partial else None
    except asyncio.LimitOverrunError:
        return Message("", "", "")
    except TimeoutError:
        return None


def _parse(head: bytes) -> Message:
    first, *rest = head[:_MAX_HEAD].decode("latin-1").split("\r\n")
    words = first.split(" ")
    if len(words) != 3:
        return Message("", first, "")
    pairs = (line.partition(":") for line in rest if ":" in line)
    return Message(words[0], words[1], words[2], {name.strip().lower(): value.strip() for name, _, value in pairs})


async def _with_body(message: Message, reader: asyncio.StreamReader) -> Message:
    length = message.header("content-length")
    if not length.isdigit() or not 0 < int(length) <= _MAX_BODY:
        return message
    body = await reader.readexactly(int(length))
    return Message(message.method, message.target, message.version, message.headers, body)
