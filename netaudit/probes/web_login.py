"""A web interface with the owner's login: asked without it first, so that the one answer to its challenge is right."""

from dataclasses import dataclass
from typing import Final

from netaudit.evidence import http_message
from netaudit.net.exchange import Dialogue, Reply, Request
from netaudit.probes import http_wire
from netaudit.probes.base import HostView, LoginRefusedError
from netaudit.probes.http_digest import Authorise, authorise, challenge_of, is_stale
from netaudit.probes.snmp_agent import Talk

MAX_LIST: Final = 128 * 1024
"""Bytes kept of one answer: a list of 64 channels has about that."""
_REFUSED: Final = (401, 403)


class NoLoginError(Exception):
    """Nothing there asks for a digest login: nothing is sent to it."""


@dataclass(frozen=True, slots=True)
class Spoken:
    """One answer: its status, its body, all of it; and the target's additions for the observation."""

    status: int
    body: bytes
    raw: bytes
    target: dict[str, str | int]


@dataclass(slots=True)
class WebLogin:
    """One web interface. The password is in none of the things it returns or raises."""

    ip: str
    port: int
    tls: bool
    username: str
    password: str
    talk: Talk
    _authorise: Authorise | None = None
    succeeded: bool = False

    def get(self, path: str) -> Spoken | None:
        """Return the answer to a GET; None where there is none, or a right that this user lacks.

        Raises LoginRefusedError for a refusal of the login itself, NoLoginError where no digest is wanted.
        """
        return self._ask("GET", path, b"")

    def post_json(self, path: str, body: bytes) -> Spoken | None:
        """Return the answer to a POST that only asks; otherwise as `get`."""
        return self._ask("POST", path, body)

    def _ask(self, method: str, path: str, body: bytes) -> Spoken | None:
        if self._authorise is None:
            open_answer = self._send(method, path, body, "")
            if open_answer is None or open_answer[0].status != 401:
                return self._open(path, open_answer)
            self._authorise = self._answer_to(open_answer[1])
        found = self._send(method, path, body, self._authorise(method, path))
        if found is not None and found[0].status == 401 and is_stale(found[1]):
            self._authorise = self._answer_to(found[1])
            found = self._send(method, path, body, self._authorise(method, path))
        return self._accepted(found)

    def _open(self, path: str, answer: "tuple[Spoken, str] | None") -> Spoken | None:
        """What answers without a login needs none: the login is then not used at all."""
        if answer is None:
            return None
        if answer[0].status == 200:
            return answer[0]
        raise NoLoginError(path)

    def _answer_to(self, challenge: str) -> Authorise:
        if not challenge:
            raise NoLoginError("no digest")
        return authorise(challenge, self.username, self.password)

    def _accepted(self, found: "tuple[Spoken, str] | None") -> Spoken | None:
        if found is None:
            return None
        if found[0].status in _REFUSED:
            if self.succeeded:
                # A user of few rights: what was heard so far is kept.
                return None
            raise LoginRefusedError(f"port {self.port} refused the login")
        self.succeeded = True
        return found[0] if found[0].status == 200 else None

    def _send(self, method: str, path: str, body: bytes, extra: str) -> tuple[Spoken, str] | None:
        if method == "POST":
            message = http_wire.post(self.ip, self.port, path, body, "application/json", tls=self.tls, extra=extra)
        else:
            message = http_wire.get(self.ip, self.port, path, tls=self.tls, extra=extra)
        request: Request = Dialogue(self.port, (message,), tls=self.tls, cap=MAX_LIST, label=f"{path}, with login")
        return self._read(path, self.talk(request))

    def _read(self, path: str, reply: Reply) -> tuple[Spoken, str] | None:
        raw = b"".join(reply.messages)
        answer = http_wire.parse(raw)
        if answer is None:
            return None
        scheme = "https" if self.tls else "http"
        target: dict[str, str | int] = {"port": self.port, "transport": "tcp", "path": path, "scheme": scheme}
        return Spoken(answer.status, _body(raw, answer.body), raw[: http_wire.MAX_PAGE], target), challenge_of(
            answer.message.headers
        )


def refused_there(host: HostView, path: str) -> tuple[int, bool] | None:
    """Return (port, TLS) where this path asked for a login, or answered, before; None where it was never heard."""
    for observation in host.observations:
        told = observation.target
        port = told.get("port")
        if isinstance(port, int) and told.get("path") == path and observation.fields.get("status", "401") == "401":
            return port, told.get("scheme") == "https"
    return None


def _body(raw: bytes, short: bytes) -> bytes:
    """The body, longer than evidence usually keeps where it was sent plainly: lists of channels are long."""
    message = http_message.split(raw)
    plain = not message.header("transfer-encoding") and not message.header("content-encoding")
    return message.body[:MAX_LIST] if plain else short
