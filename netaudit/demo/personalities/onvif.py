"""The ONVIF device service: what is answered before a login, how a login is refused, and what a right one sees.

Settings: path, auth ("digest": 401 with a challenge; "token": 400 with ter:NotAuthorized), realm, login (true where
the demo credential works), manufacturer, model, firmware, serial, hardware, scopes, bomb (an XML bomb as every answer).
Shapes: onvif/specs:doc/Core.xml.
"""

import base64
import binascii
import datetime
import hashlib
import hmac
from collections.abc import Mapping
from typing import Any, Final, TypeAlias
from xml.etree.ElementTree import Element, ParseError

from defusedxml import DefusedXmlException
from defusedxml.ElementTree import fromstring

from netaudit.demo import soap
from netaudit.demo.digest import challenge, proves
from netaudit.demo.message import Message
from netaudit.demo.model import DemoDevice

Answered: TypeAlias = tuple[int, bytes, tuple[str, ...], str]
"""HTTP status, body, headers, and the harm that the request would have done."""

_READING: Final = ("Get",)
_SECRET: Final = frozenset({"GetSystemBackup", "GetSystemLog", "GetUsers", "GetSystemSupportInformation"})
_SKEW: Final = datetime.timedelta(minutes=5)


class Onvif:
    """The device service of one device."""

    def __init__(self, device: DemoDevice, spec: Mapping[str, Any]) -> None:
        self._device, self._spec = device, spec

    def speaks_on(self, path: str) -> bool:
        """True for the paths of the device service and of its sister services."""
        return path.startswith("/onvif/") or path == self._spec.get("path")

    def answer(self, request: Message) -> Answered:
        """Answer one POST."""
        if request.method != "POST":
            return 405, b"", (), ""
        root = _parse(request.body)
        operation = _operation(root)
        harm = self._harm(operation, root, request)
        if self._spec.get("bomb"):
            return 200, soap.BOMB, (), harm
        if operation in soap.BEFORE_LOGIN:
            return 200, soap.before_login(operation, self._device, self._spec), (), harm
        if not operation:
            return 400, soap.fault("ter:WellFormed", "The request cannot be read"), (), harm
        if not self._logged_in(root, request):
            return *self._refusal(), harm
        body = soap.after_login(operation, self._device, self._spec)
        return (200, body, (), harm) if body else (500, soap.fault("ter:ActionNotSupported", "Not here"), (), harm)

    def _refusal(self) -> tuple[int, bytes, tuple[str, ...]]:
        if self._spec.get("auth") == "digest":
            line = challenge(self._spec.get("realm", "onvif"), self._device.values["nonce"])
            return 401, b"", (line,)
        return 400, soap.fault("ter:NotAuthorized", "The action requires authorization"), ()

    def _logged_in(self, root: Element | None, request: Message) -> bool:
        values = self._device.values
        if not self._spec.get("login"):
            return False
        realm = self._spec.get("realm", "onvif")
        return _token_proves(root, values["username"], values["password"]) or proves(
            request, realm, values["nonce"], values["username"], values["password"]
        )

    def _harm(self, operation: str, root: Element | None, request: Message) -> str:
        if harm := _harm_of(operation):
            return harm
        tried = request.header("authorization") or _find(root, "UsernameToken") is not None
        return "a login that was not given for this device" if tried and not self._logged_in(root, request) else ""


def harm_of(body: bytes) -> str:
    """What a SOAP request would do to any device, "" when it only asks."""
    return _harm_of(_operation(_parse(body)))


def _harm_of(operation: str) -> str:
    changing = operation and (not operation.startswith(_READING) or operation in _SECRET)
    return f"{operation} changes or reveals" if changing else ""


def _parse(body: bytes) -> Element | None:
    try:
        root: Element = fromstring(body, forbid_dtd=True)
    except (ParseError, DefusedXmlException, ValueError):
        return None
    return root


def _local(element: Element) -> str:
    return element.tag.rpartition("}")[2]


def _find(root: Element | None, name: str) -> Element | None:
    if root is None:
        return None
    return next((element for element in root.iter() if _local(element) == name), None)


def _operation(root: Element | None) -> str:
    body = _find(root, "Body")
    return _local(body[0]) if body is not None and len(body) else ""


def _token_proves(root: Element | None, username: str, password: str) -> bool:
    """Check a WS-UsernameToken: Base64(SHA1(nonce + created + password)), created at most 5 minutes off."""
    token = _find(root, "UsernameToken")
    if token is None:
        return False
    texts = {_local(child): (child.text or "").strip() for child in token}
    try:
        nonce = base64.b64decode(texts.get("Nonce", ""), validate=True)
        created = datetime.datetime.fromisoformat(texts.get("Created", ""))
    except (binascii.Error, ValueError):
        return False
    proof = hashlib.sha1(nonce + texts["Created"].encode() + password.encode(), usedforsecurity=False).digest()
    in_time = abs(datetime.datetime.now(datetime.UTC) - _utc(created)) <= _SKEW
    right = hmac.compare_digest(texts.get("Password", ""), base64.b64encode(proof).decode())
    return right and in_time and texts.get("Username") == username


def _utc(moment: datetime.datetime) -> datetime.datetime:
    return moment if moment.tzinfo else moment.replace(tzinfo=datetime.UTC)
