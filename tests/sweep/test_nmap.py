"""nmap as an engine: its command line, its XML cut anywhere, and a real run over a real cable."""

import asyncio
import shutil
import tempfile
from collections.abc import Sequence
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from netaudit.errors import DataError, UsageError
from netaudit.sweep.live_host import LiveHost
from netaudit.sweep.nmap import NmapEnd, Stream, command, find_nmap, may_send_raw, nmap_sweep, read_hosts
from netaudit.sweep.ports import CameraPorts
from tests.net.support import gate_for
from tests.sweep.namespace import LIVING, THEIR_MAC, Cable, listening, run_in

needs_nmap = pytest.mark.skipif(shutil.which("nmap") is None, reason="the program nmap is not installed")
PORTS = CameraPorts((80, 554, 8000), (80, 554))


def _host(ip: str, mac: str = "", state: str = "up", ports: str = "") -> str:
    hardware = f'<address addr="{mac}" addrtype="mac" vendor="X"/>' if mac else ""
    return (
        f'<host><status state="{state}" reason="arp-response"/><address addr="{ip}" addrtype="ipv4"/>{hardware}'
        f"<hostnames></hostnames><ports>{ports}</ports></host>\n"
    )


def _port(number: int, state: str) -> str:
    return (
        f'<port protocol="tcp" portid="{number}"><state state="{state}" reason="x" reason_ttl="64"/>'
        '<service name="http" method="table" conf="3"/></port>'
    )


XML = (
    '<?xml version="1.0" encoding="UTF-8"?>\n<!DOCTYPE nmaprun>\n<nmaprun scanner="nmap" args="nmap" version="7.93">\n'
    + _host("192.0.2.7", "44:19:B6:00:00:01", ports=_port(80, "open") + _port(554, "closed") + _port(8000, "filtered"))
    + _host("192.0.2.8", state="down")
    + _host("192.0.2.9", ports=_port(80, "closed"))
    + '<runstats><finished time="2" timestr="x" elapsed="1" exit="success"/>'
    + '<hosts up="2" down="1" total="3"/></runstats>\n</nmaprun>\n'
).encode()

FIRST = LiveHost("192.0.2.7", "nmap", "44:19:b6:00:00:01", "", frozenset({80}), frozenset({554}))
LAST = LiveHost("192.0.2.9", "nmap", "", "", frozenset(), frozenset({80}))


def test_a_whole_file_gives_the_living() -> None:
    assert read_hosts(XML) == [FIRST, LAST]


@given(st.integers(0, len(XML)))
def test_a_file_cut_anywhere_gives_the_hosts_that_were_finished(length: int) -> None:
    cut = XML[:length]
    expected = [host for host, mark in ((FIRST, b"192.0.2.7"), (LAST, b"192.0.2.9")) if _finished(cut, mark)]
    assert read_hosts(cut) == expected


def _finished(cut: bytes, mark: bytes) -> bool:
    return mark in cut and b"</host>" in cut[cut.index(mark) :]


def test_an_entity_bomb_is_not_even_declared() -> None:
    bomb = XML.replace(b"<!DOCTYPE nmaprun>", b'<!DOCTYPE nmaprun [<!ENTITY a "aaaa">]>').replace(
        b'timestr="x"', b'timestr="&a;"'
    )
    with pytest.raises(DataError, match="nmap's XML"):
        read_hosts(bomb)


def test_other_xml_is_refused_or_empty() -> None:
    assert read_hosts(b"<html></html>") == []
    assert read_hosts(b"") == []
    with pytest.raises(DataError):
        read_hosts(b"<nmaprun><host><status state='up'/></host></nmaprun>")


def test_the_command_carries_our_limits_and_never_resolves_names(tmp_path: Path) -> None:
    gate = gate_for("192.0.2.0/24")
    line = command("nmap", tmp_path / "t", tmp_path / "x", PORTS, gate.scope.limits, privileged=True)
    assert line[:4] == ["nmap", "-n", "-sS", "--privileged"]
    assert "-PS80,554" in line
    assert line[line.index("-p") + 1] == "80,554,8000"
    assert line[line.index("--max-rate") + 1] == "100000"
    plain = command("nmap", tmp_path / "t", tmp_path / "x", PORTS, gate.scope.limits, privileged=False)
    assert plain[2:4] == ["-sT", "--unprivileged"]


def test_raw_packets_need_the_capability(tmp_path: Path) -> None:
    status = tmp_path / "status"
    status.write_text("Name:\tx\nCapEff:\t0000000000000000\nCapAmb:\t0000000000002000\n")
    assert may_send_raw(status)
    status.write_text("Name:\tx\nCapEff:\t0000000000001fff\nCapAmb:\t0000000000000000\n")
    assert not may_send_raw(status)


def test_without_nmap_the_user_is_told_what_to_do(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("PATH", "/nowhere")
    with pytest.raises(UsageError, match="--engine auto"):
        find_nmap()


@needs_nmap
def test_on_a_real_cable_nmap_finds_the_living_with_mac_and_ports(cable: Cable) -> None:
    addresses = [f"10.66.0.{number}" for number in (5, 10, 11, 12, 60)]

    hosts: list[LiveHost] = []

    def work() -> NmapEnd:
        return asyncio.run(nmap_sweep(gate_for("10.66.0.0/24"), addresses, PORTS, hosts.extend))

    with listening(cable.far, ("10.66.0.10", 80), ("10.66.0.12", 554)):
        end = run_in(cable.near, work)
    assert end.whole
    assert {(host.ip, host.mac, host.open_ports, host.closed_ports) for host in hosts} == {
        ("10.66.0.10", THEIR_MAC, frozenset({80}), frozenset({554, 8000})),
        ("10.66.0.11", THEIR_MAC, frozenset(), frozenset({80, 554, 8000})),
        ("10.66.0.12", THEIR_MAC, frozenset({554}), frozenset({80, 8000})),
    }
    assert len(hosts) == len(LIVING)


@given(st.lists(st.integers(0, len(XML)), max_size=6))
def test_a_growing_file_gives_each_host_once_as_soon_as_it_is_finished(cuts: list[int]) -> None:
    with tempfile.TemporaryDirectory() as folder:
        xml, hosts = Path(folder) / "xml", list[LiveHost]()
        xml.touch()
        stream = Stream(xml, frozenset({FIRST.ip, LAST.ip}), hosts.extend)
        for cut in [*sorted(cuts), len(XML)]:
            xml.write_bytes(XML[:cut])
            stream.read_all()
            assert hosts == [
                h for h, mark in ((FIRST, b"192.0.2.7"), (LAST, b"192.0.2.9")) if _finished(XML[:cut], mark)
            ]
        assert not stream.broken


def test_hosts_that_nobody_asked_for_are_not_handed_on(tmp_path: Path) -> None:
    hosts: list[LiveHost] = []
    (tmp_path / "xml").write_bytes(XML)
    Stream(tmp_path / "xml", frozenset({LAST.ip}), hosts.extend).read_all()
    assert hosts == [LAST]


def test_a_stream_that_is_no_nmap_xml_says_so(tmp_path: Path) -> None:
    (tmp_path / "xml").write_bytes(b"<nmaprun><host><status state='up'/></host>")
    stream = Stream(tmp_path / "xml", frozenset(), list[LiveHost]().extend)
    stream.read_all()
    assert "nmap's XML" in stream.broken


@needs_nmap
def test_an_interrupted_nmap_has_told_what_it_had(cable: Cable, monkeypatch: pytest.MonkeyPatch) -> None:
    """nmap is replaced by a program that writes one finished host and then hangs, as nmap does on a silent network."""
    monkeypatch.setattr("netaudit.sweep.nmap.command", lambda _, targets, xml, *rest, **more: [
        "sh", "-c", f"printf '%s' '<nmaprun>{_host('10.66.0.10')}' > {xml}; exec sleep 60",
    ])  # fmt: skip
    hosts: list[LiveHost] = []
    told = asyncio.Event()

    def heard(found: Sequence[LiveHost]) -> None:
        hosts.extend(found)
        told.set()

    async def interrupted() -> None:
        addresses = ["10.66.0.10", "10.66.0.99"]
        task = asyncio.ensure_future(nmap_sweep(gate_for("10.66.0.0/24"), addresses, PORTS, heard))
        await told.wait()
        task.cancel()
        await asyncio.wait([task])
        assert task.cancelled()

    run_in(cable.near, lambda: asyncio.run(asyncio.wait_for(interrupted(), 30)))
    assert [host.ip for host in hosts] == ["10.66.0.10"]
