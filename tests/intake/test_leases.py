"""Leases of DHCP servers: what holds, what has ended, what breaks off."""

import time
from pathlib import Path

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from netaudit.intake.registry import all_formats
from tests.intake.support import field, items, source_of

MAC, OTHER = "44:19:b6:0a:0b:0c", "3c:ef:8c:0a:0b:0c"
ISC = """\
# The format of this file is documented in the dhcpd.leases(5) manual page.
authoring-byte-order little-endian;

lease 10.20.0.7 {
  starts 1 2026/11/23 06:00:00;
  ends 1 2026/11/23 07:00:00;
  cltt 1 2026/11/23 06:00:00;
  binding state free;
  next binding state free;
  hardware ethernet 00:11:22:33:44:55;
}
lease 10.20.0.7 {
  starts 1 2026/11/23 08:30:00;
  ends 1 2026/11/23 20:30:00;
  binding state active;
  hardware ethernet 44:19:b6:0a:0b:0c;
  uid "\\001D\\031\\266\\012\\013\\014";
  set vendor-class-identifier = "AXIS,Network Camera,P3343,5.20.3";
  client-hostname "gate-cam";
}
lease 10.20.0.8 {
  starts 1 2026/11/20 08:30:00;
  ends 1 2026/11/20 20:30:00;
  binding state active;
  hardware ethernet 3c:ef:8c:0a:0b:0c;
}
"""
LONG = 1_900_000_000
DNSMASQ = (
    f"{LONG} 44:19:b6:0a:0b:0c 10.20.0.7 gate-cam 01:44:19:b6:0a:0b:0c\n1700000000 3c:ef:8c:0a:0b:0c 10.20.0.8 * *\n"
)
KEA = (
    "address,hwaddr,client_id,valid_lifetime,expire,subnet_id,fqdn_fwd,fqdn_rev,hostname,state,user_context,pool_id\n"
    "10.20.0.7,00:11:22:33:44:55,,4000,1700000000,1,0,0,,0,,0\n"
    f"10.20.0.7,44:19:b6:0a:0b:0c,01:44:19:b6:0a:0b:0c,4000,{LONG},1,0,0,gate-cam,0,,0\n"
    f"10.20.0.8,3c:ef:8c:0a:0b:0c,,4000,{LONG},1,0,0,,1,,0\n"
)
KEA_JSON = (
    '[{"result":0,"arguments":{"leases":[{"ip-address":"10.20.0.7","hw-address":"44:19:b6:0a:0b:0c","hostname":"gate-cam",'
    f'"cltt":{LONG - 4000},"valid-lft":4000,"state":0,"subnet-id":1}},'
    '{"ip-address":"10.20.0.8","hw-address":"3c:ef:8c:0a:0b:0c","cltt":1700000000,"valid-lft":4000,"state":0}]}}]'
)
WINDOWS = (
    "#TYPE Microsoft.Management.Infrastructure.CimInstance#root/Microsoft/Windows/DHCP/DhcpServerv4Lease\n"
    '"IPAddress","ScopeId","AddressState","ClientId","ClientType","Description","DnsRegistration","DnsRR","HostName",'
    '"LeaseExpiryTime","NapCapable","NapStatus","PolicyName","ProbationEnds","ServerIP","PSComputerName"\n'
    '"10.20.0.7","10.20.0.0","Active","44-19-b6-0a-0b-0c","Dhcp","","Complete","A","gate-cam",'
    '"11/24/2026 8:00:00 AM","False","FullAccess",,"","10.20.0.2",""\n'
    '"10.20.0.8","10.20.0.0","InactiveReservation","3c-ef-8c-0a-0b-0c","Dhcp","","Complete","A","","","False","","","","",""\n'
)
CONSOLE = (
    "Client IP Address\tName\tLease Expiration\tType\tUnique ID\tDescription\n"
    "10.20.0.7\tgate-cam\t24.11.2026 08:00:00\tDHCP\t4419b60a0b0c\t\n"
    "10.20.0.8\t\tReservation (inactive)\tDHCP\t3cef8c0a0b0c\t\n"
)
FILES = {
    "dhcp_isc": ISC, "dhcp_dnsmasq": DNSMASQ, "dhcp_kea": KEA, "dhcp_kea_json": KEA_JSON, "dhcp_windows": WINDOWS,
}  # fmt: skip


def read(tmp_path: Path, text: str) -> tuple[str, list[dict[str, str]], list[object]]:
    file = tmp_path / "leases"
    file.write_text(text, encoding="utf-8")
    name, told, unread = items(file)
    rows = [
        {"at": str(item.target.get("ip", "")), **{key: field(item, key) for key in item.fields or {}}} for item in told
    ]
    return name, rows, list(unread)


@pytest.mark.parametrize("name", FILES)
def test_an_active_lease_ties_the_mac_to_the_address_and_an_ended_one_does_not(tmp_path: Path, name: str) -> None:
    found, rows, unread = read(tmp_path, FILES[name])
    assert (found, unread) == (name, [])
    assert [(row["mac"], row["at"], row["ip"]) for row in rows] == [
        (MAC, "10.20.0.7", "10.20.0.7"),
        (OTHER, "", "10.20.0.8"),
    ]
    assert rows[0]["hostname"] == "gate-cam"


def test_the_windows_console_list_is_read_too(tmp_path: Path) -> None:
    name, rows, _ = read(tmp_path, CONSOLE)
    assert (name, [row["mac"] for row in rows]) == ("dhcp_windows", [MAC, OTHER])


def test_the_vendor_class_of_isc_is_kept(tmp_path: Path) -> None:
    assert read(tmp_path, ISC)[1][0]["vendor_class"] == "AXIS,Network Camera,P3343,5.20.3"


def test_a_lease_file_cut_in_a_lease_says_so_and_keeps_the_rest(tmp_path: Path) -> None:
    _, rows, unread = read(tmp_path, ISC[: ISC.index("  ends 1 2026/11/20")])
    assert [row["mac"] for row in rows] == [MAC]
    assert len(unread) == 1


def test_a_line_that_is_no_lease_is_named(tmp_path: Path) -> None:
    _, rows, unread = read(tmp_path, DNSMASQ + "roses are red\n")
    assert (len(rows), len(unread)) == (2, 1)


@settings(suppress_health_check=[HealthCheck.function_scoped_fixture], max_examples=80, deadline=None)
@given(name=st.sampled_from(sorted(FILES)), at=st.integers(0, 1500), new=st.text(max_size=12), gone=st.integers(0, 20))
def test_no_damage_breaks_them(tmp_path: Path, name: str, at: int, new: str, gone: int) -> None:
    text = FILES[name]
    file = tmp_path / "damaged"
    file.write_text(text[:at] + new + text[at + gone :], encoding="utf-8", errors="replace")
    for item in all_formats()[name].read(source_of(file)):
        assert item.row >= 1


def test_ends_are_far_enough_away_for_the_tests_to_stay_true() -> None:
    assert time.time() < LONG
