"""The few vendor paths that name a device before any login, or refuse with a telling realm.

Sources: facts/protocols.md sections 4b, 12, 13 and 23. At most four requests a host, on one port, only where something
heard before hints at that family or at a camera; a path that answers or refuses with 401 ends its row of questions.
"""

import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import ClassVar, Final

from netaudit.evidence.fields import every, first
from netaudit.net.exchange import Dialogue, Reply, Request
from netaudit.probes import http_wire
from netaudit.probes.base import Heard, HostView
from netaudit.probes.hints import HTTP_PORTS, HTTPS_PORTS, looks_like_camera
from netaudit.probes.http_wire import HttpAnswer

MAX_REQUESTS: Final = 4


@dataclass(frozen=True, slots=True)
class Question:
    """One path. `kind` is what an answer that holds `mark` becomes, its body kept; anything else is http.response."""

    path: str
    kind: str = "http.response"
    mark: bytes = b""
    body: bytes = b""


ISAPI: Final = Question("/ISAPI/System/deviceInfo", "isapi.device_info", b"<DeviceInfo")
DESCRIPTION: Final = Question("/upnpdevicedesc.xml", "upnp.description", b"urn:schemas-upnp-org:device")
MAGIC_BOX: Final = Question("/cgi-bin/magicBox.cgi?action=getDeviceType", "dahua_cgi.system_info", b"type=")
LAPI: Final = Question("/LAPI/V1.0/System/DeviceBasicInfo", mark=b'"Response"')
# The one POST of the list: it is a query, needs no login and changes nothing.
AXIS: Final = Question(
    "/axis-cgi/basicdeviceinfo.cgi",
    mark=b'"propertyList"',
    body=b'{"apiVersion":"1.0","method":"getAllUnrestrictedProperties"}',
)
QUESTIONS: Final = {question.path: question for question in (ISAPI, DESCRIPTION, MAGIC_BOX, LAPI, AXIS)}

# Rows of questions: the next of a row is asked only when the one before was not understood.
_ROWS: Final[Mapping[str, tuple[tuple[Question, ...], ...]]] = {
    "hikvision": ((ISAPI,), (DESCRIPTION,)),
    "dahua": ((MAGIC_BOX,),),
    "axis": ((AXIS,),),
    "uniview": ((LAPI,),),
    "": ((ISAPI, MAGIC_BOX, LAPI),),
}
# Which family a question is worth a packet for; not a conclusion, so a rough word will do.
_KINDS: Final = {"sadp.reply": "hikvision", "dhip.reply": "dahua", "dahua_legacy.reply": "dahua"}
_WORDS: Final = {
    "hikvision": re.compile(r"hikvision|IP Camera\(|Embedded Net DVR|App-webs|/doc/page/", re.IGNORECASE),
    "dahua": re.compile(r"dahua|Login to ", re.IGNORECASE),
    "axis": re.compile(r"\baxis\b|AXIS_", re.IGNORECASE),
    "uniview": re.compile(r"uniview|\bUNV\b", re.IGNORECASE),
}
_SPOKEN: Final = frozenset({"http.response", "rtsp.response", "wsd.probe_match", "mdns.service", "tls.certificate"})


class HttpIdentity:
    """Asks what the hints make worth asking."""

    name: ClassVar[str] = "http_identity"
    version: ClassVar[int] = 1
    packets: ClassVar[int] = 16

    def requests(self, host: HostView) -> Sequence[Request]:
        """Ask the rows of the hinted families; the general row where only "a camera" is known."""
        port = _web_port(host)
        if port is None:
            return ()
        families = _families(host) or ([""] if looks_like_camera(host) else [])
        rows = [row for family in families for row in _ROWS[family]]
        return [_dialogue(host.ip, port, row[0], general=len(row) > 1) for row in rows[:MAX_REQUESTS]]

    def read(self, request: Request, reply: Reply) -> Sequence[Heard]:
        """Give the data where it was answered, the HTTP answer (with the realm) where it was refused or unknown."""
        raw = b"".join(reply.messages)
        answer = http_wire.parse(raw)
        if answer is None or not isinstance(request, Dialogue):
            return ()
        question = QUESTIONS[http_wire.path_of(request.messages[0])]
        target = http_wire.target_of(request)
        if question.kind != "http.response" and _is_data(answer, question):
            return [Heard(question.kind, answer.body, target=target)]
        return [Heard("http.response", raw[: http_wire.MAX_PAGE], target=target)]

    def follow(self, request: Request, reply: Reply) -> Sequence[Dialogue]:
        """Go on in the general row until something answers or asks for a login."""
        answer = http_wire.parse(b"".join(reply.messages))
        if answer is None or not isinstance(request, Dialogue) or not request.label.startswith(_GENERAL):
            return ()
        question = QUESTIONS[http_wire.path_of(request.messages[0])]
        row = _ROWS[""][0]
        rest = row[row.index(question) + 1 :]
        if not rest or answer.status in (401, 403) or _is_data(answer, question):
            return ()
        return [_dialogue(reply.source, (request.port, request.tls), rest[0], general=True)]


_GENERAL: Final = "unknown family: "


def _dialogue(ip: str, port: tuple[int, bool], question: Question, *, general: bool) -> Dialogue:
    number, tls = port
    if question.body:
        message = http_wire.post(ip, number, question.path, question.body, "application/json", tls=tls)
    else:
        message = http_wire.get(ip, number, question.path, tls=tls)
    label = (_GENERAL if general else "") + question.path
    return Dialogue(number, (message,), framing="http", tls=tls, cap=http_wire.MAX_PAGE, label=label)


def _is_data(answer: HttpAnswer, question: Question) -> bool:
    return answer.status == 200 and question.mark in answer.body


def _families(host: HostView) -> list[str]:
    found = {_KINDS[observation.kind] for observation in host.observations if observation.kind in _KINDS}
    if 37777 in host.open_ports:
        found.add("dahua")
    said = "\n".join(_words(host))
    return sorted(found | {family for family, pattern in _WORDS.items() if pattern.search(said)})


def _words(host: HostView) -> list[str]:
    return [
        value[:512]
        for observation in host.observations
        if observation.kind in _SPOKEN
        for name in observation.fields
        if name != "body"
        for value in every(observation.fields, name)[:16]
    ]


def _web_port(host: HostView) -> tuple[int, bool] | None:
    """Choose one port: one that has answered HTTP before others, plain before TLS unless it only sends to TLS."""
    answered = [item for item in host.observations if item.kind == "http.response"]
    spoke = {item.target.get("port") for item in answered}
    to_tls = {
        item.target.get("port") for item in answered if first(item.fields, "header.location").startswith("https:")
    }
    ports = sorted(
        host.open_ports & (HTTP_PORTS | HTTPS_PORTS),
        key=lambda port: (port in to_tls, port not in spoke, port in HTTPS_PORTS, port),
    )
    return (ports[0], ports[0] in HTTPS_PORTS) if ports else None


PROBE = HttpIdentity()
