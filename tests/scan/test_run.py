"""Whole runs over recorded hosts: what is asked, what is written, how a run ends and how it goes on."""

import asyncio
from collections.abc import Callable, Mapping

import pytest

from netaudit.errors import UsageError
from netaudit.net.connects import Verdict
from netaudit.net.exchange import Dialogue
from netaudit.net.outcome import Outcome
from netaudit.net.replay import Recorded, Replay
from netaudit.scan.catalogue import Catalogue
from netaudit.scan.options import Log, Progress, RunOutcome, ScanOptions
from netaudit.scan.question import FOLLOW_UPS
from netaudit.scan.run import run_scan
from netaudit.sweep.ports import camera_ports
from tests.net.support import gate_for
from tests.scan.support import GET, OK, Caller, Faulty, FullLog, MemoryLog, Nosy, Web, probes

SCOPE = "10.88.0.0/28"
CAMERA, RECORDER, QUIET = "10.88.0.1", "10.88.0.2", "10.88.0.3"
CLOSED = frozenset({80, 443})
HOSTS = {
    CAMERA: Recorded(tcp={80: [OK], 554: [b"RTSP/1.0 200 OK\r\n\r\n"]}, udp={37020: [b"I am a camera"]}),
    RECORDER: Recorded(tcp={8000: [OK]}, closed=CLOSED),
    QUIET: Recorded(closed=CLOSED),
}
OPTIONS = ScanOptions(sensor="s1", window=0.05)


def scan(
    log: Log,
    catalogue: Catalogue,
    hosts: Mapping[str, Recorded] = HOSTS,
    transport: Replay | None = None,
    progress: Callable[[Progress], None] = lambda _: None,
) -> tuple[RunOutcome, Replay]:
    replay = transport or Replay(hosts)
    return asyncio.run(run_scan(OPTIONS, gate_for(SCOPE), log, progress, catalogue, replay)), replay


def test_a_run_finds_hosts_ports_and_answers() -> None:
    log = MemoryLog()
    outcome, replay = scan(log, probes(Web(), segment=Caller()))
    assert (outcome.status, outcome.hosts, outcome.packets) == ("complete", 3, replay.packets)
    assert {(o.kind, o.target["ip"]) for o in log.written} == {
        ("tcp.ports", CAMERA),
        ("tcp.ports", RECORDER),
        ("tcp.ports", QUIET),
        ("test.reply", CAMERA),
        ("http.response", CAMERA),
        ("http.response", RECORDER),
    }
    heard = next(o for o in log.written if o.kind == "http.response" and o.target["ip"] == CAMERA)
    assert heard.target == {"ip": CAMERA, "port": 80, "transport": "tcp", "site": "Site", "path": "/"}
    assert heard.via == {"sensor": "s1", "probe": "web", "version": 1, "request": Dialogue(80, (GET,)).digest}
    ports = next(o for o in log.written if o.kind == "tcp.ports" and o.target["ip"] == RECORDER)
    assert dict(ports.fields) == {"open": ("8000",), "closed": ("80", "443")}


def test_every_address_and_every_probe_at_every_host_ends_as_an_attempt() -> None:
    log = MemoryLog()
    scan(log, probes(Web(), Nosy(), segment=Caller()))
    swept = {str(record["target"]): record["status"] for record in log.records if record["probe"] == "sweep"}
    assert len(swept) == 14
    assert {ip for ip, status in swept.items() if status == "answered"} == set(HOSTS)
    assert log.status("sweep", "10.88.0.9") == ("silent", "no answer on TCP 80, 443, 554")
    for ip in HOSTS:
        for probe in ("web", "nosy", "caller", "tcp.ports"):
            assert log.status(probe, ip)
    assert log.status("web", CAMERA)[0] == "answered"
    assert log.status("caller", CAMERA)[0] == "answered"
    assert log.status("caller", QUIET) == ("silent", "no answer")
    assert log.status("web", QUIET) == ("not_scheduled", "nothing fitting to ask: no such port open")
    assert all(record["started"] and record["ended"] for record in log.records)


def test_hosts_that_only_udp_brought_up_are_questioned_too() -> None:
    hosts = {CAMERA: Recorded(tcp={8080: [OK]}, udp={3702: [b"I am hidden"]})}
    log = MemoryLog()

    class Hidden(Caller):
        name = "ws_discovery"

    outcome, _ = scan(log, probes(Web(), segment=Hidden(3702)), hosts)
    assert outcome.hosts == 1
    assert {o.kind for o in log.written} == {"test.reply", "tcp.ports", "http.response"}


def test_follow_ups_are_bounded_for_a_host() -> None:
    log = MemoryLog()
    _, replay = scan(log, probes(Web(follow=5), Nosy(follow=5)), {CAMERA: Recorded(tcp={80: [OK]})})
    dialogues = [request for _, request in replay.asked if isinstance(request, Dialogue)]
    assert len(dialogues) == 2 + FOLLOW_UPS


def test_a_fault_in_a_probe_is_an_attempt_and_the_rest_goes_on() -> None:
    log = MemoryLog()
    outcome, _ = scan(log, probes(Faulty(), Web()))
    assert outcome.status == "complete"
    assert log.status("faulty", CAMERA) == ("error", "fault in the probe: ValueError('cannot read this')")
    assert log.status("web", CAMERA)[0] == "answered"


class Dying(Replay):
    """Hosts that stop answering after so many dialogues each."""

    lives = 0

    async def dialogue(self, address: str, dialogue: Dialogue) -> Outcome:
        if sum(1 for ip, made in self.asked if ip == address and isinstance(made, Dialogue)) >= self.lives:
            self.asked.append((address, dialogue))
            return Outcome("timeout", "no answer within 2 s", reached=True)
        return await Replay.dialogue(self, address, dialogue)


def test_after_two_time_outs_a_host_is_left_alone() -> None:
    ports = {port: [OK] for port in (80, 81, 88, 8080)}
    log = MemoryLog()
    _, replay = scan(log, probes(Web(), Nosy()), transport=Dying({CAMERA: Recorded(tcp=ports)}))
    assert sum(isinstance(request, Dialogue) for _, request in replay.asked) == 2
    assert log.status("web", CAMERA)[0] == "timeout"
    assert log.status("nosy", CAMERA) == ("not_scheduled", "left alone after two time-outs in a row")


def test_when_hosts_that_answered_fall_silent_the_run_stops_and_says_why() -> None:
    hosts = {f"10.88.0.{number}": Recorded(tcp={port: [OK] for port in (80, 81, 88)}) for number in range(1, 11)}
    transport = Dying(hosts)
    transport.lives = 1
    log = MemoryLog()
    options = ScanOptions(hosts_at_once=1)
    outcome = asyncio.run(run_scan(options, gate_for(SCOPE), log, catalogue=probes(Web()), transport=transport))
    assert outcome.status == "stopped"
    assert any("5 of 5 hosts fell silent while they were being asked" in loss for loss in outcome.losses)
    ends = [log.status("web", f"10.88.0.{number}") for number in range(1, 11)]
    assert ends.count(("not_scheduled", "interrupted: the run ended before its turn")) == 5


def test_a_full_disk_stops_the_run_cleanly() -> None:
    log = FullLog(room=2)
    outcome, _ = scan(log, probes(Web(), segment=Caller()))
    assert outcome.status == "stopped"
    assert any("No space left on device" in loss for loss in outcome.losses)
    assert len(log.written) == 2


def test_progress_tells_the_phases_in_order_and_ends() -> None:
    seen: list[Progress] = []
    scan(MemoryLog(), probes(Web()), progress=seen.append)
    phases = list(dict.fromkeys(progress.phase for progress in seen))
    assert phases == ["discover", "ports", "questions", "done"]
    assert (seen[-1].done, seen[-1].total, seen[-1].found) == (3, 3, 3)


def test_without_nmap_the_run_does_not_start(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("PATH", "/nowhere")
    log = MemoryLog()
    with pytest.raises(UsageError, match="needs the program nmap"):
        asyncio.run(run_scan(ScanOptions(engine="nmap"), gate_for(SCOPE), log, catalogue=probes(Web())))
    assert log.records == []


class KilledError(Exception):
    """Stands for kill -9: nothing after it is written."""


class KilledLog(MemoryLog):
    """A log of a process that dies after so many lines."""

    def __init__(self, lines: int) -> None:
        super().__init__()
        self._lines = lines

    def _line(self) -> None:
        if len(self.written) + len(self.records) >= self._lines:
            raise KilledError

    def observation(self, observation: object) -> bool:
        self._line()
        return super().observation(observation)  # type: ignore[arg-type]

    def attempt(self, record: Mapping[str, object]) -> None:
        self._line()
        super().attempt(record)


CATALOGUE = probes(Web(follow=1), Nosy(), segment=Caller())


def _undisturbed() -> tuple[MemoryLog, int]:
    log = MemoryLog()
    scan(log, CATALOGUE)
    return log, len(log.written) + len(log.records)


WHOLE, LINES = _undisturbed()


@pytest.mark.parametrize("lines", range(0, LINES, 3))
def test_a_run_killed_after_any_line_and_resumed_hears_the_same(lines: int) -> None:
    dead = KilledLog(lines)
    with pytest.raises(BaseException) as caught:  # noqa: PT011 - a group around KilledError, or itself
        scan(dead, CATALOGUE)
    assert "KilledError" in repr(caught.value)
    second = MemoryLog(dead.written, dead.records)
    outcome, _ = scan(second, CATALOGUE)
    assert outcome.status == "complete"
    assert second.facts() == WHOLE.facts()
    finished = {(r["probe"], r["target"]) for r in [*second.attempts, *second.records]}
    assert finished == {(r["probe"], r["target"]) for r in WHOLE.records}


def test_a_finished_run_resumed_asks_nothing() -> None:
    second = MemoryLog(WHOLE.written, WHOLE.records)
    _, replay = scan(second, CATALOGUE)
    assert (replay.asked, second.written, second.records) == ([], [], [])


class Stalling(Replay):
    """Never answers a dialogue. `reached`: set when the first one is held."""

    reached: asyncio.Event

    async def dialogue(self, address: str, dialogue: Dialogue) -> Outcome:
        self.reached.set()
        await asyncio.Event().wait()
        raise AssertionError


def test_an_interrupted_run_is_partial_and_goes_on_where_it_stopped() -> None:
    log = MemoryLog()

    async def scenario() -> RunOutcome:
        transport = Stalling(HOSTS)
        transport.reached = asyncio.Event()
        task = asyncio.create_task(run_scan(OPTIONS, gate_for(SCOPE), log, lambda _: None, CATALOGUE, transport))
        await transport.reached.wait()
        task.cancel()
        outcome = await task
        assert not task.cancelled()
        return outcome

    outcome = asyncio.run(scenario())
    assert outcome.status == "partial"
    assert any("go on with --resume" in loss for loss in outcome.losses)
    assert log.status("web", CAMERA)[1].startswith("interrupted")
    second = MemoryLog(log.written, log.records)
    again, _ = scan(second, CATALOGUE)
    assert again.status == "complete"
    assert second.facts() == WHOLE.facts()


def test_the_ports_asked_are_the_camera_ports() -> None:
    tried: list[int] = []

    class Watching(Replay):
        def _verdict(self, address: str, port: int) -> Verdict:
            tried.append(port)
            return Replay._verdict(self, address, port)

    scan(MemoryLog(), probes(Web()), transport=Watching({CAMERA: Recorded(closed=CLOSED)}))
    assert set(tried) == set(camera_ports().every)
