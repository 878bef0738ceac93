"""Every responder through every protocol that it speaks: on its own link, and across the router.

The building is scanned from both sides, so that each responder is near in one scan and behind the router in the other.
"""

import json
from ipaddress import IPv4Address, ip_network

import pytest

from tests.lab.answers import ANSWERS, Answer
from tests.lab.building import PLANTED, Planted
from tests.lab.capture import contacted
from tests.lab.conftest import Scanned
from tests.lab.network import ANNEX
from tests.lab.test_building import GROUPS

pytestmark = [pytest.mark.lab, pytest.mark.xdist_group("lab")]
IN_THE_ANNEX = "10.77.2."


def name(answer: Answer) -> str:
    return f"{answer.ip}-{answer.probe}-{answer.kind}"


def test_every_planted_responder_is_in_the_table() -> None:
    assert {planted.host.ip for planted in PLANTED} <= {answer.ip for answer in ANSWERS}


@pytest.mark.parametrize("answer", ANSWERS, ids=name)
def test_on_its_own_link(scanned: Scanned, across: Scanned, answer: Answer) -> None:
    near = across if answer.ip.startswith(IN_THE_ANNEX) else scanned
    hold(near, answer, answer.link)
    if answer.ip != "10.77.0.1":
        assert near.heard(answer.ip, "link.mac")


@pytest.mark.parametrize("answer", ANSWERS, ids=name)
def test_across_the_router(scanned: Scanned, across: Scanned, answer: Answer) -> None:
    far = scanned if answer.ip.startswith(IN_THE_ANNEX) else across
    hold(far, answer, answer.across)
    assert not far.heard(answer.ip, "link.mac"), "no router hands on a MAC"


@pytest.mark.parametrize("planted", PLANTED, ids=lambda planted: planted.host.name)
def test_every_responder_is_one_device_from_both_sides(scanned: Scanned, across: Scanned, planted: Planted) -> None:
    assert scanned.device(planted.host.ip)
    assert across.device(planted.host.ip)


def test_from_the_annex_too_not_one_packet_leaves_the_scope(across: Scanned) -> None:
    counts = contacted(across.capture, ANNEX)
    inside = [ip_network("10.77.0.0/24"), ip_network("10.77.2.0/24")]
    strays = {str(ip) for ip in counts if not any(ip in network for network in inside)}
    assert strays <= GROUPS
    assert counts[IPv4Address("10.77.0.11")] > 0


def hold(scan: Scanned, answer: Answer, silent_because: str) -> None:
    """Hold one row against a scan. Silence must be that: asked as the row says, and no answer."""
    heard = [o for o in scan.heard(answer.ip, answer.kind) if o.via.get("probe") == answer.probe]
    if not silent_because:
        assert heard, f"nothing heard by {answer.probe}"
        return
    assert heard == [], f"no longer so: {silent_because}"
    lines = map(json.loads, (scan.folder / "attempts.jsonl").read_text(encoding="utf-8").splitlines())
    asked = {line["status"] for line in lines if (line["probe"], line["target"]) == (answer.probe, answer.ip)}
    # A description is fetched only from where an SSDP answer names it; a segment is asked as a whole.
    assert asked <= {"silent", "not_scheduled"}
