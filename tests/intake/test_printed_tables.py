"""Tables as the tools print them: recognised, every row read, what is no unit left out, what is no row reported."""

from pathlib import Path

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from netaudit.intake.model import Unread
from netaudit.intake.registry import all_formats
from tests.intake.support import RECORDED, field, items, source_of

CAMERA, OTHER, ROUTER = "44:19:b6:0a:0b:0c", "3c:ef:8c:0a:0b:0c", "00:11:22:33:44:55"
ARP = [(CAMERA, "10.20.0.7"), (OTHER, "10.20.0.8")]
# file -> format, (MAC, address) pairs of ARP rows, (MAC, switch, port, vlan) of forwarding rows
EXPECTED = {
    "cisco_ios_mac": ("cisco_ios", [], [(CAMERA, "sw-3", "Gi1/0/7", "20"), (OTHER, "sw-3", "Gi1/0/8", "20"),
                                        (ROUTER, "sw-3", "Po1", "1")]),
    "cisco_ios_6500": ("cisco_ios", [], [(CAMERA, "", "Gi3/7", "20"), (OTHER, "", "Gi3/8", "20")]),
    "cisco_ios_4500": ("cisco_ios", [], [(CAMERA, "dist-1", "GigabitEthernet3/7", "20"),
                                         (OTHER, "dist-1", "GigabitEthernet3/8", "20")]),
    "cisco_ios_arp": ("cisco_ios", [(ROUTER, "10.20.0.1"), *ARP], []),
    "cisco_nxos_mac": ("cisco_nxos", [], [(CAMERA, "nx-1", "Eth1/7", "20"), (OTHER, "nx-1", "Po10", "20"),
                                          ("9c:8e:cd:0a:0b:0c", "nx-1", "vPC Peer-Link", "20"),
                                          ("ec:c8:9c:0a:0b:0c", "nx-1", "nve1(10.0.0.1)", "20"),
                                          (ROUTER, "nx-1", "sup-eth1(R)", "")]),
    "cisco_nxos_arp": ("cisco_nxos", ARP, []),
    "aruba_switch_mac": ("aruba_switch", [], [(CAMERA, "HP-2920", "7", "20"), (OTHER, "HP-2920", "A8", "20"),
                                              (ROUTER, "HP-2920", "Trk1", "1")]),
    "aruba_switch_vlan": ("aruba_switch", [], [(CAMERA, "HP-2920", "7", "20"), (OTHER, "HP-2920", "8", "20")]),
    "aruba_switch_arp": ("aruba_switch", ARP, [(CAMERA, "HP-2920", "7", ""), (OTHER, "HP-2920", "8", "")]),
    "aruba_cx_mac": ("aruba_cx", [], [(CAMERA, "6300-1", "1/1/7", "20"), (OTHER, "6300-1", "1/1/8", "20")]),
    "aruba_cx_arp": ("aruba_cx", ARP, [(CAMERA, "6300-1", "1/1/7", ""), (OTHER, "6300-1", "1/1/8", "")]),
    "comware_mac": ("comware", [], [(CAMERA, "hp5130-1", "GE1/0/7", "20"), (OTHER, "hp5130-1", "GE1/0/8", "20")]),
    "comware_arp": ("comware", ARP, [(CAMERA, "hp5130-1", "GE1/0/7", "20"), (OTHER, "hp5130-1", "GE1/0/8", "20")]),
    "juniper_els": ("juniper", [], [(CAMERA, "ex-1", "ge-0/0/7.0", "cctv"), (OTHER, "ex-1", "ae0.0", "cctv")]),
    "juniper_old": ("juniper", [], [(CAMERA, "ex-2", "ge-0/0/7.0", "cctv"), (OTHER, "ex-2", "ge-0/0/8.0", "cctv")]),
    "juniper_arp": ("juniper", [*ARP, (ROUTER, "10.20.0.9")], [(CAMERA, "ex-1", "ge-0/0/7.0", ""),
                                                              (OTHER, "ex-1", "ae0.0", "")]),
    "mikrotik_arp": ("mikrotik", ARP, []),
    "mikrotik_arp7": ("mikrotik", ARP, []),
    "mikrotik_hosts": ("mikrotik", [], [("6c:3b:6b:00:00:01", "MikroTik", "ether1", ""),
                                        (CAMERA, "MikroTik", "ether7", "20"),
                                        (OTHER, "MikroTik", "sfp-sfpplus1", "20")]),
    "mikrotik_leases": ("mikrotik", ARP, []),
    "mikrotik_terse": ("mikrotik_terse", ARP, []),
    "edgeswitch": ("edgeswitch", [], [(CAMERA, "", "0/7", "20"), (OTHER, "", "0/8", "20")]),
    "arp_linux": ("arp", ARP, []),
    "arp_linux_n": ("arp", ARP, []),
    "arp_proc": ("arp", ARP, []),
    "arp_macos": ("arp", ARP, []),
    "arp_freebsd": ("arp", ARP, []),
    "arp_openbsd": ("arp", ARP, []),
    "arp_windows": ("arp", ARP, []),
    "ip_neigh": ("ip_neigh", [*ARP, (CAMERA, "fe80::4619:b6ff:fe0a:b0c")], []),
    "ip_neigh_json": ("ip_neigh_json", ARP, []),
}  # fmt: skip


@pytest.mark.parametrize("name", EXPECTED)
def test_each_table_is_recognised_and_read_to_the_last_row(name: str) -> None:
    wanted, arp, ports = EXPECTED[name]
    found, told, unread = items(RECORDED / f"{name}.txt")
    assert found == wanted
    assert unread == []
    assert [(field(i, "mac"), field(i, "ip")) for i in told if i.kind == "table.arp"] == arp
    shown = [tuple(field(i, key) for key in ("mac", "switch", "port", "vlan")) for i in told if i.kind == "table.mac"]
    assert shown == ports


def test_every_recorded_table_is_expected() -> None:
    assert {path.stem for path in RECORDED.glob("*.txt")} == EXPECTED.keys()


def test_the_owner_named_by_the_user_wins_over_the_prompt() -> None:
    _, told, _ = items(RECORDED / "cisco_ios_mac.txt", owner="edge-7")
    assert {field(item, "switch") for item in told} == {"edge-7"}


def test_a_line_with_an_address_that_is_no_row_is_reported_with_that_address_alone(tmp_path: Path) -> None:
    file = tmp_path / "sw.txt"
    file.write_text(
        (RECORDED / "cisco_ios_mac.txt").read_text()
        + " 20 4419.b60a.0bff BROKEN secret hunter2\nsnmp community hunter2\n"
    )
    _, told, unread = items(file)
    assert len(told) == 3
    assert unread == [Unread(14, "has the address 4419.b60a.0bff, but is no row of this table")]


def test_tables_pasted_one_after_the_other_keep_their_switches(tmp_path: Path) -> None:
    file = tmp_path / "all.txt"
    first = (RECORDED / "cisco_ios_mac.txt").read_text()
    file.write_text(first + first.replace("sw-3", "sw-4"))
    _, told, _ = items(file)
    assert {field(item, "switch") for item in told} == {"sw-3", "sw-4"}


@pytest.mark.parametrize("encoding", ["utf-16", "utf-8-sig", "cp1252"])
def test_what_a_windows_shell_wrote_is_read_in_its_encoding(tmp_path: Path, encoding: str) -> None:
    file = tmp_path / "arp.txt"
    text = (RECORDED / "arp_windows.txt").read_text().replace("Interface", "Schnittstelle (Gerät)", 1)
    file.write_bytes(text.encode(encoding))
    found, told, _ = items(file)
    assert (found, len(told)) == ("arp", 2)


PRINTED = sorted({wanted for wanted, _, _ in EXPECTED.values()})
LINE = st.one_of(
    st.text(max_size=200), st.from_regex(r"[ *+0-9A-Fa-f.:-]{0,60}", fullmatch=True),
    st.sampled_from([line for path in sorted(RECORDED.glob("*.txt")) for line in path.read_text().splitlines()]),
)  # fmt: skip


@settings(suppress_health_check=[HealthCheck.function_scoped_fixture], max_examples=60, deadline=None)
@given(lines=st.lists(LINE, max_size=12))
def test_no_text_breaks_any_of_them(tmp_path: Path, lines: list[str]) -> None:
    file = tmp_path / "fuzz.txt"
    file.write_text("\n".join(lines), encoding="utf-8", errors="replace")
    source = source_of(file)
    for name in PRINTED:
        for item in all_formats()[name].read(source):
            assert item.row >= 1
