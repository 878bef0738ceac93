"""`netaudit why` against real causes: filters, a missing route, a missing right, a deaf segment, on a real cable."""

import json
import socket
from pathlib import Path

import pytest

from netaudit.cli import main
from netaudit.diagnose.causes import causes
from netaudit.diagnose.trace import trace
from tests.diagnose.scene import HEAD, MATCH, MUTE, SHUT, WEB, filtered, scan_into, serving
from tests.scan.support import OK
from tests.sweep.namespace import Cable, can_give_up, give_up_raw, listening, run_in

pytestmark = pytest.mark.xdist_group("diagnose")


@pytest.fixture(scope="module")
def run(cable: Cable, tmp_path_factory: pytest.TempPathFactory) -> Path:
    folder = tmp_path_factory.mktemp("why") / "run"
    with (
        filtered(cable),
        listening(cable.far, (MUTE, 80)),
        serving(cable.far, WEB, 80, OK, socket.SOCK_STREAM),
        serving(cable.far, WEB, 3702, MATCH, socket.SOCK_DGRAM),
    ):
        run_in(cable.near, lambda: scan_into(folder))
    return folder


def found(run: Path, address: str) -> dict[str, str]:
    """Ids of the causes to what they are known from."""
    return {one.id: one.because for one in causes(trace(run, address), str(run))}


def test_a_dropped_port_is_told_from_a_closed_one(run: Path) -> None:
    told = found(run, WEB)
    assert "TCP 554 neither accepted nor refused" in told["drops_some"]
    assert " 80," in told["drops_some"]


def test_a_port_that_the_scope_forbids_is_named(run: Path) -> None:
    assert "8000" in found(run, WEB)["ports_left_out"]


def test_a_device_that_drops_everything_still_lives_by_arp(run: Path) -> None:
    assert "it answered ARP, yet none of " in found(run, SHUT)["drops_all"]


def test_a_firewall_of_our_own_is_blamed_and_not_the_device(run: Path) -> None:
    assert "ws_discovery: could not be sent: Operation not permitted" in found(run, MUTE)["local_firewall"]


def test_a_service_that_accepts_and_never_answers_is_named(run: Path) -> None:
    assert "port 80: no answer within 0.5 s" in found(run, MUTE)["mute_service"]


def test_a_deaf_segment_shows_where_a_host_answers_only_when_asked_by_address(run: Path) -> None:
    told = found(run, WEB)
    assert "1 hosts of 10.66.0.0/28 answered" in told["multicast_lost"]
    assert "sent from eth0 10.66.0.1" in told["multicast_lost"]
    assert "multicast_lost" in found(run, "10.66.0.7")


def test_an_address_that_nobody_owns_on_our_own_segment(run: Path) -> None:
    told = found(run, "10.66.0.7")
    assert told["nobody_on_link"].startswith("no answer to 2 ARP requests, sent from eth0 10.66.0.1; ARP cannot")


def test_a_missing_route_is_not_silence(run: Path) -> None:
    assert set(found(run, "10.99.0.1")) == {"no_route"}
    assert trace(run, "10.99.0.1").status("sweep") == "not_sent"
    assert any("10.99.0.0/30: no route leads there" in loss for loss in trace(run, "10.99.0.1").run.losses)


def test_a_silent_network_behind_a_router_that_lets_nothing_through(run: Path) -> None:
    assert "through 10.66.0.10 on eth0" in found(run, "10.98.0.1")["silent_network"]


@pytest.mark.parametrize(
    ("address", "cause"), [("10.66.0.5", "excluded"), ("10.50.0.1", "outside_scope"), ("10.66.0.1", "own_address")]
)
def test_what_may_not_be_asked_has_one_reason_only(run: Path, address: str, cause: str) -> None:
    assert set(found(run, address)) == {cause}


@pytest.mark.skipif(not can_give_up(), reason="the number of capset is not known here")
def test_a_missing_right_is_named_where_only_arp_would_have_seen(cable: Cable, tmp_path: Path) -> None:
    def scan() -> None:
        give_up_raw()
        scan_into(tmp_path / "run", f'{HEAD}\n[[network]]\ncidr = "10.66.0.0/28"\n')

    with filtered(cable):
        run_in(cable.near, scan)
    told = found(tmp_path / "run", SHUT)
    assert "no right to send ARP on eth0" in told["no_privilege"]
    assert "silent_here" in told


def test_a_scope_around_our_own_address_leaves_the_segment_unasked(cable: Cable, tmp_path: Path) -> None:
    run_in(cable.near, lambda: scan_into(tmp_path / "run", f'{HEAD}\n[[network]]\ncidr = "10.66.0.12/30"\n'))
    assert "eth0" in found(tmp_path / "run", "10.66.0.13")["half_segment"]


def test_the_story_tells_when_what_went_by_which_way_and_what_came_back(
    run: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    assert main(["why", WEB, "--run", str(run)]) == 0
    told = capsys.readouterr().out
    assert f"{WEB} gave a sign of life in run scene" in told
    assert "on our own link, from eth0 10.66.0.1  [10.66.0.0/24 dev eth0]" in told
    assert "answered  sweep: ARP" in told
    assert "to all there  silent    " in told
    assert "To do: " in told


def test_the_same_as_data(run: Path, capsys: pytest.CaptureFixture[str]) -> None:
    assert main(["why", "10.99.0.1", "--run", str(run), "--format", "json"]) == 0
    told = json.loads(capsys.readouterr().out)
    assert (told["seen"], told["allowed"], told["route"]) == (False, True, None)
    assert [one["id"] for one in told["causes"]] == ["no_route"]
    assert told["tries"][0]["status"] == "not_sent"


def test_what_is_no_address_is_refused(run: Path, capsys: pytest.CaptureFixture[str]) -> None:
    assert main(["why", "camera-7", "--run", str(run)]) == 2
    assert "is no IP address" in capsys.readouterr().err
