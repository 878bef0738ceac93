"""Neighbour discovery: the solicitation byte by byte, advertisements from bytes, likely addresses, and a real cable."""

import asyncio
import struct
import subprocess
from collections.abc import Iterator
from contextlib import contextmanager
from ipaddress import IPv6Address, IPv6Network

import pytest
from hypothesis import given
from hypothesis import strategies as st

from netaudit.net.interfaces import interfaces_in_scope
from netaudit.scan.catalogue import Catalogue
from netaudit.scan.options import RunOutcome, ScanOptions
from netaudit.scan.run import run_scan
from netaudit.scope.allow_list import shipped_list
from netaudit.sweep.link_sweep import LinkSweep
from netaudit.sweep.nd import likely, nd_sweep, patch, read_reply, template
from tests.net.support import gate_for, wire_for
from tests.scan.support import MemoryLog
from tests.sweep.namespace import OUR_MAC, OURS_V6, THEIR_MAC, THEIRS_V6, Cable, run_in

SOURCE = IPv6Address("2001:db8::1")
REPLY = bytes.fromhex(
    "020000000001 4419b6000001 86dd 6000000000203aff"
    "20010db8000000000000000000000007 20010db8000000000000000000000001"
    "8800abcd60000000 20010db8000000000000000000000007 0201 4419b6000001"
)
BY_MAC = "fd00:66::4619:b6ff:fe00:1"


def asked(target: IPv6Address) -> bytes:
    frames = bytearray(template(OUR_MAC, str(SOURCE)) * 2)
    patch(frames, 86, target.packed)
    return bytes(frames[86:])


@given(st.ip_addresses(v=6))
def test_every_solicitation_is_summed_right_goes_to_its_own_group_and_is_on_the_list(target: IPv6Address) -> None:
    frame, last = asked(target), target.packed[13:]
    pseudo = frame[22:54] + struct.pack("!II", 32, 58) + frame[54:]
    assert sum(struct.unpack(f"!{len(pseudo) // 2}H", pseudo)) % 0xFFFF == 0
    assert frame[:6] == b"\x33\x33\xff" + last
    assert frame[38:54] == bytes.fromhex("ff0200000000000000000001ff") + last
    assert frame[62:78] == target.packed
    listed = shipped_list().frame(frame)
    assert listed is not None
    assert listed.label == "neighbour solicitation"


def test_one_solicitation_byte_by_byte() -> None:
    assert asked(IPv6Address("2001:db8::7")) == bytes.fromhex(
        "3333ff000007 020000000001 86dd 6000000000203aff"
        "20010db8000000000000000000000001 ff0200000000000000000001ff000007"
        "8700 1c1d 00000000 20010db8000000000000000000000007 0101 020000000001"
    )


def test_a_question_to_the_group_of_all_is_not_on_the_list() -> None:
    frame = bytearray(asked(IPv6Address("2001:db8::7")))
    frame[38:54] = IPv6Address("ff02::1").packed
    assert shipped_list().frame(bytes(frame)) is None


def test_an_advertisement_names_address_and_mac() -> None:
    assert read_reply(REPLY) == ("2001:db8::7", "44:19:b6:00:00:01")
    assert read_reply(REPLY[:78]) == ("2001:db8::7", "44:19:b6:00:00:01")


@pytest.mark.parametrize(("at", "value"), [(21, 64), (20, 6), (54, 135), (13, 0), (80, 0x45)])
def test_what_came_through_a_router_or_is_none_is_nothing(at: int, value: int) -> None:
    changed = bytearray(REPLY)
    changed[at] = value
    assert read_reply(bytes(changed)) is None


@given(st.binary(max_size=120))
def test_any_frame_is_read_or_nothing(frame: bytes) -> None:
    read_reply(frame)
    read_reply(REPLY[:55] + frame)


def test_likely_addresses_come_from_macs_from_ipv4_and_from_1_up() -> None:
    found = list(likely(IPv6Network("2001:db8::/64"), ["44:19:b6:00:00:01"], ["10.20.0.5"]))
    assert {"2001:db8::1", "2001:db8::ff", "2001:db8::4619:b6ff:fe00:1"} <= set(found)
    assert {"2001:db8::a14:5", "2001:db8::10:20:0:5"} <= set(found)
    assert len(found) == len(set(found)) == 258


@given(st.integers(0, 128))
def test_none_is_outside_its_network(length: int) -> None:
    network = IPv6Network((SOURCE, length), strict=False)
    macs, ipv4 = ["44:19:b6:00:00:01"], ["192.0.2.7"]
    assert all(IPv6Address(address) in network for address in likely(network, macs, ipv4))


@contextmanager
def address(cable: Cable, text: str) -> Iterator[None]:
    change = ["ip", "-n", cable.far, "addr"]
    subprocess.run([*change, "add", f"{text}/64", "dev", "eth0", "nodad"], check=True)
    try:
        yield
    finally:
        subprocess.run([*change, "del", f"{text}/64", "dev", "eth0"], check=True)


def test_on_a_real_cable_the_living_answer_and_nobody_outside_the_scope_is_asked(cable: Cable) -> None:
    def work() -> tuple[LinkSweep, int]:
        wire = wire_for("fd00:66::/120")
        interface = interfaces_in_scope(wire._gate.scope)[0][0]
        assert interface.address == OURS_V6
        return asyncio.run(nd_sweep(wire, interface, [THEIRS_V6, "fd00:66::20", BY_MAC])), wire.packets

    with address(cable, BY_MAC):
        swept, packets = run_in(cable.near, work)
    assert swept.found == {THEIRS_V6: THEIR_MAC}
    assert set(swept.unsent) == {BY_MAC}
    assert packets == 3


@pytest.mark.parametrize("network", ["fd00:66::/120", "fd00:66::/64"])
def test_a_run_finds_ipv6_hosts_that_say_nothing_by_themselves(cable: Cable, network: str) -> None:
    log = MemoryLog()

    def work() -> RunOutcome:
        options = ScanOptions(window=0.0, directed_wait=0.1, connect_patience=0.5)
        return asyncio.run(run_scan(options, gate_for(network, "10.66.0.0/28"), log, catalogue=Catalogue()))

    with address(cable, BY_MAC):
        outcome = run_in(cable.near, work)
    assert outcome.status == "complete"
    macs = {o.target["ip"]: o.fields["mac"] for o in log.written if o.kind == "link.mac" and ":" in o.target["ip"]}
    assert macs == dict.fromkeys([THEIRS_V6] if network.endswith("120") else [THEIRS_V6, BY_MAC], THEIR_MAC)
    assert log.status("sweep", THEIRS_V6) == ("answered", "neighbour discovery")
    if network.endswith("120"):
        assert log.status("sweep", "fd00:66::20") == ("silent", "no answer to 2 neighbour solicitations")
    else:
        assert log.status("neighbour_discovery", f"eth0 {OURS_V6}")[0] == "answered"
