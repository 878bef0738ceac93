"""Tables of switches: recorded walks in, rows out; what loops, lies or falls silent ends with what it gave."""

from collections.abc import Iterable
from itertools import count

import pytest
from hypothesis import given
from hypothesis import strategies as st

from netaudit.evidence.observation import Observation, observe
from netaudit.identify.edge_ports import edge_ports
from netaudit.probes import snmp_agent, snmp_message
from netaudit.probes.base import LoginRefusedError
from netaudit.probes.snmp_agent import Agent, AgentSilentError
from netaudit.probes.snmp_message import Answer, Oid, Operation, Value, oid
from netaudit.probes.switch_tables import Reading, read_tables
from netaudit.scope.snmp_tables import snmp_tables
from tests.probes.snmp_walks import agent_of
from tests.probes.walks_of_a_building import ACCESS, CORE, ROUTER, Switch, building, cameras, mac

TABLES = snmp_tables()
IFNAME = oid(TABLES.columns["ifName"])


def read(walk: dict[Oid, Value], contexts: dict[str, dict[Oid, Value]] | None = None, name: str = "") -> Reading:
    return read_tables(agent_of(walk, contexts or {}), "10.88.0.2", "switch", name)


def rows(reading: Reading, kind: str) -> list[dict[str, object]]:
    return [dict(row.fields) for row in reading.rows if row.kind == kind]


def seen(readings: Iterable[Reading]) -> list[Observation]:
    at = "2026-11-23T10:00:00.000Z"
    return [observe(row.kind, at, row.target, fields=row.fields) for each in readings for row in each.rows]


def test_every_camera_of_two_switches_and_a_router_is_found_on_its_port_and_none_on_an_uplink() -> None:
    units = cameras()
    agents = building(units)
    readings = {name: read(agent.walk, name=name) for name, agent in agents.items()}
    places = edge_ports(seen(readings.values()))
    assert {unit.mac: (unit.switch, unit.port, unit.watts) for unit in units} == {
        unit.mac: (places[unit.mac].switch, places[unit.mac].port, places[unit.mac].watts) for unit in units
    }
    assert {row["ip"]: row["mac"] for row in rows(readings[ROUTER], "table.arp")} == {u.ip: u.mac for u in units}
    assert {row["vlan"] for row in rows(readings[ROUTER], "table.arp")} == {"70"}
    assert places[units[3].mac].alias == "Gate camera"
    assert {row["vlan"] for row in rows(readings[CORE], "table.mac") if row["mac"] == units[0].mac} == {"70"}
    assert [row["abilities"] for row in rows(readings[ACCESS], "switch.port")] == [("bridge", "router")]


def test_a_port_without_its_own_name_in_the_table_of_neighbours_is_told_by_its_number() -> None:
    switch = Switch("s", "00:1b:21:00:0c:00", ["a", "b"])
    switch.cell("lldpLocPortDesc", (2,), b"something else")
    switch.neighbour("b", "44:19:b6:00:00:01", "cam", "AXIS P3245")
    [row] = rows(read(switch.walk), "switch.port")
    assert (row["port"], row["mac"], row["lldp_description"]) == ("b", "44:19:b6:00:00:01", "AXIS P3245")


def test_cisco_keeps_a_table_for_each_vlan() -> None:
    switch = Switch("cat", "00:1b:21:00:0c:00", ["Gi1/0/1", "Gi1/0/2"], root="1.3.6.1.4.1.9.1.1208", offset=10100)
    for vlan in (1, 70, 1002):
        switch.cell("vtpVlanState", (1, vlan), 1)
    inner: dict[Oid, Value] = {
        (*oid(TABLES.columns["dot1dTpFdbPort"]), *mac("44:19:b6:00:00:01")): 56,
        (*oid(TABLES.columns["dot1dBasePortIfIndex"]), 56): 10102,
    }
    switch.cell("cdpCacheDeviceId", (10102, 1), b"axis-44")
    switch.cell("cdpCacheVersion", (10102, 1), b"10.12")
    switch.cell("cdpCachePlatform", (10102, 1), b"AXIS P3245")
    switch.cell("cdpCacheCapabilities", (10102, 1), b"\0\0\0\x10")
    switch.cell("pethPsePortDetectionStatus", (1, 2), 3)
    switch.cell("cpeExtPsePortEntPhyIndex", (1, 2), 1002)
    switch.cell("entAliasMappingIdentifier", (1002, 0), oid("1.3.6.1.2.1.2.2.1.1.10102"))
    switch.cell("cpeExtPsePortPwrConsumption", (1, 2), 4120)
    reading = read(switch.walk, {"70": inner})
    [learned] = rows(reading, "table.mac")
    assert (learned["mac"], learned["port"], learned["vlan"]) == ("44:19:b6:00:00:01", "Gi1/0/2", "70")
    # The neighbour told no MAC; its port shows only one.
    [neighbour] = rows(reading, "switch.port")
    assert (neighbour["mac"], neighbour["lldp_description"]) == ("44:19:b6:00:00:01", "AXIS P3245 10.12")
    [power] = rows(reading, "table.poe")
    assert (power["port"], power["state"], power["watts"]) == ("Gi1/0/2", "delivering", "4.1")


@pytest.mark.parametrize(
    ("root", "column", "index", "value", "watts"),
    [
        ("1.3.6.1.4.1.14988.1", "mtxrPOEPower", (102,), 41, "4.1"),
        ("1.3.6.1.4.1.11863.5.1", "tpPoePower", (2,), 41, "4.1"),
        ("1.3.6.1.4.1.2011.2.23", "hwPoePortConsumingPower", (102,), 4120, "4.1"),
    ],
)
def test_watts_of_makers_that_leave_the_standard_table_out(
    root: str, column: str, index: Oid, value: int, watts: str
) -> None:
    switch = Switch("s", "00:1b:21:00:0c:00", ["ether1", "ether2"], root=root)
    switch.cell(column, index, value)
    [row] = rows(read(switch.walk), "table.poe")
    assert (row["port"], row["watts"]) == ("ether2", watts)


def test_an_impossible_wattage_is_no_reading() -> None:
    switch = Switch("s", "00:1b:21:00:0c:00", ["1", "2"], root="1.3.6.1.4.1.11.2", offset=0)
    switch.feeds("2", 900_000)
    [row] = rows(read(switch.walk), "table.poe")
    assert "watts" not in row


def test_what_routers_share_and_what_the_switch_owns_is_not_learned() -> None:
    switch = Switch("s", "00:1b:21:00:0c:00", ["1", "2"])
    for address in ("00:00:5e:00:01:0a", "00:00:0c:07:ac:01", "01:00:5e:00:00:01", "00:1b:21:00:0c:01"):
        switch.learned(address, "1", 1)
    assert rows(read(switch.walk), "table.mac") == []


def test_neighbour_tables_of_both_families_give_an_address_once() -> None:
    switch = Switch("r", "00:1b:21:00:0c:00", ["eth0"])
    switch.knows("10.88.7.9", "44:19:b6:00:00:01")
    column = "ipNetToPhysicalPhysAddress"
    switch.cell(column, (101, 1, 4, 10, 88, 7, 9), mac("44:19:b6:00:00:01"))
    switch.cell(column, (101, 2, 16, 0x20, 1, 0xD, 0xB8, *[0] * 11, 9), mac("44:19:b6:00:00:01"))
    switch.cell(column, (101, 1, 4, 10, 88, 7, 10), b"")
    switch.cell(column, (101, 1, 4, 10, 88, 7), mac("44:19:b6:00:00:01"))
    switch.cell(column, (101, 9), mac("44:19:b6:00:00:01"))
    found = [row["ip"] for row in rows(read(switch.walk), "table.arp")]
    assert sorted(map(str, found)) == ["10.88.7.9", "2001:db8::9"]


class Scripted:
    """An agent that answers a column as a script says."""

    def __init__(self, *answers: Answer | None) -> None:
        self.answers = list(answers)

    def ask(self, operation: Operation, names: Iterable[Oid], context: str = "") -> Answer:
        """Give the next answer; None is silence, and so is the end of the script."""
        answer = self.answers.pop(0) if self.answers else None
        if answer is None:
            raise AgentSilentError
        return answer


def agent(*answers: Answer | None) -> Agent:
    return Agent(Scripted(*answers), TABLES.leaves, TABLES.columns)


def bulk(*cells: tuple[int, Value], error: int = 0) -> Answer:
    return Answer(1, error, tuple(((*IFNAME, index), value) for index, value in cells))


def test_a_table_that_loops_ends_with_what_it_gave() -> None:
    asked = agent(bulk((1, b"a"), (2, b"b")), bulk((1, b"a"), (2, b"b")))
    assert asked.column("ifName") == {(1,): b"a", (2,): b"b"}
    assert asked.notes == ["ifName was not read to its end: its rows run in a circle"]


def test_a_switch_that_falls_silent_in_a_table_keeps_what_it_gave() -> None:
    asked = agent(bulk((1, b"a")), None)
    assert asked.column("ifName") == {(1,): b"a"}
    assert asked.notes == ["ifName was not read to its end: the switch fell silent"]


def test_a_table_without_end_ends(monkeypatch: pytest.MonkeyPatch) -> None:
    class Endless:
        def __init__(self) -> None:
            self.numbers = count(1)

        def ask(self, operation: Operation, names: Iterable[Oid], context: str = "") -> Answer:
            return bulk((next(self.numbers), b"x"))

    monkeypatch.setattr(snmp_agent, "MAX_REQUESTS", 50)
    asked = Agent(Endless(), TABLES.leaves, TABLES.columns)
    assert len(asked.column("ifName")) == 50
    assert asked.notes == ["ifName was not read to its end: it has more rows than are read"]


@pytest.mark.parametrize(
    "answer", [bulk((1, None)), Answer(1, 5, ()), Answer(1, 0, ()), Answer(1, 0, (((1, 3, 9), b"x"),))]
)
def test_a_column_that_the_agent_does_not_have_is_empty(answer: Answer) -> None:
    asked = agent(answer)
    assert asked.column("ifName") == {}
    assert asked.notes == []


def test_an_agent_that_does_not_let_us_read_is_not_asked_again() -> None:
    with pytest.raises(LoginRefusedError):
        agent(bulk(error=16)).column("ifName")


def test_an_agent_that_gives_nothing_is_silent() -> None:
    with pytest.raises(AgentSilentError):
        read_tables(agent(Answer(1, 0, ())), "10.88.0.2", "switch")


_VALUES = st.one_of(
    st.none(),
    st.integers(-(2**40), 2**40),
    st.binary(max_size=20),
    st.lists(st.integers(0, 2**33), max_size=6).map(tuple),
)


@given(
    st.lists(
        st.tuples(st.sampled_from(sorted(TABLES.columns)), st.lists(st.integers(0, 300), max_size=20), _VALUES),
        max_size=40,
    )
)
def test_any_cells_can_be_read(cells: list[tuple[str, list[int], Value]]) -> None:
    switch = Switch("s", "00:1b:21:00:0c:00", ["1", "2"], root="1.3.6.1.4.1.9.1")
    for column, index, value in cells:
        switch.cell(column, tuple(index), value)
    edge_ports(seen([read(switch.walk, {"1": dict(switch.walk)})]))


@given(st.binary(max_size=200))
def test_any_bytes_can_be_taken_for_an_answer(raw: bytes) -> None:
    snmp_message.read_v2c(raw)
    snmp_message.read_v3(raw)
