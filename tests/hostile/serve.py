"""Small servers for the hostile devices: by TCP and by UDP, on one address, also for those that ask a group."""

import asyncio
import contextlib
import socket
import struct
from collections.abc import Awaitable, Callable, Iterable

Talk = Callable[[asyncio.StreamReader, asyncio.StreamWriter], Awaitable[None]]
Answers = Callable[[bytes], Iterable[bytes]]
HTTP_PORTS = (80, 8080)
_TASKS: set[asyncio.Task[None]] = set()


async def tcp(ip: str, ports: Iterable[int], talk: Talk) -> None:
    """Talk to everybody who connects; a peer that leaves is nothing to worry about."""

    async def meet(reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        with contextlib.suppress(OSError, asyncio.IncompleteReadError):
            await talk(reader, writer)
        writer.close()

    for port in ports:
        await asyncio.start_server(meet, ip, port)


async def udp(ip: str, port: int, answers: Answers, group: str = "") -> None:
    """Answer datagrams to this address, and to the group where there is one (each answer leaves from `ip`)."""
    loop = asyncio.get_running_loop()
    out = _bound(ip, 0)
    for sock in [_bound(ip, port), *([_bound(group, port, join=ip)] if group else [])]:
        _TASKS.add(loop.create_task(_answer(sock, out, answers)))


async def _answer(sock: socket.socket, out: socket.socket, answers: Answers) -> None:
    loop = asyncio.get_running_loop()
    while True:
        request, sender = await loop.sock_recvfrom(sock, 65535)
        for number, answer in enumerate(answers(request)):
            with contextlib.suppress(OSError):
                await loop.sock_sendto(out, answer, sender)
            if number % 64 == 0:
                await asyncio.sleep(0)


def _bound(address: str, port: int, join: str = "") -> socket.socket:
    sock = socket.socket(socket.AF_INET, socket.SOCK_DGRAM | socket.SOCK_NONBLOCK)
    sock.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
    sock.setsockopt(socket.SOL_SOCKET, socket.SO_SNDBUF, 4 << 20)
    sock.bind((address, port))
    if join:
        member = struct.pack("=4s4s", socket.inet_aton(address), socket.inet_aton(join))
        sock.setsockopt(socket.IPPROTO_IP, socket.IP_ADD_MEMBERSHIP, member)
    return sock


def page(body: bytes, *headers: str) -> bytes:
    """An HTTP answer with this body and these further header lines."""
    lines = ["HTTP/1.1 200 OK", f"Content-Length: {len(body)}", "Content-Type: text/html", *headers]
    return "\r\n".join(lines).encode() + b"\r\n\r\n" + body


def says(answer: bytes) -> Talk:
    """Read a request, give this answer, hang up."""

    async def talk(reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        await reader.read(4096)
        writer.write(answer)
        await writer.drain()

    return talk


def forever(start: bytes, piece: bytes, pause: float = 0.0) -> Talk:
    """Read a request, begin an answer, and never end it."""

    async def talk(reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        await reader.read(4096)
        writer.write(start)
        while True:
            writer.write(piece)
            await writer.drain()
            await asyncio.sleep(pause)

    return talk


def probe_match(xaddrs: str, scopes: str = "onvif://www.onvif.org/name/x", uuid: str = "urn:uuid:1") -> bytes:
    """A WS-Discovery answer."""
    return (
        '<e:Envelope xmlns:e="http://www.w3.org/2003/05/soap-envelope" '
        'xmlns:d="http://schemas.xmlsoap.org/ws/2005/04/discovery" '
        'xmlns:a="http://schemas.xmlsoap.org/ws/2004/08/addressing" '
        'xmlns:dn="http://www.onvif.org/ver10/network/wsdl"><e:Body><d:ProbeMatches><d:ProbeMatch>'
        f"<a:EndpointReference><a:Address>{uuid}</a:Address></a:EndpointReference>"
        f"<d:Types>dn:NetworkVideoTransmitter</d:Types><d:Scopes>{scopes}</d:Scopes><d:XAddrs>{xaddrs}</d:XAddrs>"
        "<d:MetadataVersion>1</d:MetadataVersion></d:ProbeMatch></d:ProbeMatches></e:Body></e:Envelope>"
    ).encode()


def ssdp(location: str, server: str = "Linux UPnP/1.0", number: int = 1) -> bytes:
    """An SSDP answer."""
    return (
        f"HTTP/1.1 200 OK\r\nCACHE-CONTROL: max-age=1800\r\nST: upnp:rootdevice\r\nLOCATION: {location}\r\n"
        f"SERVER: {server}\r\nUSN: uuid:{number}::upnp:rootdevice\r\n\r\n"
    ).encode()
