"""What the tests of a run share: a log in memory, and small probes."""

from collections.abc import Mapping, Sequence
from typing import Any, ClassVar

from netaudit.evidence.observation import Observation
from netaudit.net.exchange import Datagram, Dialogue, Reply, Request
from netaudit.probes.base import Heard, HostView
from netaudit.scan.catalogue import Catalogue

OK = b"HTTP/1.1 200 OK\r\nContent-Length: 6\r\n\r\ncamera"
GET = b"GET / HTTP/1.1\r\n\r\n"


class MemoryLog:
    """A log as the run sees it; `part` makes the log that a resumed run opens."""

    def __init__(self, observations: Sequence[Observation] = (), attempts: Sequence[Mapping[str, Any]] = ()) -> None:
        self.observations, self.attempts = list(observations), list(attempts)
        self.written: list[Observation] = []
        self.records: list[Mapping[str, Any]] = []
        self._seen = {self._key(observation) for observation in observations}

    def observation(self, observation: Observation) -> bool:
        key = self._key(observation)
        if key in self._seen:
            return False
        self._seen.add(key)
        self.written.append(observation)
        return True

    def attempt(self, record: Mapping[str, Any]) -> None:
        self.records.append(record)

    def status(self, probe: str, target: str) -> tuple[str, str]:
        """Status and reason of the last attempt."""
        found = [record for record in [*self.attempts, *self.records] if record["probe"] == probe]
        last = [record for record in found if record["target"] == target][-1]
        return str(last["status"]), str(last["reason"])

    def facts(self) -> set[str]:
        """What was heard in all, without times and ways."""
        return {repr(self._key(observation)) for observation in [*self.observations, *self.written]}

    @staticmethod
    def _key(made: Observation) -> object:
        target = sorted((name, value) for name, value in made.target.items() if name != "port")
        return made.kind, tuple(target), made.raw, tuple(sorted(made.fields.items()))


class FullLog(MemoryLog):
    """A log whose disk is full after so many observations."""

    def __init__(self, room: int) -> None:
        super().__init__()
        self._room = room

    def observation(self, observation: Observation) -> bool:
        if len(self.written) >= self._room:
            raise OSError(28, "No space left on device")
        return super().observation(observation)


class Web:
    """Asks for the front page on every open port, then for `follow` more pages after each answer."""

    name: ClassVar[str] = "web"
    version: ClassVar[int] = 1
    packets: ClassVar[int] = 5

    def __init__(self, follow: int = 0, deadline: float = 2.0) -> None:
        self._follow, self._deadline = follow, deadline

    def requests(self, host: HostView) -> Sequence[Request]:
        return [Dialogue(port, (GET,), deadline=self._deadline) for port in sorted(host.open_ports)]

    def read(self, request: Request, reply: Reply) -> Sequence[Heard]:
        return [Heard("http.response", reply.messages[0], target={"path": "/"})]

    def follow(self, request: Request, reply: Reply) -> Sequence[Dialogue]:
        return [Dialogue(request.port, (GET,), label=f"/{number}") for number in range(self._follow)]


class Nosy(Web):
    """A second host probe."""

    name: ClassVar[str] = "nosy"


class Faulty(Web):
    """A probe whose reader breaks."""

    name: ClassVar[str] = "faulty"

    def read(self, request: Request, reply: Reply) -> Sequence[Heard]:
        raise ValueError("cannot read this")


class Caller:
    """A segment probe on a port of its own."""

    name: ClassVar[str] = "caller"
    version: ClassVar[int] = 1

    def __init__(self, port: int = 37020, again: int = 0) -> None:
        self._port, self._again = port, again

    def announce(self) -> Sequence[Datagram]:
        return [Datagram(b"who", self._port, "239.255.255.250", repeats=1)]

    def directed(self) -> Sequence[Datagram]:
        return [Datagram(b"you", self._port)]

    def read(self, request: Datagram | None, reply: Reply) -> Sequence[Heard]:
        return [Heard("test.reply", message) for message in reply.messages if message.startswith(b"I am")]

    def again(self, reply: Reply) -> Sequence[Datagram]:
        return [Datagram(b"more %d" % number, self._port) for number in range(self._again)]


def probes(*host: Web, segment: Caller | None = None) -> Catalogue:
    """A catalogue of these."""
    return Catalogue((segment,) if segment else (), tuple(host), ())
