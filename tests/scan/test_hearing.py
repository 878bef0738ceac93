"""What comes in by UDP: floods, strangers, endless questions, doubles."""

import asyncio

from hypothesis import given
from hypothesis import strategies as st

from netaudit.evidence.fields import Fields
from netaudit.net.exchange import Datagram, Reply
from netaudit.net.replay import Recorded, Replay
from netaudit.net.udp import Arrival
from netaudit.probes.base import Heard
from netaudit.scan.catalogue import all_probes
from netaudit.scan.discover import CHEAP
from netaudit.scan.hearing import REPLIES_KEPT, Hearing, settle
from netaudit.scan.journal import Journal
from netaudit.scan.options import ScanOptions
from netaudit.scan.session import Pulse, Session
from netaudit.sweep.ports import camera_ports
from tests.net.support import gate_for
from tests.scan.support import Caller, MemoryLog, probes

AT = "2026-11-23T10:00:00.000Z"


def session_for(log: MemoryLog, segment: Caller, hosts: dict[str, Recorded] | None = None) -> Session:
    gate = gate_for("10.88.0.0/24")
    journal = Journal(log, gate.scope, "", lambda _: None)
    catalogue = probes(segment=segment)
    pulse = Pulse(lambda _: None)
    return Session(ScanOptions(), gate, Replay(hosts or {}), journal, catalogue, camera_ports(), (), (), pulse)


def arrival(source: str, message: bytes, probe: str = "caller") -> Arrival:
    return Arrival((probe,), Datagram(b"who", 37020), Reply(source, 37020, (message,), AT, "", "eth0"))


def test_a_flood_from_one_source_is_cut() -> None:
    log = MemoryLog()
    hearing = Hearing(session_for(log, Caller()))
    for number in range(1000):
        hearing.arrived(arrival("10.88.0.1", b"I am number %d" % number))
    assert len(log.written) == REPLIES_KEPT


def test_a_unit_of_a_foreign_subnet_is_named_once_and_neither_kept_nor_met() -> None:
    log = MemoryLog()
    session = session_for(log, Caller())
    hearing = Hearing(session)
    for _ in range(3):
        hearing.arrived(arrival("192.168.1.108", b"I am lost"))
    assert (log.written, session.living) == ([], {})
    assert log.status("caller", "192.168.1.108") == (
        "not_scheduled",
        "answered from 192.168.1.108 on eth0 outside the written scope: not kept, not asked",
    )
    assert len(log.records) == 1
    assert session.losses == [
        "192.168.1.108 answered on eth0 but is outside the written scope: it was neither kept nor asked"
    ]


def test_strangers_in_masses_do_not_fill_the_log() -> None:
    log = MemoryLog()
    hearing = Hearing(session_for(log, Caller()))
    for number in range(5000):
        hearing.arrived(arrival(f"192.168.{number // 250}.{number % 250}", b"I am many"))
    assert len(log.records) == 256


def test_one_more_question_goes_to_the_source_and_its_answer_asks_no_further() -> None:
    log = MemoryLog()
    hosts = {"10.88.0.1": Recorded(udp={37020: [b"I am more"]})}
    session = session_for(log, Caller(again=9), hosts)
    hearing = Hearing(session)

    async def scenario() -> None:
        for number in range(10):
            hearing.arrived(arrival("10.88.0.1", b"I am %d" % number))
        await settle(session)

    asyncio.run(scenario())
    assert isinstance(session.transport, Replay)
    # At most three times for one source, at most two questions each time.
    assert [address for address, _ in session.transport.asked] == ["10.88.0.1"] * 6
    assert b"I am more" in {o.raw for o in log.written}


def test_what_no_probe_understands_is_nothing() -> None:
    log = MemoryLog()
    session = session_for(log, Caller())
    Hearing(session).arrived(arrival("10.88.0.1", b"<Probe/>"))
    assert (log.written, session.living, log.records) == ([], {}, [])


class Breaking(Caller):
    """A probe whose reader breaks."""

    def read(self, request: Datagram | None, reply: Reply) -> list[Heard]:
        raise RecursionError("deep")


def test_a_reader_that_breaks_is_an_attempt() -> None:
    log = MemoryLog()
    Hearing(session_for(log, Breaking())).arrived(arrival("10.88.0.1", b"x"))
    assert log.status("caller", "10.88.0.1") == ("error", "fault in the probe: RecursionError('deep')")


class Echo(Caller):
    """Gives fields, so that doubles can be seen."""

    def read(self, request: Datagram | None, reply: Reply) -> list[Heard]:
        fields: Fields = {"name": "x", "Uuid": reply.messages[0].decode()}
        return [Heard("test.fields", None, fields)]


def test_answers_that_differ_only_in_what_they_echo_are_kept_once() -> None:
    log = MemoryLog()
    hearing = Hearing(session_for(log, Echo()))
    for number in range(6):
        hearing.arrived(arrival("10.88.0.1", b"%d" % number))
    assert len(log.written) == 1


@given(st.binary(max_size=200), st.sampled_from([probe.name for probe in all_probes().segment]))
def test_no_datagram_breaks_a_real_probe(message: bytes, probe: str) -> None:
    log = MemoryLog()
    session = session_for(log, Caller())
    session.catalogue = all_probes()

    async def scenario() -> None:
        Hearing(session).arrived(arrival("10.88.0.1", message, probe))
        await settle(session)

    asyncio.run(scenario())
    assert [record for record in log.records if record["status"] == "error"] == []


def test_the_cheap_probes_exist_and_answer_by_unicast() -> None:
    directed = {probe.name for probe in all_probes().segment if probe.directed()}
    assert set(CHEAP) <= directed


def test_every_group_that_a_probe_asks_is_a_discovery_group() -> None:
    gate = gate_for("10.88.0.0/24")
    refused = [
        (probe.name, datagram.group, datagram.port)
        for probe in all_probes().segment
        for datagram in probe.announce()
        if datagram.group and gate.allows_group(datagram.group, datagram.port, "10.88.0.1") is not None
    ]
    assert refused == []


def test_strangers_on_a_link_that_is_heard_whole_are_named_afterwards_and_the_rest_counted() -> None:
    session = session_for(MemoryLog(), Caller())
    hearing = Hearing(session)
    hearing.overheard.add("eth0")
    for number in range(20):
        hearing.arrived(arrival(f"192.168.1.{number}", b"I am one of many"))
    assert session.losses == []
    hearing.tell_waiting("eth0", {"192.168.1.0"})
    assert [loss.split()[0] for loss in session.losses] == [f"192.168.1.{number}" for number in range(1, 9)]
    assert session.strangers == 11
