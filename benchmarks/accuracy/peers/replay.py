"""Recorded TCP answers on loopback sockets: each device gets an address of 127.0.0.0/8 of its own.

A banner is sent on connection; HTTP and RTSP answers are sent on any request of that protocol. Ports below 1024 need
the right to bind them (root).
"""

import re
import socket
import threading
from collections.abc import Iterator, Mapping, Sequence
from contextlib import contextmanager
from ipaddress import IPv4Address
from typing import Final

from benchmarks.accuracy.labelled import Labelled

_PORTS: Final = {"http.response": 80, "rtsp.response": 554, "banner": 23}
_FIRST: Final = int(IPv4Address("127.77.0.1"))
_WAIT: Final = 20.0
_CSEQ: Final = re.compile(rb"^CSeq: [^\r\n]*", re.IGNORECASE | re.MULTILINE)

Services = Mapping[int, tuple[str, bytes]]
"""Port to (kind, answer)."""


def services(item: Labelled) -> Services:
    """Return what of a device can be replayed over TCP: the first answer heard at each port."""
    out: dict[int, tuple[str, bytes]] = {}
    for observation in item.observations:
        if observation.kind in _PORTS and observation.raw:
            port = observation.target.get("port") or _PORTS[observation.kind]
            out.setdefault(port, (observation.kind, observation.raw))
    return out


def address(number: int) -> str:
    """Return the loopback address of the device with this number (from 0)."""
    return str(IPv4Address(_FIRST + number))


@contextmanager
def replayed(items: Sequence[Labelled]) -> Iterator[dict[str, Services]]:
    """Serve the items while the context lasts; yields address to services. Raises OSError where a port is taken."""
    stop = threading.Event()
    listeners: list[socket.socket] = []
    threads: list[threading.Thread] = []
    served: dict[str, Services] = {}
    try:
        for number, item in enumerate(items):
            served[address(number)] = services(item)
            for port, (kind, answer) in services(item).items():
                listeners.append(_listen(address(number), port))
                threads.append(threading.Thread(target=_accept, args=(listeners[-1], kind, answer, stop), daemon=True))
                threads[-1].start()
        yield served
    finally:
        stop.set()
        for thread in threads:  # a listener that somebody waits on keeps its port beyond close()
            thread.join()
        for listener in listeners:
            listener.close()


def _listen(host: str, port: int) -> socket.socket:
    listener = socket.socket(socket.AF_INET, socket.SOCK_STREAM)
    listener.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
    listener.bind((host, port))
    listener.listen(64)
    listener.settimeout(0.5)
    return listener


def _accept(listener: socket.socket, kind: str, answer: bytes, stop: threading.Event) -> None:
    while not stop.is_set():
        try:
            connection, _ = listener.accept()
        except TimeoutError:
            continue
        except OSError:
            return
        threading.Thread(target=_serve, args=(connection, kind, answer), daemon=True).start()


def _serve(connection: socket.socket, kind: str, answer: bytes) -> None:
    with connection:
        connection.settimeout(_WAIT)
        try:
            if kind == "banner":
                connection.sendall(answer)
                connection.recv(4096)
            elif _asks(kind, request := connection.recv(4096)):
                connection.sendall(_numbered(answer, request))
        except OSError:
            return


def _numbered(answer: bytes, request: bytes) -> bytes:
    """Repeat the request's CSeq in an RTSP answer, as every RTSP server does."""
    asked = _CSEQ.search(request)
    return _CSEQ.sub(lambda _: asked[0], answer, count=1) if asked and answer.startswith(b"RTSP/") else answer


def _asks(kind: str, request: bytes) -> bool:
    """Real servers answer their own protocol, and most answer garbled requests of its shape too."""
    return b"RTSP/" in request if kind == "rtsp.response" else b"HTTP/" in request
