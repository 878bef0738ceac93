"""A run into a NetBox: shown first, written once, nothing of the owner's overwritten, the second time nothing to do.

The journeys run against a small NetBox that holds every request against the published schema. A real, empty one:
NETAUDIT_TEST_NETBOX=http://127.0.0.1:8000 NETBOX_TOKEN=... pytest tests/netbox
"""

import os
from collections import Counter
from collections.abc import Iterator
from dataclasses import dataclass
from typing import Any

import pytest

from netaudit.errors import NetauditError
from netaudit.netbox.client import NetBox
from netaudit.netbox.compare import compare
from netaudit.netbox.sync import Done, synchronise
from netaudit.report.export import netbox_objects as objects
from netaudit.report.export.netbox_objects import Ref, Stage, Wanted, stages
from tests.netbox.server import TOKEN, Store, serving
from tests.report.sample import sample

KNOWN, BY_MAC, OTHER = "cam-41", "cam-23", "cam-35"


@dataclass
class Place:
    """A NetBox and, where it is the small one, what it keeps."""

    netbox: NetBox
    store: Store | None


@pytest.fixture(scope="module")
def place() -> Iterator[Place]:
    if url := os.environ.get("NETAUDIT_TEST_NETBOX"):
        yield Place(NetBox(url, os.environ["NETBOX_TOKEN"]), None)
        return
    with serving(Store()) as store:
        yield Place(NetBox(store.url, TOKEN), store)


@pytest.fixture(scope="module")
def every() -> list[Stage]:
    return list(stages(sample().report()))


@dataclass
class Journey:
    """What a dry run, a first and a second writing said; what the owner had before, and what there is afterwards."""

    before: dict[str, Any]
    dry: list[Done]
    first: list[Done]
    second: list[Done]
    after: dict[str, Any]
    counts: list[dict[str, int]]


@pytest.fixture(scope="module")
def journey(place: Place, every: list[Stage]) -> Journey:
    netbox = place.netbox
    before = owners_own(netbox, every)
    counts = [count(netbox)]
    dry = list(synchronise(netbox, every, write=False))
    counts.append(count(netbox))
    first = list(synchronise(netbox, every, write=True))
    counts.append(count(netbox))
    second = list(synchronise(netbox, every, write=True))
    counts.append(count(netbox))
    return Journey(before, dry, first, second, {str(r["name"]): r for r in netbox.rows(objects.DEVICES)}, counts)


def unit(every: list[Stage], name: str) -> Wanted:
    return next(
        one for stage in every if stage.endpoint == objects.DEVICES for one in stage.wanted if one.title == name
    )


def owners_own(netbox: NetBox, every: list[Stage]) -> dict[str, Any]:
    """Three devices that the owner entered: one by its serial, one by its MAC, one that shares a name only."""
    [site] = netbox.create(objects.SITES, [{"name": "BUS DEPOT", "slug": "depot", "status": "active"}])
    [other] = netbox.create(objects.SITES, [{"name": "Archive", "slug": "archive", "status": "active"}])
    [maker] = netbox.create(objects.MANUFACTURERS, [{"name": "As labelled", "slug": "as-labelled"}])
    [kind] = netbox.create(objects.TYPES, [{"manufacturer": maker, "model": "Dome", "slug": "dome", "u_height": 0}])
    [role] = netbox.create(objects.ROLES, [{"name": "CCTV", "slug": "cctv", "color": "ff0000"}])
    common = {"role": role, "device_type": kind, "site": site, "status": "active"}
    serial = unit(every, KNOWN).values["serial"]
    made = netbox.create(objects.DEVICES, [
        {**common, "name": "Dome at the gate", "serial": str(serial).lower(), "description": "cleaned in May"},
        {**common, "name": "Depot 7"},
        {**common, "name": OTHER, "site": other, "serial": "another unit"},
    ])  # fmt: skip
    assert all(isinstance(number, int) for number in made), made
    [port] = netbox.create(objects.INTERFACES, [{"device": made[1], "name": "LAN", "type": "1000base-t"}])
    mac = unit(every, BY_MAC).mac
    netbox.create(objects.MACS, [
        {"mac_address": mac, "assigned_object_type": "dcim.interface", "assigned_object_id": port},
    ])  # fmt: skip
    return {"devices": made, "site": site, "type": kind, "interface": port}


def count(netbox: NetBox) -> dict[str, int]:
    names = (objects.SITES, objects.TYPES, objects.DEVICES, objects.INTERFACES, objects.MACS, objects.ADDRESSES)
    return {name: len(netbox.rows(name)) for name in names}


def told(every: list[Done]) -> Counter[tuple[str, str]]:
    return Counter((done.step.wanted.endpoint, "refused" if done.problem else done.step.action) for done in every)


def test_a_dry_run_writes_nothing_and_says_what_would_be(journey: Journey) -> None:
    assert journey.counts[0] == journey.counts[1]
    promised, kept = told(journey.dry), told(journey.first)
    assert {key: n for key, n in promised.items() if key[1] == "create"} == {
        key: n for key, n in kept.items() if key[1] == "create"
    }


def test_nothing_is_refused_and_the_second_time_there_is_nothing_to_do(journey: Journey) -> None:
    assert [(done.step.wanted.title, done.problem) for done in journey.first if done.problem] == []
    assert [(done.step.wanted.title, done.problem) for done in journey.second if done.problem] == []
    assert {action for _, action in told(journey.second)} == {"same"}
    assert journey.counts[2] == journey.counts[3]


def test_what_the_owner_knew_is_found_by_serial_and_mac_and_by_the_name_of_its_site(
    journey: Journey, every: list[Stage]
) -> None:
    units = next(len(stage.wanted) for stage in every if stage.endpoint == objects.DEVICES)
    # Two of his three are units of this run; the third only shares a name.
    assert journey.counts[2][objects.DEVICES] == units + 1
    found = {d.step.wanted.title: d.step.id for d in journey.first if "serial" in d.step.wanted.values}
    assert [found[KNOWN], found[BY_MAC]] == journey.before["devices"][:2]
    assert found[OTHER] is None
    sites = {
        done.step.wanted.label: done.step.id for done in journey.first if done.step.wanted.endpoint == objects.SITES
    }
    assert sites["Bus depot"] == journey.before["site"]


def test_what_people_wrote_stays_and_is_told_and_what_is_empty_is_filled(journey: Journey) -> None:
    gate, depot = journey.after["Dome at the gate"], journey.after["Depot 7"]
    assert (gate["description"], gate["device_type"]["id"]) == ("cleaned in May", journey.before["type"])
    [step] = [d.step for d in journey.first if d.step.wanted.title == KNOWN and "serial" in d.step.wanted.values]
    assert any(
        line.startswith("device_type: NetBox has 'Dome', this run 'Hikvision DS-2CD2143G0-I'") for line in step.kept
    )
    assert depot["serial"] == "4E00023PAZ00023"
    assert depot["description"].startswith("netaudit ")
    assert depot["primary_ip4"]["address"].startswith("10.20.8.43/")
    assert journey.after["cam-17"]["primary_ip4"]["address"].startswith("10.20.8.37/")


def test_a_mac_stays_on_the_port_that_has_it(journey: Journey, place: Place, every: list[Stage]) -> None:
    [row] = place.netbox.rows(objects.MACS, mac_address=[unit(every, BY_MAC).mac])
    assert row["assigned_object_id"] == journey.before["interface"]


def test_no_request_but_what_the_schema_knows(journey: Journey, place: Place) -> None:
    if place.store is None:
        pytest.skip("a real NetBox tells no list of requests")
    assert place.store.faults == []
    assert {method for method, _ in place.store.asked} == {"GET", "POST", "PATCH"}


def test_a_refusal_is_told_and_what_hangs_on_it_is_not_tried(every: list[Stage]) -> None:
    clash = Wanted(objects.SITES, "New", "New", {"name": "New", "slug": "taken", "status": "active"})
    lost = Wanted(objects.DEVICES, "d", "d", {"name": "d", "site": Ref(objects.SITES, "New")})
    with serving(Store()) as store:
        netbox = NetBox(store.url, TOKEN)
        netbox.create(objects.SITES, [{"name": "Theirs", "slug": "taken", "status": "active"}])
        # As when somebody else makes the same site between finding and writing.
        step = compare(clash, None, {})
        assert "must be unique" in str(netbox.create(objects.SITES, [dict(clash.values)])[0])
        assert step.action == "create"
        refused = [*synchronise(netbox, [Stage(objects.DEVICES, [lost])], write=True)]
    assert [done.problem for done in refused] == ["what it belongs to could not be made"]


@pytest.mark.parametrize(
    ("url", "complaint"),
    [
        ("http://netbox.example.org", "in the clear"),
        ("ftp://127.0.0.1", "no http or https"),
        ("not an address", "no http or https"),
        ("http://127.0.0.1:1", "127.0.0.1"),
    ],
)
def test_the_token_goes_to_no_wrong_place(url: str, complaint: str) -> None:
    with pytest.raises(NetauditError, match=complaint):
        NetBox(url, TOKEN)


def test_an_old_netbox_and_a_wrong_token_are_said() -> None:
    with serving(Store(version="4.1")) as store, pytest.raises(NetauditError, match="netbox-csv"):
        NetBox(store.url, TOKEN)
    with serving(Store()) as store, pytest.raises(NetauditError, match="403"):
        NetBox(store.url, "wrong").rows(objects.SITES)
