"""IPv6 link-local: asked on every link in scope, kept with the link's name, never asked by address."""

import asyncio
import subprocess
import time

import pytest

from netaudit.net.interfaces import interfaces_in_scope, link_local
from netaudit.probes import mdns, ws_discovery
from netaudit.scan.catalogue import Catalogue
from netaudit.scan.options import RunOutcome, ScanOptions
from netaudit.scan.run import run_scan
from netaudit.scope.gate import plain_address
from tests.net.support import gate_for
from tests.scan.support import MemoryLog
from tests.scan.test_protocols_on_a_cable import _v6_device
from tests.sweep.namespace import OUR_MAC, OURS, THEIR_MAC, Cable, run_in

SCOPE = "10.66.0.0/28"


@pytest.fixture
def settled(cable: Cable) -> Cable:
    """The cable, once the kernel has made sure that nobody else has its link-local addresses."""
    for side in (cable.near, cable.far):
        show = ["ip", "-n", side, "-6", "addr", "show", "dev", "eth0", "tentative"]
        for _ in range(400):
            if not subprocess.run(show, check=True, capture_output=True, text=True).stdout.strip():
                break
            time.sleep(0.02)
    return cable


def test_our_own_address_of_the_link_is_found_and_vouched_for(settled: Cable) -> None:
    def ours() -> None:
        found, _ = interfaces_in_scope(gate_for(SCOPE).scope)
        (here,) = link_local(found)
        assert plain_address(here.address).is_link_local
        assert (here.name, here.version, here.vouched, here.mac) == ("eth0", 6, OURS, OUR_MAC)
        assert link_local(()) == ()

    run_in(settled.near, ours)


def test_a_device_that_has_only_such_an_address_is_heard_and_never_asked(settled: Cable) -> None:
    log = MemoryLog()
    catalogue = Catalogue((ws_discovery.PROBE, mdns.PROBE))
    options = ScanOptions(window=3.0, directed_wait=0.2, connect_patience=1.2)

    def scan() -> RunOutcome:
        return asyncio.run(run_scan(options, gate_for(SCOPE), log, catalogue=catalogue))

    with _v6_device(settled.far) as heard:
        outcome = run_in(settled.near, scan)
    assert outcome.status == "complete"
    assert {port for port, source in heard if source.startswith("fe80::")} == {3702, 5353}
    told = {(o.kind, o.target["ip"], o.target["site"]) for o in log.written if str(o.target["ip"]).startswith("fe80")}
    ours = {ip for _, ip, _ in told}
    assert {kind for kind, _, _ in told} >= {"wsd.probe_match", "mdns.service"}
    assert all(ip.endswith("%eth0") for ip in ours)
    assert {site for _, _, site in told} == {"Site"}
    # The whole link was heard beside it: that is where the MAC comes from.
    assert THEIR_MAC in {o.target.get("mac") for o in log.written if o.target["ip"] in ours}
    asked = [record for record in log.records if str(record["target"]).startswith("fe80")]
    assert asked == []
    assert {loss for loss in outcome.losses if "fe80" in loss} == set()
