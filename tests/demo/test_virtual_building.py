"""The building as a whole: its data, its start and stop, its scope, its table."""

import asyncio
import datetime
import gc
import socket
import tomllib
from collections import Counter
from ipaddress import IPv4Address, IPv4Network
from pathlib import Path

import pytest

from netaudit.data import data_folder
from netaudit.demo import Building, expected, serve
from netaudit.demo.load import load_plan
from netaudit.demo.ports import Ports, claim_block, find_ports
from netaudit.demo.stage import Stage
from netaudit.demo.table import table
from netaudit.errors import UsageError
from tests.demo.clients import ask, probe

REPOSITORY = Path(__file__).resolve().parents[2]


def _descriptors() -> int:
    return len(tuple(Path("/proc/self/fd").iterdir()))


def test_it_stands_and_leaves_nothing_behind() -> None:
    async def twice() -> list[int]:
        counts = [_descriptors()]
        for _ in range(2):
            async with Building.start() as building:
                assert len(building.plan.devices) >= 60
                assert _descriptors() > counts[0] + 200
            counts.append(_descriptors())
        return counts

    # Selector and self-pipe of the loop are open in all three counts.
    before, first, second = asyncio.run(twice())
    assert before == first == second
    gc.collect()


def test_it_stops_while_conversations_are_open() -> None:
    async def interrupted() -> None:
        async with Building.start() as building:
            ports = building.stage.ports
            block = building.plan.devices[0].address.rsplit(".", 2)[0]
            tasks = []
            for host, port in (
                (31, 8081),
                (40, ports.moved(80)),
                (33, ports.moved(80)),
                (3, ports.moved(80)),
                (32, ports.moved(554)),
            ):
                reader, writer = await asyncio.open_connection(f"{block}.1.{host}", port)
                writer.write(b"GET / HTTP/1.1\r\nHost: x\r\n\r\n" if host != 32 else b"OPTIONS * RTSP/1.0\r\n")
                tasks.append((reader, writer))
        for _, writer in tasks:
            writer.transport.abort()

    before = _descriptors()
    asyncio.run(interrupted())
    assert _descriptors() == before


def test_two_buildings_stand_side_by_side() -> None:
    async def both() -> None:
        async with Building.start() as one, Building.start() as other:
            first, second = one.plan.devices[2].address, other.plan.devices[2].address
            assert first != second
            answers = await asyncio.to_thread(lambda: [ask(address, 3702, probe()) for address in (first, second)])
            assert [[sender for _, sender in heard] for heard in answers] == [[first], [second]]
            assert IPv4Address(second) in IPv4Network(tomllib.loads(other.scope_toml())["network"][0]["cidr"])

    asyncio.run(both())


def test_units_that_were_taken_down_are_not_there() -> None:
    gone = ("127.77.3.2", "127.77.2.2")

    async def standing() -> set[str]:
        async with Building.start(without=gone) as building:
            return {device.address.split(".", 2)[2] for device in building.plan.devices}

    whole = {row.address.split(".", 2)[2] for row in expected()}
    assert whole - asyncio.run(standing()) == {"3.2", "2.2"}
    assert {row.address for row in expected()} - {row.address for row in expected(without=gone)} == set(gone)
    with pytest.raises(UsageError, match=r"no virtual device is at 127\.77\.9\.9: `netaudit demo --table`"):
        expected(without=("127.77.9.9",))


def test_serve_tells_and_stops() -> None:
    async def run() -> list[Building]:
        told: list[Building] = []
        stop = asyncio.Event()

        def tell(building: Building) -> None:
            told.append(building)
            stop.set()

        await serve(tell, stop)
        return told

    (building,) = asyncio.run(run())
    with pytest.raises(ConnectionRefusedError):
        socket.create_connection((building.plan.devices[0].address, building.stage.ports.moved(80)), 2)


def test_a_taken_port_is_said_and_the_rest_stands() -> None:
    async def run() -> list[str]:
        ports = find_ports(f"127.{block}.0.1", {80, 443, 554})
        plan = load_plan(block, ports)
        stage = Stage(ports)
        device = next(device for device in plan.devices if "sadp" in device.services)
        with socket.create_server((device.address, 8000)):
            from netaudit.demo.personalities import perform
            from netaudit.demo.tls import Certificates

            await perform(stage, device, Certificates())
            await stage.close()
        return stage.notices

    block, claim = claim_block()
    with claim:
        notices = asyncio.run(run())
    assert [notice.partition(":")[2] for notice in notices] == ["8000 cannot be opened: address already in use."]


def test_ports_that_need_a_privilege_move_and_addresses_follow() -> None:
    ports = Ports({80: "permission denied", 443: "permission denied", 502: "permission denied"})
    assert [ports.moved(port) for port in (80, 443, 502, 554, 8000)] == [8080, 8443, 0, 554, 8000]
    assert ports.notice == (
        "Some well-known ports cannot be opened here (permission denied): "
        "80 (now 8080), 443 (now 8443), 502 (left out)."
    )
    plan = load_plan(ports=ports)
    assert plan.devices[2].values["http"] == "127.77.1.3:8080"
    assert plan.devices[12].services["ssdp"]["location"] == "http://127.77.1.13:8080/rootdesc1.xml"


def test_the_scope_allows_the_building_and_nothing_else() -> None:
    plan = load_plan()
    today = datetime.date(2026, 11, 23)
    scope = tomllib.loads(Building(plan, Stage(Ports())).scope_toml(today))
    authorisation = scope["authorisation"]
    assert set(authorisation) == {"organisation", "authorised_by", "role", "reference", "valid_from", "valid_until"}
    assert "Virtual building" in authorisation["organisation"]
    assert authorisation["valid_from"] <= today <= authorisation["valid_until"]
    networks = [IPv4Network(row["cidr"]) for row in scope["network"]]
    assert all(network.is_loopback for network in networks)
    for device in plan.devices:
        assert any(IPv4Address(device.address) in network.hosts() for network in networks)
    (credential,) = scope["credential"]
    assert credential["secret"] == "env:NETAUDIT_DEMO_PASSWORD"
    assert credential["bound_to"] == ["127.77.1.5", "127.77.1.6", "127.77.1.11", "127.77.1.13"]
    assert plan.login.password not in credential.values()


def test_addresses_serials_and_macs_are_unique() -> None:
    devices = load_plan().devices
    for name in ("serial", "mac"):
        values = [device.values[name] for device in devices if device.values.get(name)]
        assert not [value for value, count in Counter(values).items() if count > 1]
    assert len({device.address for device in devices}) == len(devices)


def test_every_maker_and_brand_is_in_the_word_lists() -> None:
    words = {}
    for name in ("maker", "brand"):
        path = data_folder("signatures") / f"{name}s.toml"
        words[name] = {row["id"] for row in tomllib.loads(path.read_text())[name]}
    for row in expected():
        assert row.truth.maker in words["maker"] | {""}, row.address
        assert row.truth.brand in words["brand"] | {""}, row.address
        assert set(row.never) <= words["maker"], row.address


def test_the_building_holds_what_it_must_show() -> None:
    rows = expected()
    assert len({row.site for row in rows}) == 3
    assert sum(row.relabelled is True for row in rows) >= 10
    assert sum(row.innocent for row in rows) >= 12
    assert {row.truth.type for row in rows} >= {"camera", "recorder", "intercom", "access_control", "printer", "vms"}
    assert sum(row.contradicts for row in rows) == 1
    assert [row.address for row in rows if not row.seen] == ["127.77.1.34", "127.77.1.36", "127.77.1.38"]
    assert sum(row.section_889 == "covered" for row in rows) >= 25


def test_the_table_follows_the_building_to_its_block() -> None:
    assert [row.address for row in expected("127.80.3.1")] == [
        row.address.replace("127.77.", "127.80.") for row in expected()
    ]


def test_the_documentation_carries_the_table() -> None:
    assert table() in (REPOSITORY / "docs/how-to/virtual-building.md").read_text(encoding="utf-8")
