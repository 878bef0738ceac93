"""What the tools themselves write, on a cable of our own: DHCP servers, neighbour tables, a capture. Needs root."""

import json
import shutil
import subprocess
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path

import pytest

from tests.intake.support import field, items
from tests.sweep.namespace import OUR_MAC, THEIR_MAC, Cable, cable, why_not

pytestmark = [pytest.mark.lab, pytest.mark.skipif(bool(why_not()), reason=why_not() or "-")]
__all__ = ["cable"]

VENDOR = "AXIS,Network Camera,P3343,5.20.3"
ISC = """\
default-lease-time 600; max-lease-time 600;
set vendor-class-identifier = option vendor-class-identifier;
subnet 10.66.0.0 netmask 255.255.255.0 { range 10.66.0.50 10.66.0.60; }
"""
KEA = {
    "Dhcp4": {
        "interfaces-config": {"interfaces": ["eth0"]}, "valid-lifetime": 600,
        "subnet4": [{"id": 1, "subnet": "10.66.0.0/24", "pools": [{"pool": "10.66.0.50 - 10.66.0.60"}]}],
    }
}  # fmt: skip


def need(*programs: str) -> None:
    missing = [name for name in programs if shutil.which(name) is None]
    if missing:
        pytest.skip(f"not installed: {', '.join(missing)}")


def inside(side: str, *words: str) -> str:
    line = ["ip", "netns", "exec", side, *words]
    return subprocess.run(line, check=True, capture_output=True, text=True).stdout


@contextmanager
def running(side: str, *words: str, env: dict[str, str] | None = None) -> Iterator[None]:
    process = subprocess.Popen(
        ["ip", "netns", "exec", side, *words], stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL,
        env={"PATH": "/usr/sbin:/usr/bin:/sbin:/bin", **(env or {})},
    )  # fmt: skip
    try:
        yield
    finally:
        process.terminate()
        process.wait(20)


def wait_for(ready: Callable[[], bool]) -> None:
    for _ in range(400):
        if ready():
            return
        time.sleep(0.05)
    raise AssertionError("it did not happen within 20 s")


def dnsmasq(folder: Path) -> tuple[Path, list[str], dict[str, str]]:
    leases = folder / "leases"
    line = ["dnsmasq", "-k", "-C", "/dev/null", "--port=0", "--interface=eth0", "--bind-interfaces", "--user=root",
            "--dhcp-range=10.66.0.50,10.66.0.60,10m", f"--dhcp-leasefile={leases}",
            f"--pid-file={folder / 'pid'}"]  # fmt: skip
    return leases, line, {}


def dhcpd(folder: Path) -> tuple[Path, list[str], dict[str, str]]:
    leases, settings = folder / "leases", folder / "dhcpd.conf"
    leases.touch()
    settings.write_text(ISC)
    line = [
        "dhcpd",
        "-f",
        "-4",
        "-user",
        "root",
        "-group",
        "root",
        "-cf",
        str(settings),
        "-lf",
        str(leases),
        "-pf",
        str(folder / "pid"),
        "eth0",
    ]
    return leases, line, {}


def kea(folder: Path) -> tuple[Path, list[str], dict[str, str]]:
    leases, settings = folder / "leases.csv", folder / "kea.json"
    made = json.loads(json.dumps(KEA))
    made["Dhcp4"]["lease-database"] = {"type": "memfile", "name": str(leases), "lfc-interval": 0}
    settings.write_text(json.dumps(made))
    return leases, ["kea-dhcp4", "-c", str(settings)], {"KEA_PIDFILE_DIR": str(folder), "KEA_LOCKFILE_DIR": str(folder)}


SERVERS = {
    "dhcp_dnsmasq": ("dnsmasq", dnsmasq), "dhcp_isc": ("dhcpd", dhcpd), "dhcp_kea": ("kea-dhcp4", kea),
}  # fmt: skip


@pytest.mark.parametrize("name", SERVERS)
def test_the_lease_that_a_real_server_writes_and_the_capture_of_it(cable: Cable, tmp_path: Path, name: str) -> None:
    program, start = SERVERS[name]
    need(program, "udhcpc", "tcpdump")
    leases, line, env = start(tmp_path)
    capture = tmp_path / "dhcp.pcap"
    with (
        running(cable.near, "tcpdump", "-i", "eth0", "-U", "-Z", "root", "-w", str(capture)),
        running(cable.near, *line, env=env),
    ):
        wait_for(lambda: capture.exists() and capture.stat().st_size >= 24)
        asked = [
            "udhcpc",
            "-i",
            "eth0",
            "-n",
            "-q",
            "-t",
            "20",
            "-T",
            "1",
            "-V",
            VENDOR,
            "-x",
            "hostname:gate-cam",
            "-s",
            "/bin/true",
        ]
        inside(cable.far, *asked)
        wait_for(lambda: THEIR_MAC in leases.read_text())
        wait_for(lambda: bool(spoken(capture)))
    found, told, unread = items(leases, at="")
    [row] = [item for item in told if field(item, "mac") == THEIR_MAC]
    assert (found, unread) == (name, [])
    assert str(row.target["ip"]).startswith("10.66.0.5") or str(row.target["ip"]) == "10.66.0.60"
    assert field(row, "hostname") == "gate-cam"
    assert name != "dhcp_isc" or field(row, "vendor_class") == VENDOR
    assert spoken(capture) == {VENDOR}


def spoken(capture: Path) -> set[str]:
    """Vendor classes in the DHCP messages of a capture."""
    from netaudit.evidence.kinds import read

    told = [item.raw for item in items(capture)[1] if item.kind == "dhcp.lease" and item.raw]
    return {str(fields["vendor_class"]) for raw in told if (fields := read("dhcp.lease", raw)).get("vendor_class")}


def test_the_neighbour_tables_that_linux_prints(cable: Cable, tmp_path: Path) -> None:
    need("arp", "ping")
    inside(cable.near, "ping", "-c", "1", "-W", "5", "10.66.0.10")
    subprocess.run(
        ["ip", "netns", "exec", cable.near, "ping", "-c", "1", "-W", "1", "10.66.0.77"],
        check=False,
        capture_output=True,
    )
    for name, words in {
        "ip_neigh": ["ip", "neigh"], "ip_neigh_json": ["ip", "-j", "neigh"], "arp": ["arp", "-an"],
    }.items():  # fmt: skip
        path = tmp_path / name
        path.write_text(inside(cable.near, *words))
        found, told, unread = items(path)
        assert (found, unread) == (name, [])
        assert ("10.66.0.10", THEIR_MAC) in {(item.target["ip"], field(item, "mac")) for item in told}
        assert "10.66.0.77" not in {item.target["ip"] for item in told}
    for words in (["arp", "-n"], ["cat", "/proc/net/arp"], ["arp", "-a"]):
        path = tmp_path / "table"
        path.write_text(inside(cable.near, *words))
        found, told, unread = items(path)
        assert (found, unread) == ("arp", [])
        assert ("10.66.0.10", THEIR_MAC) in {(item.target["ip"], field(item, "mac")) for item in told}


def test_a_capture_of_the_cable_shows_who_is_where(cable: Cable, tmp_path: Path) -> None:
    need("tcpdump", "ping")
    capture = tmp_path / "cable.pcap"
    with running(cable.near, "tcpdump", "-i", "eth0", "-U", "-Z", "root", "-w", str(capture)):
        wait_for(lambda: capture.exists() and capture.stat().st_size >= 24)
        inside(cable.near, "ip", "neigh", "flush", "dev", "eth0")

        def heard() -> bool:
            inside(cable.near, "ping", "-c", "1", "-W", "5", "10.66.0.11")
            pairs = {(item.target["ip"], field(item, "mac")) for item in items(capture)[1] if item.kind == "link.mac"}
            return {("10.66.0.1", OUR_MAC), ("10.66.0.11", THEIR_MAC)} <= pairs

        wait_for(heard)
