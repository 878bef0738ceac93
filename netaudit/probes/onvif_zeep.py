"""onvif-zeep kept on a leash: it builds and signs requests, we carry them and read the answers.

The only file that imports onvif and zeep, and only when a login is due. What is kept from
the library and what is not, with the reasons:

- The WSDL files are parsed once a process and shared: that costs 0.1 s of processor time, far more than an exchange.
- Its transport is ours: no socket is opened but by `talk`, which passes the gate, the limiter and the time limits.
- Answers come back raw: zeep never parses what a device wrote (it uses lxml, and a recovering parser at that).
- Importing it calls logging.basicConfig: the root logger is put back as it was.
"""

import importlib.metadata
import logging
import sysconfig
import threading
from collections.abc import Callable, Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import datetime
from functools import cache
from pathlib import Path
from typing import Any, Final

from netaudit.net.exchange import Dialogue, Reply
from netaudit.probes import http_wire
from netaudit.probes.hints import Endpoint, url_host
from netaudit.probes.http_digest import authorise
from netaudit.probes.http_wire import HttpAnswer

_BINDINGS: Final = {
    "devicemgmt": "{http://www.onvif.org/ver10/device/wsdl}DeviceBinding",
    "media": "{http://www.onvif.org/ver10/media/wsdl}MediaBinding",
}
_loading = threading.RLock()

Talk = Callable[[Dialogue], Reply]


class NoAnswerError(Exception):
    """The device closed the connection, or what it sent is not HTTP."""


@dataclass(frozen=True, slots=True, repr=False)
class Login:
    """How to sign requests to one device. Never shown: it has no repr and is kept by nobody.

    `created`: the device's own time, for the token. `digest`: the value of its WWW-Authenticate header where it wants
    HTTP Digest; the WS-Security token is then left out. HTTP Basic is never used: it would send the password.
    """

    username: str
    password: str
    created: datetime
    digest: str = ""


class Service:
    """One ONVIF service of one device."""

    def __init__(self, wsdl: str, ip: str, endpoint: Endpoint, login: Login, talk: Talk) -> None:
        library = _library()
        scheme = "https" if endpoint.tls else "http"
        url = f"{scheme}://{url_host(ip)}:{endpoint.port}{endpoint.path}"
        self._carrier = _Carrier(ip, endpoint, talk, library.http_digest(login))
        client = library.client(wsdl, None if login.digest else library.token(login), self._carrier.transport())
        # The user and password that ONVIFService wants are for a client of its own making: ours is signed already.
        self._service = library.onvif.ONVIFService(
            url, "", "", str(library.wsdl_file(wsdl)), zeep_client=client, binding_name=_BINDINGS[wsdl]
        )

    def ask(self, operation: str, parameters: Mapping[str, object]) -> HttpAnswer:
        """Send one operation and return the answer, whatever its status.

        Raises NoAnswerError, and whatever `talk` raises.
        """
        self._carrier.label = operation
        try:
            answer = getattr(self._service, operation)(dict(parameters))
        except _library().onvif.ONVIFError:
            # The library wraps every exception; ours went in through the carrier and comes out as it was.
            raise (self._carrier.failure or NoAnswerError()) from None
        if not isinstance(answer, HttpAnswer):
            raise NoAnswerError
        return answer


class _Carrier:
    """Turns one SOAP message into one dialogue and remembers what went wrong."""

    def __init__(self, ip: str, endpoint: Endpoint, talk: Talk, authorise: Callable[[str], str]) -> None:
        self._ip = ip
        self._endpoint = endpoint
        self._talk = talk
        self._authorise = authorise
        self.label = ""
        self.failure: Exception | None = None

    def carry(self, message: bytes, content_type: str) -> HttpAnswer:
        self.failure = None
        try:
            return self._exchange(message, content_type)
        except Exception as error:
            self.failure = error
            raise

    def transport(self) -> Any:
        return _library().transport(self.carry)

    def _exchange(self, message: bytes, content_type: str) -> HttpAnswer:
        here = self._endpoint
        extra = self._authorise(here.path)
        request = http_wire.post(self._ip, here.port, here.path, message, content_type, tls=here.tls, extra=extra)
        reply = self._talk(
            Dialogue(here.port, (request,), tls=here.tls, cap=http_wire.MAX_PAGE, label=f"{self.label}, with login")
        )
        answer = http_wire.parse(b"".join(reply.messages))
        if answer is None:
            raise NoAnswerError
        return answer


def wsdl_folder() -> Path:
    """Return the folder of the WSDL files that onvif-zeep brings.

    Its installer puts them beside the package, or where the Python that built it would have looked: all are searched.
    Raises FileNotFoundError.
    """
    beside = Path(_library().onvif.__file__).parent
    folders = [beside.parent / "wsdl", beside / "wsdl", *_recorded_folders()]
    base = Path(sysconfig.get_paths()["data"])
    folders += sorted(base.glob("lib/python3*/site-packages/wsdl"))
    for folder in folders:
        if (folder / "devicemgmt.wsdl").is_file():
            return folder
    raise FileNotFoundError("the WSDL files of onvif-zeep are not installed: install onvif-zeep again")


def _recorded_folders() -> Iterator[Path]:
    for file in importlib.metadata.files("onvif-zeep") or ():
        if file.name == "devicemgmt.wsdl":
            yield Path(str(file.locate())).parent


class _Library:
    """The imported modules and the parsed WSDL files."""

    def __init__(self) -> None:
        with _root_logger_kept():
            import onvif
            import zeep
            import zeep.transports
        self.onvif: Any = onvif
        self._zeep: Any = zeep
        self._transport = _transport_class(zeep.transports.Transport)
        self._documents: dict[str, Any] = {}

    def client(self, wsdl: str, token: Any, transport: Any) -> Any:
        return self._zeep.Client(self._document(wsdl), wsse=token, transport=transport, settings=self._settings())

    def token(self, login: Login) -> Any:
        return self.onvif.client.UsernameDigestTokenDtDiff(
            login.username, login.password, use_digest=True, created=login.created, zulu_timestamp=True
        )

    def transport(self, carry: Callable[[bytes, str], HttpAnswer]) -> Any:
        return self._transport(carry)

    def wsdl_file(self, name: str) -> Path:
        return wsdl_folder() / f"{name}.wsdl"

    def http_digest(self, login: Login) -> Callable[[str], str]:
        """Return what makes the Authorization line for a path; empty lines where no HTTP Digest is wanted."""
        answer = authorise(login.digest, login.username, login.password)
        return lambda path: answer("POST", path)

    def _document(self, name: str) -> Any:
        with _loading:
            if name not in self._documents:
                from zeep.wsdl import Document

                loader = self.transport(_no_carrier)
                self._documents[name] = Document(str(self.wsdl_file(name)), loader, settings=self._settings())
            return self._documents[name]

    def _settings(self) -> Any:
        return self._zeep.Settings(
            raw_response=True, strict=False, forbid_dtd=True, forbid_entities=True, forbid_external=True
        )


def _transport_class(parent: Any) -> Any:
    class Transport(parent):  # type: ignore[misc]
        """Carries by `carry` and by nothing else; made without the parent's HTTP session."""

        def __init__(self, carry: Callable[[bytes, str], HttpAnswer]) -> None:
            self.cache = self.session = self.load_timeout = self.operation_timeout = None
            self._close_session = False
            self._carry = carry

        def post(self, address: str, message: bytes, headers: Mapping[str, str]) -> HttpAnswer:
            return self._carry(message, headers["Content-Type"])

        def get(self, *_: object) -> None:
            raise OSError("onvif-zeep may not fetch anything")

        _load_remote_data = get

    return Transport


@cache
def _load() -> _Library:
    return _Library()


def _library() -> _Library:
    # functools.cache may run twice when two threads come first together; the import must not.
    with _loading:
        return _load()


def _no_carrier(_message: bytes, _content_type: str) -> HttpAnswer:
    raise OSError("a WSDL file may not fetch anything")


@contextmanager
def _root_logger_kept() -> Iterator[None]:
    root = logging.getLogger()
    handlers, level = root.handlers[:], root.level
    try:
        yield
    finally:
        root.handlers[:] = handlers
        root.setLevel(level)
