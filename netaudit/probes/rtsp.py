"""RTSP: OPTIONS, then DESCRIBE of the root for the realm of its 401 (facts/protocols.md section 23)."""

from collections.abc import Sequence
from typing import ClassVar, Final

from netaudit import __version__
from netaudit.net.exchange import Dialogue, Reply, Request
from netaudit.probes.base import Heard, HostView
from netaudit.probes.hints import RTSP_PORTS, RTSPS_PORTS, url_host

_USER_AGENT: Final = f"User-Agent: netaudit/{__version__}\r\n"


class Rtsp:
    """One connection a port. Vendor stream paths are video and never asked for; so is HTTP on these ports."""

    name: ClassVar[str] = "rtsp"
    version: ClassVar[int] = 1
    packets: ClassVar[int] = 8

    def requests(self, host: HostView) -> Sequence[Request]:
        """Ask every open RTSP port, the TLS one wrapped."""
        return [_dialogue(host.ip, port) for port in sorted(host.open_ports & (RTSP_PORTS | RTSPS_PORTS))]

    def read(self, request: Request, reply: Reply) -> Sequence[Heard]:
        """Keep both answers as one; something else that talks on the port is a banner."""
        target = {"port": request.port, "transport": "tcp", "path": "/"}
        heard = [Heard("tls.certificate", reply.certificate, target=target)] if reply.certificate else []
        raw = b"".join(reply.messages)
        if raw:
            heard.append(Heard("rtsp.response" if raw.startswith(b"RTSP/") else "banner", raw, target=target))
        return heard

    def follow(self, request: Request, reply: Reply) -> Sequence[Dialogue]:
        """Nothing more: a 401 is the expected end."""
        return ()


def _dialogue(ip: str, port: int) -> Dialogue:
    url = f"rtsp://{url_host(ip)}:{port}/"
    options = f"OPTIONS {url} RTSP/1.0\r\nCSeq: 1\r\n{_USER_AGENT}\r\n"
    describe = f"DESCRIBE {url} RTSP/1.0\r\nCSeq: 2\r\nAccept: application/sdp\r\n{_USER_AGENT}\r\n"
    return Dialogue(
        port, (options.encode(), describe.encode()), framing="rtsp", tls=port in RTSPS_PORTS, label="OPTIONS, DESCRIBE"
    )


PROBE = Rtsp()
