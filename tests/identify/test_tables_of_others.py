"""What tables of routers, switches, DHCP servers and inventories add to a device, and what they must not."""

import pytest

from netaudit.evidence import tables
from netaudit.evidence.observation import Observation, observe
from netaudit.identify.edge_ports import edge_ports
from netaudit.identify.engine import identify
from netaudit.identify.knowledge import load_knowledge
from tests.identify.support import heard, mac, small

MORNING, SOON, NIGHT = "2026-11-23T08:00:00.000Z", "2026-11-23T08:10:00.000Z", "2026-11-23T20:00:00.000Z"
CAMERA, OTHER = "58:50:ed:00:00:01", "3c:ef:8c:00:00:02"
HIKVISION = "44:19:b6:0a:0b:0c"


def told(row: tables.Row | None, at: str = MORNING) -> Observation:
    assert row is not None
    return observe(row.kind, at, row.target, origin="import:test", fields=row.fields)


def forwarding(address: str, switch: str, port: str) -> Observation:
    return told(tables.forwarding(address, switch=switch, port=port, vlan="20"))


def test_a_camera_across_a_router_gets_its_mac_from_the_routers_table_and_its_port_from_the_switchs() -> None:
    page = heard("http.response", {"title": "x"}, "10.0.7.5")
    arp, port = told(tables.arp("10.0.7.5", CAMERA)), forwarding(CAMERA, "sw1", "Gi1/0/7")
    [device] = identify([page, arp, port], small())
    assert (device.addresses, device.macs) == (("10.0.7.5",), (CAMERA,))
    assert set(device.observations) == {page.id, arp.id, port.id}


def test_a_lease_that_has_ended_gives_its_mac_to_nobody() -> None:
    lines = [
        heard("http.response", {"title": "x"}, "10.0.7.5"),
        told(tables.lease("10.0.7.5", CAMERA, state="expired")),
    ]
    assert sorted((d.addresses, d.macs) for d in identify(lines, small())) == [((), (CAMERA,)), (("10.0.7.5",), ())]


def test_two_macs_that_two_tables_tell_of_one_address_are_two_units() -> None:
    lines = [mac(OTHER, "10.0.7.5", MORNING), told(tables.arp("10.0.7.5", CAMERA), SOON)]
    assert sorted(d.macs for d in identify(lines, small())) == [(OTHER,), (CAMERA,)]


def test_an_inventory_that_is_wrong_about_an_address_joins_nothing_there() -> None:
    listed = told(tables.asset(ip="10.0.7.5", mac=CAMERA, name="Gate", manufacturer="Axis"), SOON)
    for measured in (mac(OTHER, "10.0.7.5", MORNING), mac(OTHER, "10.0.7.5", NIGHT)):
        assert sorted(d.macs for d in identify([measured, listed], small())) == [(OTHER,), (CAMERA,)]


def test_an_inventory_row_joins_the_unit_of_its_mac_wherever_that_is_now() -> None:
    listed = told(tables.asset(mac=CAMERA, name="Gate", location="Hall"))
    [device] = identify([mac(CAMERA, "10.0.7.9", NIGHT), listed], small())
    assert device.names == ("Gate",)


def test_of_all_ports_that_show_a_mac_the_one_with_the_fewest_others_is_its_place() -> None:
    crowd = [f"02:00:00:00:00:{n:02x}" for n in range(1, 41)]
    uplink = [forwarding(each, "core", "Po1") for each in (*crowd, CAMERA)]
    edge = forwarding(CAMERA, "sw1", "Gi1/0/7")
    places = edge_ports([*uplink, edge])
    assert places[CAMERA][:3] == ("sw1", "Gi1/0/7", "20")
    assert crowd[0] not in places
    assert edge_ports([edge, *reversed(uplink)]) == places


@pytest.mark.parametrize(
    "port",
    [
        "Po1", "port-channel10", "Port-channel1.20", "Bundle-Ether5", "lag10", "lag 3", "ae0.0", "Trk1", "BAGG1",
        "Bridge-Aggregation1", "bond1", "bonding2", "vPC Peer-Link(R)", "nve1(10.0.0.1)",
    ],
)  # fmt: skip
def test_a_port_that_bundles_links_by_its_name_is_no_place_of_a_camera(port: str) -> None:
    """A printed table tells nothing else of its ports, and few MACs may be seen at night."""
    assert edge_ports([forwarding(CAMERA, "core", port)]) == {}


@pytest.mark.parametrize("port", ["Gi1/0/7", "Eth1/7", "ge-0/0/7.0", "7", "ether7", "Port 1", "poe1", "Te1/1/1", "A8"])
def test_an_ordinary_port_is_one(port: str) -> None:
    assert edge_ports([forwarding(CAMERA, "sw1", port)])[CAMERA].port == port


def test_an_inventory_makes_a_maker_probable_and_never_confirms_one() -> None:
    knowledge = load_knowledge()
    listed = told(tables.asset(ip="10.0.7.5", mac=HIKVISION, manufacturer="Hikvision", model="DS-2CD2143G2-I"))
    alone = told(tables.asset(ip="10.0.7.6", manufacturer="Hikvision", model="DS-2CD2143G2-I"))
    found = {d.addresses: d.maker for d in identify([mac(HIKVISION, "10.0.7.5"), listed, alone], knowledge)}
    assert {answer.value for answer in found.values()} == {"hikvision"}
    assert {answer.grade for answer in found.values()} == {"probable"}
