"""ONVIF with the owner's login: who made it, its network card, scopes, streams and picture sources (facts section 3).

One try. The device is first asked without a login how it wants to be asked (and what its clock says), so that the one
request with a login is of the right form: a wrong form would count as a wrong password on some firmware.
"""

import re
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import ClassVar, Final
from urllib.parse import urlsplit

from netaudit.evidence import kinds
from netaudit.evidence.fields import every, first
from netaudit.net.exchange import Dialogue, Reply
from netaudit.probes import http_wire
from netaudit.probes.base import Heard, HostView, LoginRefusedError
from netaudit.probes.hints import Endpoint, endpoint_of, may_speak_http, url_host
from netaudit.probes.http_wire import HttpAnswer
from netaudit.probes.onvif_pre_auth import endpoints, soap
from netaudit.probes.onvif_zeep import Login, NoAnswerError, Service, Talk

MEDIA_NAMESPACE: Final = "http://www.onvif.org/ver10/media/wsdl"
_NOT_AUTHORISED: Final = re.compile(
    rb"NotAuthorized|not authori[sz]ed|FailedAuthentication|AccountLocked", re.IGNORECASE
)


@dataclass(frozen=True, slots=True)
class Operation:
    """One read-only operation and what its answer is kept as."""

    name: str
    kind: str
    service: str = "devicemgmt"


# The whole allow-list with a login (access class READ_SYSTEM; GetServices leads to the media service).
DEVICE_OPERATIONS: Final = (
    Operation("GetDeviceInformation", "onvif.device_information"),
    Operation("GetNetworkInterfaces", "onvif.network_interfaces"),
    Operation("GetScopes", "onvif.scopes"),
)
SERVICES: Final = Operation("GetServices", "onvif.pre_auth")
PROFILES: Final = Operation("GetProfiles", "onvif.profiles", "media")
SOURCES: Final = Operation("GetVideoSources", "onvif.video_sources", "media")
_PARAMETERS: Final = {"GetServices": {"IncludeCapability": False}}


class OnvifDevice:
    """Holds the conversation. The password is in none of the things it returns or raises."""

    name: ClassVar[str] = "onvif_device"
    version: ClassVar[int] = 1

    def ask(self, host: HostView, username: str, password: str, talk: Callable[[Dialogue], Reply]) -> Sequence[Heard]:
        """Ask the first ONVIF endpoint of the host; [] where none answers.

        Raises LoginRefusedError at the first refusal. A refusal after a success (a user of few rights) ends the
        conversation and what was heard is kept.
        """
        endpoint = _endpoint(host)
        if endpoint is None:
            return ()
        login = _prepare(host.ip, endpoint, username, password, talk)
        return _Conversation(host.ip, login, talk).hold(endpoint) if login else ()


class _Conversation:
    def __init__(self, ip: str, login: Login, talk: Talk) -> None:
        self._ip = ip
        self._login = login
        self._talk = talk
        self._heard: list[Heard] = []

    def hold(self, endpoint: Endpoint) -> list[Heard]:
        try:
            self._ask(endpoint, *DEVICE_OPERATIONS, SERVICES)
            media = self._media()
            if media:
                self._ask(media, PROFILES, SOURCES)
        except LoginRefusedError:
            if not self._heard:
                raise
        except NoAnswerError:
            pass
        return self._heard

    def _ask(self, endpoint: Endpoint, *operations: Operation) -> None:
        service = Service(operations[0].service, self._ip, endpoint, self._login, self._talk)
        for operation in operations:
            answer = service.ask(operation.name, _PARAMETERS.get(operation.name, {}))
            if _refused(answer):
                raise LoginRefusedError(f"{url_host(self._ip)}:{endpoint.port} refused the login for {operation.name}")
            if _answered(answer, operation.name):
                self._heard.append(Heard(operation.kind, answer.body, target=_target(endpoint, operation.name)))

    def _media(self) -> Endpoint | None:
        """Return where the media service is; None where the device says it is on another host."""
        for heard in self._heard:
            if heard.target["operation"] == SERVICES.name and heard.raw:
                fields = kinds.read(SERVICES.kind, heard.raw)
                for namespace, url in zip(every(fields, "Namespace"), every(fields, "XAddr"), strict=False):
                    if namespace == MEDIA_NAMESPACE and _host_of(url) == self._ip.partition("%")[0]:
                        endpoint = endpoint_of(url)
                        return endpoint if endpoint and may_speak_http(endpoint.port) else None
        return None


def _endpoint(host: HostView) -> Endpoint | None:
    """Prefer where ONVIF has answered before the login."""
    for observation in host.observations:
        port, path = observation.target.get("port"), observation.target.get("path")
        if observation.kind == "onvif.pre_auth" and isinstance(port, int) and isinstance(path, str):
            return Endpoint(port, path, observation.target.get("scheme") == "https")
    return next(iter(endpoints(host)), None)


def _prepare(ip: str, endpoint: Endpoint, username: str, password: str, talk: Talk) -> Login | None:
    """Read the device's clock and how it refuses; None where nothing answers in HTTP."""
    clock = _open(ip, endpoint, "GetSystemDateAndTime", talk)
    refusal = _open(ip, endpoint, "GetDeviceInformation", talk)
    if refusal is None or clock is None:
        return None
    answer, _ = refusal
    if answer.status == 404 or not (answer.status == 401 or b"Envelope" in answer.body):
        return None
    return Login(username, password, _device_time(*clock), _digest_challenge(answer))


def _open(ip: str, endpoint: Endpoint, operation: str, talk: Talk) -> tuple[HttpAnswer, str] | None:
    message = http_wire.post(
        ip, endpoint.port, endpoint.path, soap(operation), "application/soap+xml; charset=utf-8", tls=endpoint.tls
    )
    reply = talk(Dialogue(endpoint.port, (message,), tls=endpoint.tls, cap=http_wire.MAX_PAGE, label=operation))
    answer = http_wire.parse(b"".join(reply.messages))
    return (answer, reply.at) if answer else None


def _device_time(answer: HttpAnswer, at: str) -> datetime:
    """Return the device's own time, ours where it does not tell: a token that looks old is refused."""
    told = first(kinds.read("onvif.pre_auth", answer.body), "utc")
    try:
        return datetime.fromisoformat(told)
    except ValueError:
        return datetime.fromisoformat(at)


def _digest_challenge(answer: HttpAnswer) -> str:
    if answer.status != 401:
        return ""
    asked = [value for name, value in answer.message.headers if name == "www-authenticate"]
    return next((value for value in asked if "digest" in value.lower()), "")


def _refused(answer: HttpAnswer) -> bool:
    if answer.status in (401, 403):
        return True
    return b"Fault" in answer.body and bool(_NOT_AUTHORISED.search(answer.body))


def _answered(answer: HttpAnswer, operation: str) -> bool:
    return answer.status == 200 and f"{operation}Response".encode() in answer.body


def _host_of(url: str) -> str:
    try:
        return urlsplit(url).hostname or ""
    except ValueError:
        return ""


def _target(endpoint: Endpoint, operation: str) -> dict[str, str | int]:
    scheme = "https" if endpoint.tls else "http"
    return {"port": endpoint.port, "transport": "tcp", "path": endpoint.path, "scheme": scheme, "operation": operation}


PROBE = OnvifDevice()
