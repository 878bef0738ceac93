"""The front page of a host's web servers, its TLS certificate and its icon (facts/protocols.md section 23)."""

import re
from collections.abc import Sequence
from typing import ClassVar, Final
from urllib.parse import urljoin, urlsplit

from netaudit.evidence.charset import decode
from netaudit.net.exchange import Dialogue, Reply, Request
from netaudit.probes import http_wire
from netaudit.probes.base import Heard, HostView
from netaudit.probes.hints import HTTP_PORTS, HTTPS_PORTS, plain_path, url_host, xaddrs
from netaudit.probes.http_wire import HttpAnswer

FAVICON: Final = "/favicon.ico"
_MAX_TAGS: Final = 50
_MAX_NAMED_PORTS: Final = 4
_ICON_PATH: Final = re.compile(r"\.(?:ico|png|gif|svg|jpe?g)$", re.IGNORECASE)
_IMAGE: Final = re.compile(
    rb"\x00\x00[\x01\x02]\x00|\x89PNG|GIF8|\xff\xd8\xff|BM|RIFF....WEBP|\s*<(?:\?xml|svg)", re.DOTALL
)

# Tags first, then what is inside: no pattern here can be made to run long by a hostile page.
_META: Final = re.compile(r"<meta\b[^>]{1,400}>", re.IGNORECASE)
_REFRESH: Final = re.compile(r"""\bhttp-equiv\s{0,9}=\s{0,9}["']?refresh""", re.IGNORECASE)
_URL: Final = re.compile(r"""\burl\s{0,9}=\s{0,9}["']?([^"'>\s]{1,200})""", re.IGNORECASE)
_SCRIPT_LOCATION: Final = re.compile(
    r"""\blocation(?:\.href)?\s{0,9}(?:=|\.(?:replace|assign)\()\s{0,9}["']([^"']{1,200})["']"""
)
_LINK: Final = re.compile(r"<link\b[^>]{1,400}>", re.IGNORECASE)
_ICON_REL: Final = re.compile(r"""\brel\s{0,9}=\s{0,9}["']?(?:shortcut\s{1,9})?icon\b""", re.IGNORECASE)
_HREF: Final = re.compile(r"""\bhref\s{0,9}=\s{0,9}["']?([^"'>\s]{1,200})""", re.IGNORECASE)


class HttpFront:
    """GET / on each web port; then one redirect on the same host and port, then the icon; nothing after a 401."""

    name: ClassVar[str] = "http_front"
    version: ClassVar[int] = 1
    packets: ClassVar[int] = 24

    def requests(self, host: HostView) -> Sequence[Request]:
        """Ask the usual web ports that are open, and any port that the host's own XAddr calls HTTP."""
        ports = {port: port in HTTPS_PORTS for port in host.open_ports & (HTTP_PORTS | HTTPS_PORTS)}
        for endpoint in xaddrs(host)[:_MAX_NAMED_PORTS]:
            ports.setdefault(endpoint.port, endpoint.tls)
        return [_page(host.ip, port, "/", tls) for port, tls in sorted(ports.items())]

    def read(self, request: Request, reply: Reply) -> Sequence[Heard]:
        """Give the page (or the icon), and the certificate with the first page only."""
        if not isinstance(request, Dialogue):
            return ()
        path = http_wire.path_of(request.messages[0])
        target = http_wire.target_of(request)
        heard = []
        if reply.certificate and path == "/":
            heard.append(Heard("tls.certificate", reply.certificate, target={"port": request.port, "transport": "tcp"}))
        raw = b"".join(reply.messages)[: http_wire.MAX_PAGE]
        answer = http_wire.parse(raw)
        if _ICON_PATH.search(path):
            return [Heard("http.favicon", answer.body, target=target)] if answer and _is_icon(answer, reply) else []
        if raw:
            heard.append(Heard("http.response" if answer else "banner", raw, target=target))
        return heard

    def follow(self, request: Request, reply: Reply) -> Sequence[Dialogue]:
        """From the first page to its redirect or its icon, from the redirect to its icon, from the icon nowhere."""
        answer = http_wire.parse(b"".join(reply.messages))
        if not isinstance(request, Dialogue) or answer is None or answer.status in (0, 401, 403):
            return ()
        path = http_wire.path_of(request.messages[0])
        if _ICON_PATH.search(path):
            return ()
        page = decode(answer.body)
        base = f"{'https' if request.tls else 'http'}://{url_host(reply.source)}:{request.port}{path}"
        onward = _redirect(answer, page, base) if path == "/" else None
        return [_page(reply.source, request.port, onward or _icon(page, base), request.tls)]


def _page(ip: str, port: int, path: str, tls: bool) -> Dialogue:
    return Dialogue(
        port, (http_wire.get(ip, port, path, tls=tls),), framing="http", tls=tls, cap=http_wire.MAX_PAGE, label=path
    )


def _redirect(answer: HttpAnswer, page: str, base: str) -> str | None:
    wanted = answer.message.header("location") if 300 <= answer.status < 400 else _page_redirect(page)
    path = _on_same_port(base, wanted) if wanted else None
    return path if path != "/" and not _ICON_PATH.search(path or "") else None


def _page_redirect(page: str) -> str:
    for tag in _META.findall(page)[:_MAX_TAGS]:
        url = _URL.search(tag)
        if url and _REFRESH.search(tag):
            return url[1]
    found = _SCRIPT_LOCATION.search(page)
    return found[1] if found else ""


def _icon(page: str, base: str) -> str:
    for link in _LINK.findall(page)[:_MAX_TAGS]:
        href = _HREF.search(link)
        if href and _ICON_REL.search(link):
            path = _on_same_port(base, href[1])
            if path and _ICON_PATH.search(path):
                return path
    return FAVICON


def _on_same_port(base: str, url: str) -> str | None:
    """Return the harmless path that `url` means on the very server it came from, None for any other server.

    A redirect from HTTP to HTTPS is not followed: an open HTTPS port is asked anyway.
    """
    try:
        here, there = urlsplit(base), urlsplit(urljoin(base, url))
        if (there.scheme, there.hostname, there.port or _default(there.scheme)) != (
            here.scheme,
            here.hostname,
            here.port,
        ):
            return None
    except ValueError:
        return None
    return plain_path(there.path or "/")


def _default(scheme: str) -> int:
    return 443 if scheme == "https" else 80


def _is_icon(answer: HttpAnswer, reply: Reply) -> bool:
    # A cut icon has another hash: worse than none.
    return answer.status == 200 and answer.whole and not reply.truncated and bool(_IMAGE.match(answer.body))


PROBE = HttpFront()
