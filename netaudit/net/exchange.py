"""The seam between probes and the wire: what to send, what came back. Plain data, no sockets.

Probes build these and read these; only `netaudit.net` turns them into packets. A test replays recorded bytes
through the same types.
"""

import hashlib
from dataclasses import dataclass
from typing import Literal, TypeAlias

from netaudit.net.usm import Usm

Framing: TypeAlias = Literal["http", "rtsp", "banner", "close"]
"""How the end of one answer is known: HTTP/RTSP message length, the first bytes (banner), or end of stream."""


@dataclass(frozen=True, slots=True)
class Datagram:
    """One UDP request.

    `group`: multicast group or "255.255.255.255" for segment requests, None for a request to one host.
    `bind`: fixed local port that this protocol answers to; a socket on an ephemeral port is always used too.
    `from_both`: False where the answer comes to `bind` whatever port asked: then only the bound socket sends.
    `listen_groups`: further groups to be a member of on the bound port, where devices answer to another than the asked.
    `repeats`: how often a segment request goes out inside the window (directed requests go out once, then once more
    to the silent).
    `seal`: signs (and encrypts) the payload after the gate has passed it in clear; SNMP version 3 only.
    """

    payload: bytes
    port: int
    group: str | None = None
    bind: int | None = None
    repeats: int = 3
    label: str = ""
    from_both: bool = True
    listen_groups: tuple[str, ...] = ()
    seal: Usm | None = None

    @property
    def digest(self) -> str:
        """SHA-256 (hex) of the bytes sent."""
        return hashlib.sha256(self.payload).hexdigest()


@dataclass(frozen=True, slots=True)
class Dialogue:
    """One TCP connection to one host: messages sent in turn, each answered by one message.

    `tls`: wrap the connection; the peer's certificate is kept in the reply, never verified (it is evidence).
    `cap`: bytes kept of one answer. `deadline`: seconds for the whole dialogue.
    `label`: what was asked ("/", "/favicon.ico", "DESCRIBE"), for the observation and the attempt.
    """

    port: int
    messages: tuple[bytes, ...] = ()
    framing: Framing = "http"
    tls: bool = False
    cap: int = 96 * 1024
    deadline: float = 6.0
    label: str = ""

    @property
    def digest(self) -> str:
        """SHA-256 (hex) of all bytes sent."""
        return hashlib.sha256(b"".join(self.messages)).hexdigest()


Request: TypeAlias = Datagram | Dialogue


@dataclass(frozen=True, slots=True)
class Reply:
    """What came back.

    `source`/`source_port`: who spoke (for UDP the packet's own source, whatever the payload says).
    `messages`: one entry an answered message (a dialogue), or one datagram.
    `certificate`: DER of the TLS peer. `truncated`: the cap or the deadline cut the answer.
    `at`: RFC 3339 UTC. `local`: our address; `interface`: where it came in.
    """

    source: str
    source_port: int
    messages: tuple[bytes, ...]
    at: str
    local: str = ""
    interface: str = ""
    certificate: bytes | None = None
    tls_version: str = ""
    truncated: bool = False


Status: TypeAlias = Literal["answered", "silent", "refused", "timeout", "error", "not_sent", "not_scheduled"]


@dataclass(frozen=True, slots=True)
class Attempt:
    """One try of one probe at one target: a line of attempts.jsonl, whatever came of it.

    `started`, `ended`: RFC 3339 UTC. `sent`, `received`: bytes.
    """

    probe: str
    target: str
    status: Status
    reason: str = ""
    started: str = ""
    ended: str = ""
    sent: int = 0
    received: int = 0
