"""nmap's XML, host by host: a file of any size in flat memory, cut anywhere or whole.

Read by defusedxml's incremental parser: entities are refused, nothing is fetched.
"""

from collections.abc import Iterator
from dataclasses import dataclass, field
from typing import Any, BinaryIO, Final
from xml.sax import SAXException
from xml.sax.handler import ContentHandler

_CHUNK: Final = 64 * 1024
_MOST_PORTS: Final = 4096
_MOST_SCRIPTS: Final = 64
_MOST_ELEMENTS: Final = 512
_LONGEST: Final = 16 * 1024


@dataclass(slots=True)
class NmapPort:
    """One port. `service`: attributes of nmap's guess (name, product, version, devicetype ...). `scripts`: output of
    each script; `elements`: its structured values, by "script key"."""

    protocol: str
    number: int
    state: str = ""
    service: dict[str, str] = field(default_factory=dict)
    scripts: dict[str, str] = field(default_factory=dict)
    elements: dict[str, str] = field(default_factory=dict)


@dataclass(slots=True)
class NmapHost:
    """One host. `at`: when its scan ended, seconds since 1970 as text, "" unknown. `names`: from the name service.

    `up`: nmap calls it up; `assumed`: only because it was told to (-Pn).
    """

    up: bool = True
    assumed: bool = False
    at: str = ""
    addresses: list[str] = field(default_factory=list)
    mac: str = ""
    names: list[str] = field(default_factory=list)
    ports: list[NmapPort] = field(default_factory=list)


@dataclass(slots=True)
class NmapRun:
    """What is known of the whole file. `problem`: why reading ended early, "" where it did not."""

    arguments: str = ""
    problem: str = ""
    is_nmap: bool = False


def hosts(stream: BinaryIO, run: NmapRun) -> Iterator[NmapHost]:
    """Yield the finished hosts; `run` is filled on the way. Never raises for what the file holds."""
    from defusedxml.common import DefusedXmlException
    from defusedxml.expatreader import create_parser

    reader = _Reader(run)
    parser: Any = create_parser(forbid_dtd=False, forbid_entities=True, forbid_external=True)
    parser.setContentHandler(reader)
    try:
        while data := stream.read(_CHUNK):
            parser.feed(data)
            yield from reader.taken()
        parser.close()
    except SAXException:
        run.problem = "the XML breaks off or is damaged"
    except (DefusedXmlException, ValueError, LookupError) as error:
        # LookupError: an encoding that Python does not know, or that is none of text.
        run.problem = f"the XML is refused: {type(error).__name__}"
    yield from reader.taken()


class _Reader(ContentHandler):
    """Collects one host at a time."""

    def __init__(self, run: NmapRun) -> None:
        super().__init__()
        self._run = run
        self._done: list[NmapHost] = []
        self._host: NmapHost | None = None
        self._port: NmapPort | None = None
        self._script = self._key = ""
        self._text: list[str] | None = None

    def taken(self) -> list[NmapHost]:
        """Return the hosts that are finished since the last call."""
        done, self._done = self._done, []
        return done

    def startElement(self, name: str, attrs: Any) -> None:  # noqa: N802 - the interface of SAX
        """Take an element's attributes."""
        if name == "host":
            self._host = NmapHost(at=attrs.get("endtime", "") or attrs.get("starttime", ""))
        elif name == "nmaprun":
            self._run.is_nmap, self._run.arguments = True, attrs.get("args", "")[:_LONGEST]
        elif self._host is not None:
            self._inside(name, attrs, self._host)

    def endElement(self, name: str) -> None:  # noqa: N802 - the interface of SAX
        """Close what is finished."""
        if name == "host" and self._host is not None:
            self._done.append(self._host)
            self._host = self._port = None
        elif name == "port":
            self._port = None
        elif name == "script":
            self._script = ""
        elif name == "elem" and self._text is not None:
            self._keep_element()

    def characters(self, content: str) -> None:
        """Take the text of a structured value."""
        if self._text is not None and sum(map(len, self._text)) < _LONGEST:
            self._text.append(content[:_LONGEST])

    def _inside(self, name: str, attrs: Any, host: NmapHost) -> None:
        if name == "status":
            host.up, host.assumed = attrs.get("state", "up") == "up", attrs.get("reason") == "user-set"
        elif name == "address":
            _address(attrs, host)
        elif name == "hostname" and len(host.names) < _MOST_SCRIPTS:
            host.names.append(attrs.get("name", "")[:_LONGEST])
        elif name == "port":
            self._begin_port(attrs, host)
        elif self._port is not None:
            self._inside_port(name, attrs, self._port)

    def _begin_port(self, attrs: Any, host: NmapHost) -> None:
        number = attrs.get("portid", "")
        fits = number.isascii() and number.isdigit() and len(number) < 6 and 0 < int(number) < 65536
        self._port = NmapPort(attrs.get("protocol", ""), int(number)) if fits else None
        if self._port is not None and len(host.ports) < _MOST_PORTS:
            host.ports.append(self._port)

    def _inside_port(self, name: str, attrs: Any, port: NmapPort) -> None:
        if name == "state":
            port.state = attrs.get("state", "")
        elif name == "service":
            port.service = {key: value[:_LONGEST] for key, value in attrs.items()}
        elif name == "script" and len(port.scripts) < _MOST_SCRIPTS:
            self._script = attrs.get("id", "")
            port.scripts[self._script] = attrs.get("output", "")[:_LONGEST]
        elif name == "elem" and self._script:
            self._key, self._text = attrs.get("key", ""), []

    def _keep_element(self) -> None:
        if self._port is not None and self._key and len(self._port.elements) < _MOST_ELEMENTS:
            self._port.elements.setdefault(f"{self._script} {self._key}", "".join(self._text or ()))
        self._text = None


def _address(attrs: Any, host: NmapHost) -> None:
    address = attrs.get("addr", "")
    if attrs.get("addrtype") == "mac":
        host.mac = address
    elif len(host.addresses) < _MOST_SCRIPTS:
        host.addresses.append(address)
