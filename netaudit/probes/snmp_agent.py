"""One SNMP agent of the owner's, read only: single leaves, and columns that always end (RFC 3416, RFC 3414).

An agent may be slow, broken or hostile: a column ends at its last row, at a row that does not come after the one
before (a loop), at rows or requests without measure, at silence; what it gave until then is kept, and why it ended is
said. A refusal of the owner's credential ends everything: it is not sent again.
"""

from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass, field, replace
from itertools import count
from typing import Final, Protocol

from netaudit.net.exchange import Datagram, Reply, Request
from netaudit.net.usm import Usm
from netaudit.probes import snmp_message
from netaudit.probes.base import LoginRefusedError
from netaudit.probes.snmp_message import Answer, Engine, Oid, Operation, Value

PORT: Final = 161
MAX_ROWS: Final = 100_000
MAX_REQUESTS: Final = 6_000
"""Requests to one agent in one run: at the default 10 packets a second, ten minutes."""

_NOT_IN_TIME: Final = (1, 3, 6, 1, 6, 3, 15, 1, 1, 2, 0)
_REFUSALS: Final[Mapping[Oid, str]] = {
    (1, 3, 6, 1, 6, 3, 15, 1, 1, 1, 0): "it does not take this level of security",
    (1, 3, 6, 1, 6, 3, 15, 1, 1, 3, 0): "it does not know this user",
    (1, 3, 6, 1, 6, 3, 15, 1, 1, 5, 0): "the authentication secret is wrong",
    (1, 3, 6, 1, 6, 3, 15, 1, 1, 6, 0): "the privacy secret is wrong",
}
_AUTHORISATION_ERROR: Final = 16

Talk = Callable[[Request], Reply]


class AgentSilentError(Exception):
    """The agent did not answer, or not in SNMP."""


class Speech(Protocol):
    """One version of SNMP, with the owner's credential."""

    def ask(self, operation: Operation, names: Iterable[Oid], context: str = "") -> Answer:
        """Send one request and return its answer. Raises AgentSilentError and LoginRefusedError."""


@dataclass(slots=True)
class SpeechV2c:
    """Version 2c. A wrong community is answered by silence, so silence is all that is known of it."""

    community: str
    talk: Talk
    _numbers: Iterable[int] = field(default_factory=lambda: count(1))

    def ask(self, operation: Operation, names: Iterable[Oid], context: str = "") -> Answer:
        """Send one request. `context`: Cisco's way to name a VLAN, added to the community."""
        number = next(iter(self._numbers))
        community = f"{self.community}@{context}" if context else self.community
        payload = snmp_message.request_v2c(community, operation, list(names), number)
        for message in self.talk(Datagram(payload, PORT, label=operation)).messages:
            answer = snmp_message.read_v2c(message)
            if answer is not None and answer.number == number:
                return answer
        raise AgentSilentError


@dataclass(slots=True)
class SpeechV3:
    """Version 3 with one user. The agent is first asked who it is and what its clock says, as the protocol wants."""

    user: Usm
    talk: Talk
    _engine: Engine = field(default_factory=Engine)
    _numbers: Iterable[int] = field(default_factory=lambda: count(1))

    def ask(self, operation: Operation, names: Iterable[Oid], context: str = "") -> Answer:
        """Send one request; once more where the agent only says that our clock of it is out."""
        if not self._engine.id:
            self._engine = self._discover()
        wanted = list(names)
        answer = self._once(operation, wanted, context)
        if answer.report and answer.rows and answer.rows[0][0] == _NOT_IN_TIME:
            self._engine = replace(self._engine, boots=answer.engine.boots, time=answer.engine.time)
            answer = self._once(operation, wanted, context)
        if answer.report:
            reason = _REFUSALS.get(answer.rows[0][0] if answer.rows else (), "")
            if reason:
                raise LoginRefusedError(reason)
            raise AgentSilentError
        return answer

    def _discover(self) -> Engine:
        number = next(iter(self._numbers))
        question = snmp_message.request_v3(self.user.user, Engine(), "get", [], number, encrypted=False)
        for message in self.talk(Datagram(question, PORT, label="who is there")).messages:
            answer = snmp_message.read_v3(message)
            if answer is not None and answer.report and answer.engine.id:
                return answer.engine
        raise AgentSilentError

    def _once(self, operation: Operation, names: list[Oid], context: str) -> Answer:
        number = next(iter(self._numbers))
        vlan = f"vlan-{context}" if context else ""
        encrypted = bool(self.user.privacy)
        plain = snmp_message.request_v3(
            self.user.user, self._engine, operation, names, number, encrypted=encrypted, context=vlan
        )
        for message in self.talk(Datagram(plain, PORT, label=operation, seal=self.user)).messages:
            signed = self.user.open(message)
            answer = snmp_message.read_v3(signed if signed is not None else message)
            # A report about a wrong secret cannot be signed with it; nothing else is believed unsigned.
            if answer is not None and (answer.report or (signed is not None and answer.number == number)):
                return answer
        raise AgentSilentError


@dataclass(slots=True)
class Agent:
    """An agent while it is read. `notes`: sentences about columns that did not end as they should."""

    speech: Speech
    leaves: Mapping[str, str]
    columns: Mapping[str, str]
    notes: list[str] = field(default_factory=list)
    asked: int = 0

    def get(self, *names: str) -> dict[str, Value]:
        """Read listed leaves by name; absent ones are left out. Raises AgentSilentError and LoginRefusedError."""
        oids = {snmp_message.oid(self.leaves[name]): name for name in names}
        self.asked += 1
        answer = self.speech.ask("get", oids)
        return {oids[row]: value for row, value in answer.rows if row in oids and value is not None}

    def column(self, name: str, context: str = "") -> dict[Oid, Value]:
        """Read a listed column: index to value, as much of it as the agent gives. Raises LoginRefusedError only."""
        root = snmp_message.oid(self.columns[name])
        found: dict[Oid, Value] = {}
        last = root
        while True:
            if self.asked >= MAX_REQUESTS or len(found) >= MAX_ROWS:
                self._note(name, "it has more rows than are read")
                return found
            self.asked += 1
            try:
                answer = self.speech.ask("bulk", [last], context)
            except AgentSilentError:
                self._note(name, "the switch fell silent")
                return found
            if answer.error == _AUTHORISATION_ERROR:
                raise LoginRefusedError("the agent does not let this user read")
            following = self._take(name, root, last, answer, found)
            if following is None:
                return found
            last = following

    def _take(self, name: str, root: Oid, last: Oid, answer: Answer, found: dict[Oid, Value]) -> Oid | None:
        """Take the rows of one answer; return where to go on, None at the end."""
        if answer.error or not answer.rows:
            return None
        for row, value in answer.rows:
            if row[: len(root)] != root or value is None:
                return None
            if row <= last:
                self._note(name, "its rows run in a circle")
                return None
            found[row[len(root) :]] = value
            last = row
        return last

    def _note(self, name: str, why: str) -> None:
        self.notes.append(f"{name} was not read to its end: {why}")
