"""Inventories and controllers: their own columns and shapes; secrets dropped, formulas left as text."""

import json
from pathlib import Path

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from netaudit.errors import DataError
from netaudit.intake.formats.csv_any import read_mapping
from netaudit.intake.model import Told, Unread
from netaudit.intake.registry import all_formats
from tests.intake.support import field, items, source_of

MAC, OTHER = "44:19:b6:0a:0b:0c", "3c:ef:8c:0a:0b:0c"
MILESTONE = (
    '\ufeff"HardwareName","HardwareAddress","MacAddress","UserName","Password","DriverNumber","DriverDisplayName",'
    '"RecordingServerName","RecordingServerId"\n'
    '"Gate","http://10.20.0.7:80/","4419B60A0B0C","root","hunter2","421","Hikvision DS-2CD Series","REC1","1"\n'
)
SNIPE = (
    "Item Name,Model Name,Model Number,Manufacturer,Category,Serial Number,Asset Tag,Location,Status,MAC Address,IP\n"
    'Gate cam,Dome camera,DS-2CD2143G2-I,Hikvision,Camera,J12345678,CAM-0007,"Hall, north",Deployed,'
    "44:19:B6:0A:0B:0C,10.20.0.7\n"
)
NETBOX = (
    "Name,Status,Tenant,Site,Location,Rack,Role,Manufacturer,Type,IP Address,Serial number,Asset tag\n"
    "gate-cam,Active,,HQ,Hall,,Camera,Axis,P3245-LVE,10.20.0.7/24,ACCC8E012345,CAM-7\n"
)
NETBOX_IMPORT = (
    "name,role,manufacturer,device_type,serial,asset_tag,status,site\n"
    "gate-cam,Camera,Axis,P3245-LVE,ACCC8E012345,C7,active,HQ\n"
)
NETBOX_MACS = "mac_address,device,interface,is_primary\n44:19:B6:0A:0B:0C,gate-cam,eth0,true\n"
NETBOX_JSON = json.dumps({"count": 1, "results": [{
    "id": 7, "name": "gate-cam", "device_type": {"model": "P3245-LVE", "manufacturer": {"name": "Axis"}},
    "role": {"name": "Camera"}, "serial": "ACCC8E012345", "site": {"name": "HQ"},
    "primary_ip": {"address": "10.20.0.7/24"},
}]})  # fmt: skip
RUNZERO = json.dumps({
    "id": "x", "addresses": ["10.20.0.7"], "names": ["GATE"], "macs": [MAC], "newest_mac": MAC, "type": "IP Camera",
    "hw_vendor": "Hikvision", "hw_product": "DS-2CD2143G2-I", "service_ports_tcp": [80, 554], "site_name": "HQ",
    "attributes": {"switch.name": "sw1", "switch.port": "7"},
})  # fmt: skip
UNIFI = json.dumps({"meta": {"rc": "ok"}, "data": [
    {"mac": MAC, "ip": "10.20.0.7", "hostname": "gate", "sw_mac": "78:8a:20:00:00:01", "sw_port": 7, "is_wired": True,
     "vlan": 20},
    {"mac": OTHER, "is_wired": False, "essid": "x", "ap_mac": "78:8a:20:00:00:02"},
]})  # fmt: skip
NETDISCO = (
    "mac,switch,port,vlan,oui,active,time_first,time_last\n"
    "44:19:b6:0a:0b:0c,10.20.0.250,Gi1/0/7,20,4419b6,t,2026-01-01,2026-11-23\n"
)
NETDISCO_JSON = json.dumps({
    "sightings": [{"mac": MAC, "switch": "10.20.0.250", "port": "Gi1/0/7", "vlan": "20", "time_last": "2026-11-23"}],
    "ips": [{"mac": MAC, "ip": "10.20.0.7", "time_last": "2026-11-23"}],
})  # fmt: skip
LIBRENMS_FDB = json.dumps({"status": "ok", "ports_fdb": [
    {"ports_fdb_id": 1, "port_id": 42, "mac_address": "4419b60a0b0c", "vlan_id": 20, "device_id": 3},
]})  # fmt: skip
LIBRENMS_ARP = json.dumps(
    {"status": "ok", "arp": [{"port_id": 42, "mac_address": "4419b60a0b0c", "ipv4_address": "10.20.0.7"}]}
)
LIBRENMS_CSV = "MAC Address,IPv4 Address,Device,Interface,VLAN,DNS\n44:19:b6:0a:0b:0c,10.20.0.7,sw1,Gi1/0/7,20,gate\n"
MASSCAN = (
    '[\n{   "ip": "10.20.0.7",   "timestamp": "1795424222", "ports": [ {"port": 554, "proto": "tcp", "status": "open", '
    '"reason": "syn-ack", "ttl": 64} ] },\n'
    '{   "ip": "10.20.0.7",   "timestamp": "1795424223", "ports": [ {"port": 80, "proto": "tcp", '
    '"status": "open"} ] },\n'
)
# name: file, (kind, MAC, address) of every item
EXPECTED = {
    "milestone": (MILESTONE, [("table.asset", MAC, "10.20.0.7")]),
    "snipe_it": (SNIPE, [("table.asset", MAC, "10.20.0.7")]),
    "netbox": (NETBOX, [("table.asset", "", "10.20.0.7")]),
    "netbox_addresses": (NETBOX_MACS, [("table.asset", MAC, "")]),
    "netbox_json": (NETBOX_JSON, [("table.asset", "", "10.20.0.7")]),
    "runzero": (RUNZERO, [("table.arp", MAC, "10.20.0.7"), ("table.asset", MAC, "10.20.0.7"), ("table.mac", MAC, ""),
                          ("tcp.ports", "", "")]),
    "unifi": (UNIFI, [("table.arp", MAC, "10.20.0.7"), ("table.mac", MAC, ""), ("table.asset", MAC, "")]),
    "netdisco": (NETDISCO, [("table.mac", MAC, "")]),
    "netdisco_json": (NETDISCO_JSON, [("table.mac", MAC, ""), ("table.arp", MAC, "10.20.0.7")]),
    "librenms": (LIBRENMS_CSV, [("table.arp", MAC, "10.20.0.7"), ("table.mac", MAC, "")]),
    "librenms_json": (LIBRENMS_FDB, [("table.mac", MAC, "")]),
    "masscan": (MASSCAN, [("tcp.ports", "", "")]),
}  # fmt: skip


def file_of(tmp_path: Path, text: str) -> Path:
    path = tmp_path / "inventory"
    path.write_text(text, encoding="utf-8")
    return path


@pytest.mark.parametrize("name", EXPECTED)
def test_each_is_recognised_and_gives_what_it_knows(tmp_path: Path, name: str) -> None:
    text, wanted = EXPECTED[name]
    found, told, unread = items(file_of(tmp_path, text))
    assert (found, unread) == (name, [])
    assert [(item.kind, field(item, "mac"), field(item, "ip")) for item in told] == wanted


def test_an_import_file_of_netbox_and_an_arp_answer_of_librenms_are_known_too(tmp_path: Path) -> None:
    assert items(file_of(tmp_path, NETBOX_IMPORT))[0] == "netbox"
    name, [row], _ = items(file_of(tmp_path, LIBRENMS_ARP))
    assert (name, row.kind, row.target["ip"]) == ("librenms_json", "table.arp", "10.20.0.7")


def test_what_a_unit_is_comes_along(tmp_path: Path) -> None:
    [row] = items(file_of(tmp_path, SNIPE))[1]
    assert row.fields is not None
    assert {key: value for key, value in row.fields.items() if key not in ("ip", "mac", "name", "status")} == {
        "manufacturer": "Hikvision", "model": "DS-2CD2143G2-I", "serial": "J12345678", "asset_tag": "CAM-0007",
        "location": "Hall, north", "category": "Camera",
    }  # fmt: skip


def test_passwords_are_never_read_whatever_the_format_or_the_mapping(tmp_path: Path) -> None:
    path = file_of(tmp_path, MILESTONE)
    for name in ("", "csv"):
        assert "hunter2" not in repr(items(path, name))
    mapping = tmp_path / "map.toml"
    mapping.write_text('name = "Password"\n')
    with pytest.raises(DataError, match="password"):
        read_mapping(mapping)


def test_a_masscan_list_that_is_cut_in_the_middle_is_read_to_its_last_whole_entry(tmp_path: Path) -> None:
    source = source_of(file_of(tmp_path, MASSCAN[:-20]))
    told = [item for item in all_formats()["masscan"].read(source) if isinstance(item, Told)]
    assert told[0].fields == {"open": ("554",)}
    assert source.losses == ["ends in the middle of an entry"]


def test_lines_and_banners_of_masscan_are_read_too(tmp_path: Path) -> None:
    told_by = '{"ip":"10.20.0.7","timestamp":"1795425467","port":80,"proto":"tcp","rec_type":"status"'
    status = told_by + ',"data":{"status":"open"}}\n'
    banner = status.replace(
        '{"status":"open"}', '{"service_name":"http","banner":"HTTP/1.0 401 x\\u000d\\u000aServer: App"}'
    )
    name, told, unread = items(file_of(tmp_path, status + banner))
    assert (name, unread, [item.kind for item in told]) == ("masscan", [], ["http.response", "tcp.ports"])
    listed = "#masscan\nopen tcp 554 10.20.0.7 1795425460\nopen tcp x y\n# end\n"
    name, [row], [bad] = items(file_of(tmp_path, listed))
    assert (name, row.fields, bad.row) == ("masscan_list", {"open": ("554",)}, 3)


def test_any_table_is_read_by_the_names_of_its_columns(tmp_path: Path) -> None:
    head, row = "Kamera;IP-Address;MAC address;Vendor;Room\n", "Gate;10.20.0.7;44-19-B6-0A-0B-0C;Hikvision;Hall\n"
    text = head + row + ";;;;\n;not an address;;;\n"
    name, told, unread = items(file_of(tmp_path, text))
    assert name == "csv"
    assert [(row.kind, row.target["ip"], field(row, "location")) for row in told] == [
        ("table.asset", "10.20.0.7", "Hall")
    ]
    assert unread == [Unread(4, "names no address, MAC, serial or name")]


@pytest.mark.parametrize(
    ("head", "row"),
    [
        ("Kamera;IP-Adresse;Hersteller;Raum", "Gate;10.20.0.7;Hikvision;Hall"),
        ("Nom;Adresse IP;Fabricant;Emplacement", "Gate;10.20.0.7;Hikvision;Hall"),
        ("Nombre;Dirección IP;Fabricante;Ubicación", "Gate;10.20.0.7;Hikvision;Hall"),
        ("Camera,URL,Vendor,Room", "Gate,http://10.20.0.7:80/onvif,Hikvision,Hall"),
        ("Camera,Address,Vendor,Room", "Gate,rtsp://10.20.0.7/live,Hikvision,Hall"),
    ],
)
def test_columns_in_other_languages_and_addresses_in_links_are_understood(tmp_path: Path, head: str, row: str) -> None:
    name, [told], unread = items(file_of(tmp_path, f"{head}\n{row}\n"))
    assert (name, unread, told.target["ip"]) == ("csv", [], "10.20.0.7")
    assert told.fields == {"ip": "10.20.0.7", "name": "Gate", "manufacturer": "Hikvision", "location": "Hall"}


def test_a_login_in_a_link_is_not_kept(tmp_path: Path) -> None:
    _, [told], _ = items(file_of(tmp_path, "Camera,Address\nGate,rtsp://root:hunter2@10.20.0.7/live\n"))
    assert told.fields == {"ip": "10.20.0.7", "name": "Gate"}


def test_a_mapping_names_the_columns_of_a_table_that_has_others(tmp_path: Path) -> None:
    path = file_of(tmp_path, "Adr,Geraet,Typ\n10.20.0.7,Gate,Dome\n")
    mapping = tmp_path / "map.toml"
    mapping.write_text('ip = "Adr"\nname = ["Geraet"]\nmodel = "Typ"\n')
    source = source_of(path)
    source.mapping = read_mapping(mapping)
    [row] = all_formats()["csv"].read(source)
    assert isinstance(row, Told)
    assert row.fields == {"ip": "10.20.0.7", "name": "Gate", "model": "Dome"}
    mapping.write_text('colour = "x"\n')
    with pytest.raises(DataError, match="colour"):
        read_mapping(mapping)


def test_a_formula_in_a_name_stays_text(tmp_path: Path) -> None:
    evil = '=HYPERLINK("http://203.0.113.9/","x")'
    text = 'name,ip\n"' + evil.replace('"', '""') + '",10.20.0.7\n'
    [row] = items(file_of(tmp_path, text))[1]
    assert field(row, "name") == evil


@pytest.mark.parametrize(
    ("text", "why"),
    [
        ('ip,name\n"10.20.0.7,x\n' + "y" * 140_000, "is no row"),
        ("ip,name\n10.20.0.7,x,1,2,3\n", "has 5 columns where the header has 2"),
    ],
)
def test_a_broken_row_is_named_and_the_rest_kept(tmp_path: Path, text: str, why: str) -> None:
    _, told, unread = items(file_of(tmp_path, text + "\n10.20.0.9,z\n"))
    assert any(why in item.why for item in unread)
    assert [item.target["ip"] for item in told][-1:] in (["10.20.0.9"], [])


@pytest.mark.parametrize(
    ("cell", "said"),
    [
        ("10.20.0.999", "10.20.0.999 is no address; the rest of the row is kept"),
        ("http://10.20.0.256/", "10.20.0.256 is no address; the rest of the row is kept"),
        ("DHCP", None), ("gate.example.org", None), ("10.20.0.7/24", None), ("", None), ("V1.2.3.4000", None),
    ],
)  # fmt: skip
def test_a_mistyped_address_is_named_and_the_rest_of_its_row_kept(tmp_path: Path, cell: str, said: str | None) -> None:
    _, told, unread = items(file_of(tmp_path, f"ip,name\n{cell},Gate\n"))
    assert [field(row, "name") for row in told] == ["Gate"]
    assert unread == ([Unread(2, said)] if said else [])


@settings(suppress_health_check=[HealthCheck.function_scoped_fixture], max_examples=120, deadline=None)
@given(
    name=st.sampled_from(sorted(EXPECTED)), at=st.integers(0, 600), new=st.text(max_size=12), gone=st.integers(0, 20)
)
def test_no_damage_breaks_them(tmp_path: Path, name: str, at: int, new: str, gone: int) -> None:
    text = EXPECTED[name][0]
    path = tmp_path / "damaged"
    path.write_text(text[:at] + new + text[at + gone :], encoding="utf-8", errors="replace")
    for item in all_formats()[name].read(source_of(path)):
        assert item.row >= 1


KEYS = ["ip", "mac", "ports", "addresses", "macs", "names", "data", "results", "leases", "arguments", "attributes",
        "device_type", "sightings", "ports_fdb", "arp", "port", "service", "role", "x"]  # fmt: skip
TEXTS = ["²", "10.20.0.7", "open", "tcp", MAC]
JSON = st.recursive(
    st.none() | st.booleans() | st.integers() | st.text(max_size=8) | st.sampled_from(TEXTS),
    lambda inner: st.lists(inner, max_size=4) | st.dictionaries(
        st.sampled_from(KEYS), inner, max_size=5),
    max_leaves=20,
)  # fmt: skip
SHAPED = [
    "netbox_json",
    "runzero",
    "unifi",
    "netdisco_json",
    "librenms_json",
    "masscan",
    "dhcp_kea_json",
    "ip_neigh_json",
]


@settings(suppress_health_check=[HealthCheck.function_scoped_fixture], max_examples=150, deadline=None)
@given(name=st.sampled_from(SHAPED), value=JSON)
def test_no_json_breaks_them(tmp_path: Path, name: str, value: object) -> None:
    path = tmp_path / "odd.json"
    path.write_text(json.dumps(value), encoding="utf-8")
    for item in all_formats()[name].read(source_of(path)):
        assert item.row >= 1
