"""A device's web server: pages of its family, a digest challenge, ONVIF on its path, and bad manners where wanted.

Settings: ports, tls_ports, page = [{path, status, headers, body, manners, realm, after_login}], favicon,
login (true where the demo credential opens it).
A path that ends in "*" holds for everything below; the first page that fits is served.
"""

import asyncio
import hashlib
from collections.abc import Awaitable, Callable, Mapping, Sequence
from dataclasses import dataclass
from typing import Any, Final

from netaudit.demo.digest import challenge, proves
from netaudit.demo.message import Message, read_message
from netaudit.demo.model import DemoDevice
from netaudit.demo.personalities.onvif import Onvif, harm_of
from netaudit.demo.stage import Stage, Talk
from netaudit.demo.tls import Certificates

_STATUS: Final = {
    200: "OK", 301: "Moved Permanently", 302: "Found", 400: "Bad Request", 401: "Unauthorized", 403: "Forbidden",
    404: "Not Found", 405: "Method Not Allowed", 500: "Internal Server Error",
}  # fmt: skip
# Requests that ask and change nothing although they are POST (Axis VAPIX basicdeviceinfo: a query by POST).
_ASKING_POSTS: Final = frozenset({"/axis-cgi/basicdeviceinfo.cgi"})
_ENDLESS_BYTES: Final = 256 * 1024 * 1024
_DRIP_SECONDS: Final = 0.2


@dataclass(frozen=True, slots=True)
class Page:
    """One path of a web server and what it answers."""

    path: str
    status: int = 200
    headers: tuple[str, ...] = ()
    body: bytes = b""
    manners: str = ""
    realm: str = ""
    after_login: str = ""
    methods: tuple[str, ...] = ("GET", "HEAD")
    ports: tuple[int, ...] = ()

    @property
    def connection(self) -> str:
        """What the page's own headers say about the connection."""
        pairs = (line.lower().partition(":") for line in self.headers)
        return next((value.strip() for name, _, value in pairs if name == "connection"), "")

    def fits(self, request: Message, port: int) -> bool:
        """True when this page answers the request."""
        path = request.target.partition("?")[0]
        below = self.path.endswith("*") and path.startswith(self.path[:-1])
        return (
            (below or self.path == path) and request.method in self.methods and (not self.ports or port in self.ports)
        )


async def perform(stage: Stage, device: DemoDevice, spec: Mapping[str, Any], certificates: Certificates) -> None:
    """Open the web ports of one device."""
    server = WebServer(stage, device, spec)
    for port in spec.get("ports", ()):
        await stage.tcp(device, port, server.talk(port))
    if "tls" in device.services:
        context = certificates.context(device.services["tls"])
        for port in device.services["tls"].get("ports", (443,)):
            await stage.tcp(device, port, server.talk(port), tls=context)


class WebServer:
    """The web server of one device."""

    def __init__(self, stage: Stage, device: DemoDevice, spec: Mapping[str, Any]) -> None:
        self._stage, self._device = stage, device
        self._pages = tuple(_page(row) for row in spec.get("page", ()))
        self._headers = tuple(spec.get("headers", ()))
        self._icon = _icon(spec["favicon"]) if "favicon" in spec else b""
        onvif = device.services.get("onvif")
        self._onvif = Onvif(device, onvif) if onvif is not None else None
        # The credential is bound to few devices: only these let it in.
        self._lets_in = bool((onvif and onvif.get("login")) or spec.get("login"))

    def talk(self, port: int) -> Talk:
        """Return the conversation for one port."""

        async def converse(reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
            while request := await read_message(reader):
                if not await self._turn(request, port, writer):
                    return

        return converse

    async def _turn(self, request: Message, port: int, writer: asyncio.StreamWriter) -> bool:
        """Answer one request; True when the connection stays open."""
        page, harm = self._answer(request, port)
        what = f"{request.method} {request.target}"
        self._stage.journal.note(self._device.address, "http", port, what, harm)
        if page.manners:
            await _MANNERS[page.manners](writer)
            return False
        keep = "close" not in (request.header("connection").lower(), page.connection)
        keep = keep and request.version == "HTTP/1.1"
        body = b"" if request.method == "HEAD" else page.body
        writer.write(self._head(page, keep) + body)
        await writer.drain()
        return keep

    def _answer(self, request: Message, port: int) -> tuple[Page, str]:
        if not request.version.startswith("HTTP/"):
            return Page("", 400), "not HTTP on a web port"
        if self._onvif and self._onvif.speaks_on(request.target.partition("?")[0]):
            status, body, headers, harm = self._onvif.answer(request)
            return Page("", status, (*headers, "Content-Type: application/soap+xml; charset=utf-8"), body), harm
        if self._icon and request.target == "/favicon.ico":
            return Page("", 200, ("Content-Type: image/x-icon",), self._icon), ""
        page = next((page for page in self._pages if page.fits(request, port)), Page("", 404))
        return self._behind_login(page, request), self._harm(page, request)

    def _behind_login(self, page: Page, request: Message) -> Page:
        if not page.realm:
            return page
        if page.after_login and self._proves(page, request):
            return Page("", 200, page.headers, page.after_login.encode())
        return Page("", 401, (*page.headers, challenge(page.realm, self._device.values["nonce"])), page.body)

    def _proves(self, page: Page, request: Message) -> bool:
        values = self._device.values
        right = proves(request, page.realm, values["nonce"], values["username"], values["password"])
        return self._lets_in and right

    def _harm(self, page: Page, request: Message) -> str:
        if request.target.startswith("/onvif/"):
            return harm_of(request.body)
        if request.method not in ("GET", "HEAD", "OPTIONS") and request.target not in _ASKING_POSTS:
            return "a request that may change the device"
        tried = bool(request.header("authorization"))
        return "a login that was not given for this device" if tried and not self._proves(page, request) else ""

    def _head(self, page: Page, keep: bool) -> bytes:
        lines = [f"HTTP/1.1 {page.status} {_STATUS[page.status]}", *self._headers, *page.headers]
        names = {line.partition(":")[0].lower() for line in lines[1:]}
        if "content-length" not in names:
            lines.append("Content-Length: @length@")
        if "connection" not in names:
            lines.append(f"Connection: {'keep-alive' if keep else 'close'}")
        head = "\r\n".join(lines).replace("@length@", str(len(page.body)))
        return head.encode("latin-1", "replace") + b"\r\n\r\n"


def _page(row: Mapping[str, Any]) -> Page:
    settings = dict(row)
    settings["headers"] = tuple(row.get("headers", ()))
    settings["methods"] = tuple(row.get("methods", ("GET", "HEAD")))
    settings["ports"] = tuple(row.get("ports", ()))
    settings["body"] = row.get("body", "").encode()
    return Page(**settings)


def _icon(seed: str) -> bytes:
    """A valid 16 x 16 icon in one colour that the seed gives: no vendor's icon is copied."""
    colour = hashlib.sha256(seed.encode()).digest()[:3] + b"\xff"
    bitmap = b"\x28\0\0\0\x10\0\0\0\x20\0\0\0\x01\0\x20\0" + bytes(24) + colour * 256 + bytes(64)
    size = len(bitmap).to_bytes(4, "little")
    return b"\0\0\x01\0\x01\0" + b"\x10\x10\0\0\x01\0\x20\0" + size + b"\x16\0\0\0" + bitmap


async def _endless(writer: asyncio.StreamWriter) -> None:
    writer.write(b"HTTP/1.1 200 OK\r\nContent-Type: text/html\r\n\r\n<html><title>endless</title>")
    block = b"<!-- and so on -->" * 512
    for _ in range(_ENDLESS_BYTES // len(block)):
        writer.write(block)
        await writer.drain()


async def _drip(writer: asyncio.StreamWriter) -> None:
    for byte in b"HTTP/1.1 401 Unauthorized\r\nServer: drip\r\nContent-Length: 100000\r\n\r\n" + b"." * 100000:
        writer.write(bytes((byte,)))
        await writer.drain()
        await asyncio.sleep(_DRIP_SECONDS)


async def _flood(writer: asyncio.StreamWriter) -> None:
    writer.write(b"HTTP/1.1 200 OK\r\n")
    for number in range(100_000):
        writer.write(b"X-%d: %s\r\n" % (number, b"a" * 100))
        await writer.drain()


async def _mute(_writer: asyncio.StreamWriter) -> None:
    await asyncio.Event().wait()


_MANNERS: Final[Mapping[str, Callable[[asyncio.StreamWriter], Awaitable[None]]]] = {
    "endless": _endless,
    "drip": _drip,
    "flood": _flood,
    "mute": _mute,
}

__all__: Sequence[str] = ("Page", "WebServer", "perform")
