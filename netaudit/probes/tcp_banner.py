"""What SSH, FTP and telnet services say first (facts/protocols.md section 23). Nothing is ever said to them."""

from collections.abc import Sequence
from typing import ClassVar, Final

from netaudit.net.exchange import Dialogue, Reply, Request
from netaudit.probes.base import Heard, HostView
from netaudit.probes.hints import looks_like_camera

FTP, SSH, TELNET = 21, 22, 23
_DEADLINE: Final = 3.0
_CAP: Final = 4096


class TcpBanner:
    """Connects, reads the greeting, leaves.

    SSH only where a camera is likely: a server's SSH counts such visits, and locks out who makes too many.
    """

    name: ClassVar[str] = "tcp_banner"
    version: ClassVar[int] = 1
    packets: ClassVar[int] = 6

    def requests(self, host: HostView) -> Sequence[Request]:
        """Ask the open ones of the three ports."""
        ports = {FTP, TELNET, *([SSH] if looks_like_camera(host) else [])}
        return [
            Dialogue(port, (), framing="banner", cap=_CAP, deadline=_DEADLINE, label="greeting")
            for port in sorted(host.open_ports & ports)
        ]

    def read(self, request: Request, reply: Reply) -> Sequence[Heard]:
        """Give the greeting as it was said."""
        raw = b"".join(reply.messages)
        return [Heard("banner", raw, target={"port": request.port, "transport": "tcp"})] if raw else ()

    def follow(self, request: Request, reply: Reply) -> Sequence[Dialogue]:
        """Nothing more: no name, no password, no option is ever sent."""
        return ()


PROBE = TcpBanner()
