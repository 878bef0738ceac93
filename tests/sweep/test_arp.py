"""ARP: frames built once by scapy, replies read from bytes, and a real sweep over a real cable."""

import asyncio
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from netaudit.net.interfaces import Interface, interfaces_in_scope
from netaudit.sweep.arp import arp_sweep, neighbours, read_reply, template
from netaudit.sweep.link_sweep import LinkSweep
from tests.net.support import gate_for, wire_for
from tests.sweep.namespace import LIVING, OUR_MAC, OURS, THEIR_MAC, Cable, run_in

REPLY = bytes.fromhex("0200000000014419b6000001080600010800060400024419b6000001c0000207020000000001c0000201")
SCOPE = "10.66.0.0/24"


def test_the_template_is_a_whole_arp_request() -> None:
    frame = template(OUR_MAC, "192.0.2.1")
    assert bytes(frame) == bytes.fromhex(
        "ffffffffffff02000000000108060001080006040001020000000001c000020100000000000000000000"
    )


def test_a_reply_names_address_and_mac() -> None:
    assert read_reply(REPLY) == ("192.0.2.7", "44:19:b6:00:00:01")
    assert read_reply(REPLY + bytes(18)) == ("192.0.2.7", "44:19:b6:00:00:01")


@pytest.mark.parametrize(
    ("start", "end", "wrong"),
    [
        (12, 14, b"\x08\x00"),
        (20, 22, b"\x00\x01"),
        (22, 28, b"\xff" * 6),
        (22, 28, bytes(6)),
        (22, 28, b"\x01\x00\x5e\x00\x00\x01"),
    ],
)
def test_what_is_no_reply_of_one_host_is_nothing(start: int, end: int, wrong: bytes) -> None:
    assert read_reply(REPLY[:start] + wrong + REPLY[end:]) is None


@given(st.binary(max_size=80))
def test_any_frame_is_read_or_nothing(frame: bytes) -> None:
    answer = read_reply(frame)
    assert answer is None or len(answer[1]) == 17


def test_the_kernels_table_gives_complete_entries_only(tmp_path: Path) -> None:
    table = tmp_path / "arp"
    table.write_text(
        "IP address       HW type     Flags       HW address            Mask     Device\n"
        "192.0.2.7        0x1         0x2         44:19:B6:00:00:01     *        eth0\n"
        "192.0.2.8        0x1         0x0         00:00:00:00:00:00     *        eth0\n"
        "192.0.2.9        0x1         0x2         44:19:b6:00:00:03     *        eth0\n"
        "192.0.2.10       0x1         zz          44:19:b6:00:00:04     *        eth0\n"
        "broken line\n"
    )
    assert neighbours(["192.0.2.7", "192.0.2.8", "192.0.2.10"], table) == {"192.0.2.7": "44:19:b6:00:00:01"}
    assert neighbours(["192.0.2.7"], tmp_path / "missing") == {}


def _sweep(addresses: list[str]) -> tuple[dict[str, str], Interface, int]:
    gate = gate_for(SCOPE)
    interface = interfaces_in_scope(gate.scope)[0][0]
    wire = wire_for(SCOPE)
    found = asyncio.run(arp_sweep(wire, interface, addresses)).found
    return found, interface, wire.packets


def test_on_a_real_cable_the_living_answer_and_the_silent_are_asked_twice(cable: Cable) -> None:
    addresses = [f"10.66.0.{number}" for number in range(2, 60)]
    found, interface, packets = run_in(cable.near, lambda: _sweep(addresses))
    assert found == dict.fromkeys(LIVING, THEIR_MAC)
    assert (interface.name, interface.address, interface.mac) == ("eth0", OURS, OUR_MAC)
    assert (str(interface.network), interface.broadcast) == ("10.66.0.0/24", "10.66.0.255")
    assert packets == 2 * len(addresses) - len(LIVING)


def test_an_address_outside_the_scope_is_never_asked(cable: Cable) -> None:
    def work() -> tuple[LinkSweep, int]:
        wire = wire_for("10.66.0.11/32", "10.66.0.1/32")
        interface = interfaces_in_scope(gate_for(SCOPE).scope)[0][0]
        return asyncio.run(arp_sweep(wire, interface, [*LIVING])), wire.packets

    sweep, packets = run_in(cable.near, work)
    assert set(sweep.found) == {"10.66.0.11"}
    assert set(sweep.unsent) == {"10.66.0.10", "10.66.0.12"}
    assert packets == 1
