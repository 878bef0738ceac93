"""Lines of RFC 5424 to a log server: datagrams (RFC 5426), or counted octets over TCP (RFC 6587) or TLS (RFC 5425)."""

import socket
from collections.abc import Sequence
from contextlib import closing

from netaudit.notice.door.stream import CONNECT, Answer, stream, tls, told
from netaudit.notice.settings import Syslog


def send_syslog(channel: Syslog, lines: Sequence[bytes]) -> Answer:
    """Send all lines. What goes wrong is an answer, never an error. Syslog acknowledges nothing."""
    try:
        if channel.transport == "udp":
            _datagrams(channel, lines)
            return Answer()
        framed = b"".join(str(len(line)).encode("ascii") + b" " + line for line in lines)
        with stream(channel.server, channel.port) as plain:
            if channel.transport == "tcp":
                plain.sendall(framed)
                plain.shutdown(socket.SHUT_WR)
                return Answer()
            with tls(channel.ca).wrap_socket(plain, server_hostname=channel.server) as sock:
                sock.sendall(framed)
                sock.shutdown(socket.SHUT_WR)
    except (OSError, ValueError) as error:
        return told(error)
    return Answer()


def _datagrams(channel: Syslog, lines: Sequence[bytes]) -> None:
    found = socket.getaddrinfo(channel.server, channel.port, type=socket.SOCK_DGRAM)
    family, kind, protocol, _, address = found[0]
    with closing(socket.socket(family, kind, protocol)) as sock:
        sock.settimeout(CONNECT)
        # Connected, so that "nobody is there" comes back where the network says it.
        sock.connect(address)
        for line in lines:
            sock.send(line)
