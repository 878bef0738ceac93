"""Listening over a real cable: everything that is announced is kept once, within the scope, and nothing is sent."""

import asyncio
from pathlib import Path

import pytest

from netaudit.errors import ScopeError, UsageError
from netaudit.listen.options import ListenOptions
from netaudit.listen.run import run_listen
from tests.evidence.frames.build import HELLO, ethernet, ipv4, udp
from tests.evidence.frames.test_frames_read import arp, device, sadp_frame
from tests.listen.support import SCOPE, Witness, listened, put
from tests.net.support import gate_for
from tests.scan.support import FullLog, MemoryLog
from tests.sweep.namespace import OURS, THEIR_MAC, Cable, can_give_up, give_up_raw, run_in

RECORDED = Path(__file__).parents[1] / "recorded" / "frames"
WSD_BYE = (
    b'<e:Envelope xmlns:e="http://www.w3.org/2003/05/soap-envelope" '
    b'xmlns:d="http://schemas.xmlsoap.org/ws/2005/04/discovery"><e:Body><d:Bye><a:EndpointReference '
    b'xmlns:a="http://schemas.xmlsoap.org/ws/2004/08/addressing"><a:Address>'
    b"urn:uuid:aa85c000-6324-11b3-819e-4419b6000007</a:Address></a:EndpointReference></d:Bye></e:Body></e:Envelope>"
)


def said(payload: bytes, port: int, source: str, mac: str = THEIR_MAC, vlans: tuple[int, ...] = ()) -> bytes:
    return ethernet(ipv4(udp(payload, port, port), source), 0x0800, source=mac, vlans=vlans)


def hello(address: str) -> bytes:
    return HELLO.replace(b"192.0.0.64", address.encode())


FRAMES = (
    said(hello("10.66.0.10"), 37020, "10.66.0.10"),
    said(hello("10.66.0.10"), 37020, "10.66.0.10"),
    said(WSD_BYE, 3702, "10.66.0.11"),
    said(hello("10.66.0.12"), 37020, "10.66.0.12", vlans=(20,)),
    (RECORDED / "udhcpc_discover.frame").read_bytes(),
    (RECORDED / "lldpd_lldp.frame").read_bytes(),
    (RECORDED / "lldpd_cdp.frame").read_bytes(),
    ethernet(arp(1, THEIR_MAC, "10.66.0.13"), 0x0806, source=THEIR_MAC),
    ethernet(sadp_frame(2, device()), 0x8033),
    # A unit of another subnet, a public address, an address that the scope leaves out, a stranger's ARP.
    said(hello("192.168.1.64"), 37020, "192.168.1.64", mac="44:19:b6:00:00:64"),
    said(hello("203.0.113.9"), 37020, "203.0.113.9"),
    said(hello("10.66.0.30"), 37020, "10.66.0.30"),
    ethernet(arp(1, THEIR_MAC, "192.168.7.7"), 0x0806, source=THEIR_MAC),
)
KINDS = {
    "sadp.reply", "wsd.probe_match", "dhcp.lease", "lldp.announcement", "cdp.announcement", "link.mac", "sadp.frame",
}  # fmt: skip


def test_everything_announced_is_kept_once_and_nothing_is_sent(still: Cable) -> None:
    gate = gate_for(SCOPE, exclude=("10.66.0.30",))
    with Witness(still.far) as witness:
        outcome, log = listened(
            still,
            lambda: put(still.far, FRAMES),
            lambda log: any(o.target.get("ip") == "192.168.1.64" for o in log.written),
            gate=gate,
        )
        assert witness.seen() == []
    assert outcome.status == "complete"
    heard = {(o.kind, o.target.get("ip", "")) for o in log.written if o.target.get("mac") != "02:00:00:00:00:01"}
    assert {kind for kind, _ in heard} == KINDS
    assert {ip for kind, ip in heard if kind == "sadp.reply"} == {"10.66.0.10", "10.66.0.12", "192.168.1.64"}
    assert sum(o.kind == "sadp.reply" and o.target["ip"] == "10.66.0.10" for o in log.written) == 1
    assert all(o.origin == "passive" for o in log.written)
    assert all(
        (o.via["interface"], o.via["source_ip"], o.via["probe"]) == ("eth0", OURS, "listen") for o in log.written
    )
    assert all(o.target["site"] == "Site" for o in log.written)
    tagged = [o.target["vlan"] for o in log.written if o.target.get("ip") == "10.66.0.12"]
    assert tagged == [20]


def test_what_is_outside_the_scope_is_told_or_counted(cable: Cable) -> None:
    outcome, log = listened(
        cable,
        lambda: put(cable.far, FRAMES[::-1]),
        lambda log: any(o.target.get("ip") == "10.66.0.10" for o in log.written),
        gate=gate_for(SCOPE, exclude=("10.66.0.30",)),
    )
    told = [loss for loss in outcome.losses if "44:19:b6:00:00:64" in loss]
    assert told == [
        "192.168.1.64 (44:19:b6:00:00:64) on eth0 is set up for a subnet outside the written scope: it was heard there "
        "and is listed, but never asked"
    ]
    assert log.status("listen", "192.168.1.64")[0] == "not_scheduled"
    assert "1 addresses that the scope leaves out were heard: counted, not kept" in outcome.losses
    assert any("addresses outside the written scope were heard: counted, not kept" in loss for loss in outcome.losses)
    kept = repr(log.written)
    assert "203.0.113.9" not in kept
    assert "10.66.0.30" not in kept
    assert "192.168.7.7" not in kept
    status, reason = log.status("listen", f"eth0 {OURS}")
    assert status == "answered"
    assert "sadp.reply" in reason


def test_joining_makes_the_kernel_report_and_is_only_done_when_asked_for(cable: Cable) -> None:
    with Witness(cable.far) as witness:
        outcome, _ = listened(
            cable,
            lambda: put(cable.far, FRAMES[:1]),
            lambda log: bool(log.written),
            ListenOptions(join=True),
        )
        seen = witness.seen()
    igmp = [frame for frame in seen if frame[12:14] == b"\x08\0" and frame[23] == 2]
    assert igmp
    assert any(bytes([239, 255, 255, 250]) in frame[34:] for frame in igmp)
    assert [frame for frame in seen if frame[12:14] == b"\x08\0" and frame[23] == 17] == []
    assert not any("no multicast group was joined" in loss for loss in outcome.losses)


@pytest.mark.skipif(not can_give_up(), reason="the number of capset is not known here")
@pytest.mark.parametrize("join", [False, True], ids=["alone", "member"])
def test_without_the_right_to_hear_frames_it_says_what_it_misses(cable: Cable, join: bool) -> None:
    to_all = ethernet(ipv4(udp(hello("10.66.0.10"), 37020, 37020), "10.66.0.10", "255.255.255.255"), 0x0800)
    outcome, log = listened(
        cable,
        lambda: put(cable.far, [said(WSD_BYE, 3702, "10.66.0.11"), to_all]),
        lambda log: any(o.kind == "sadp.reply" for o in log.written),
        ListenOptions(join=join),
        first=give_up_raw,
    )
    kinds = {o.kind for o in log.written}
    assert kinds == ({"sadp.reply", "wsd.probe_match"} if join else {"sadp.reply"})
    (missed,) = [loss for loss in outcome.losses if "no right to hear whole frames" in loss]
    assert ("and groups" in missed) == join


def test_a_time_limit_ends_it_and_a_stop_before_that_is_partial(cable: Cable) -> None:
    log = MemoryLog()
    ended = run_in(cable.near, lambda: asyncio.run(run_listen(ListenOptions(seconds=0.2), gate_for(SCOPE), log)))
    assert ended.status == "complete"
    assert any("this run only listened" in loss for loss in ended.losses)
    outcome, _ = listened(
        cable, lambda: put(cable.far, FRAMES[:1]), lambda log: bool(log.written), ListenOptions(seconds=3600.0)
    )
    assert outcome.status == "partial"


def test_a_full_disk_stops_it_with_all_before_whole(cable: Cable) -> None:
    outcome, log = listened(cable, lambda: put(cable.far, FRAMES), lambda _: False, log=FullLog(1))
    assert outcome.status == "stopped"
    assert len(log.written) == 1
    assert "No space left on device" in outcome.losses[-1]


def test_where_nothing_can_be_listened_to_it_says_what_to_do(cable: Cable) -> None:
    def listen(scope: str, *names: str) -> None:
        run_in(
            cable.near,
            lambda: asyncio.run(run_listen(ListenOptions(0.1, names), gate_for(scope), MemoryLog())),
        )

    with pytest.raises(UsageError, match="--interface"):
        listen("10.99.0.0/24")
    with pytest.raises(UsageError, match="no interface 'eth9'"):
        listen(SCOPE, "eth9")


def test_an_expired_permission_is_no_permission_to_listen() -> None:
    from dataclasses import replace
    from datetime import date

    from netaudit.scope.gate import Gate

    scope = gate_for(SCOPE).scope
    past = replace(scope, authorisation=replace(scope.authorisation, valid_until=date(2026, 2, 1)))
    with pytest.raises(ScopeError):
        Gate(past, date(2026, 11, 23))
