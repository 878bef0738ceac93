"""The TLS certificate of ports where nothing else is asked; web and RTSP ports give theirs with the first answer."""

from collections.abc import Sequence
from typing import ClassVar, Final

from netaudit.net.exchange import Dialogue, Reply, Request
from netaudit.probes.base import Heard, HostView

# MQTT and SIP over TLS (cloud-bound cameras, door stations): a handshake only, then the connection is closed.
PORTS: Final = frozenset({8883, 5061})


class TlsCert:
    """Shakes hands and leaves: nothing is sent inside the connection."""

    name: ClassVar[str] = "tls_cert"
    version: ClassVar[int] = 1
    packets: ClassVar[int] = 7

    def requests(self, host: HostView) -> Sequence[Request]:
        """Ask each open port of PORTS."""
        return [Dialogue(port, (), tls=True, label="handshake") for port in sorted(host.open_ports & PORTS)]

    def read(self, request: Request, reply: Reply) -> Sequence[Heard]:
        """Give the certificate as it was shown."""
        if reply.certificate is None:
            return ()
        return [Heard("tls.certificate", reply.certificate, target={"port": request.port, "transport": "tcp"})]

    def follow(self, request: Request, reply: Reply) -> Sequence[Dialogue]:
        """Nothing more."""
        return ()


PROBE = TlsCert()
