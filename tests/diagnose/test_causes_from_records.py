"""Causes that no cable shows: recorders' channels, hosts left alone, unfinished runs, ports held by others."""

from collections.abc import Mapping, Sequence
from pathlib import Path

import pytest

from netaudit.diagnose.cause import _words
from netaudit.diagnose.causes import _FORBIDDING, _RULES, causes
from netaudit.diagnose.trace import trace
from netaudit.evidence.log import RunLog
from netaudit.evidence.observation import Observation, observe
from netaudit.evidence.run import RunInfo, RunStatus, write_run
from tests.diagnose.scene import HEAD

AT = "2026-11-23T10:00:00.000Z"
SCOPE = f'{HEAD}\n[[network]]\ncidr = "192.0.2.0/28"\npublic = true\nreason = "a test"\n'
HOST = "192.0.2.7"
SWEPT = {"probe": "sweep", "target": HOST, "status": "answered", "reason": "TCP", "started": AT, "ended": AT}
ROUTES = ("default via 10.0.0.1 dev eth0",)


def told(
    folder: Path,
    attempts: Sequence[Mapping[str, object]] = (),
    observations: Sequence[Observation] = (),
    status: RunStatus = "complete",
    losses: tuple[str, ...] = (),
) -> dict[str, str]:
    """The causes of HOST in a run with this record."""
    with RunLog.create(folder / "run", SCOPE.encode()) as log:
        for observation in observations:
            log.observation(observation)
        for attempt in attempts:
            log.attempt(attempt)
    write_run(folder / "run", RunInfo("r1", "1", AT, AT, status, routes=ROUTES, losses=losses))
    return {one.id: f"{one.because} / {one.do}" for one in causes(trace(folder / "run", HOST), "FOLDER")}


def test_a_camera_that_a_recorder_lists_hangs_behind_it(tmp_path: Path) -> None:
    channel = {"channel": "3", "name": "Gate", "ip": HOST}
    listed = observe("recorder.channel", AT, {"ip": "192.0.2.2"}, fields=channel)
    silent = {**SWEPT, "status": "silent", "reason": "no answer on TCP 80"}
    assert told(tmp_path, [silent], [listed])["behind_recorder"].startswith("192.0.2.2 names it as a channel")


def test_a_host_left_alone_is_named_with_what_was_not_asked(tmp_path: Path) -> None:
    left = {**SWEPT, "probe": "rtsp", "status": "not_scheduled", "reason": "left alone after two time-outs in a row"}
    assert told(tmp_path, [SWEPT, left])["left_alone"].startswith("rtsp were not asked any more")


def test_an_unfinished_run_says_how_to_go_on(tmp_path: Path) -> None:
    waiting = {**SWEPT, "probe": "rtsp", "status": "not_scheduled", "reason": "interrupted: the run ended before"}
    found = told(tmp_path, [SWEPT, waiting], status="partial")
    assert "netaudit scan --resume --out FOLDER" in found["run_unfinished"]
    assert "rtsp were left for later" in found["run_unfinished"]


def test_a_run_that_never_came_to_it(tmp_path: Path) -> None:
    assert "all questions to it" in told(tmp_path, status="running")["run_unfinished"]


def test_onvif_switched_off_is_a_likely_reason_for_an_unnamed_web_server(tmp_path: Path) -> None:
    ports = observe("tcp.ports", AT, {"ip": HOST}, fields={"open": ("80",), "closed": ("554",)})
    found = told(tmp_path, [SWEPT, {**SWEPT, "probe": "tcp.ports"}], [ports])
    assert "answered on TCP 80, 554" in found["onvif_off"]
    assert "open TCP ports: 80" in found["nothing_told"]


@pytest.mark.parametrize(
    ("loss", "cause"),
    [
        ("UDP port 37020 on eth0 10.0.0.2 is taken (Address already in use): answers of sadp", "port_taken"),
        ("interface eth1 (192.0.2.1) is down: its segment was not asked", "interface_down"),
    ],
)
def test_what_the_run_lost_as_a_whole_bears_on_each_address(tmp_path: Path, loss: str, cause: str) -> None:
    silent = {**SWEPT, "status": "silent", "reason": "no answer on TCP 80"}
    assert told(tmp_path, [silent], losses=(loss,))[cause].startswith(loss)


def test_packets_that_the_kernel_could_not_take_are_no_silence_of_the_device(tmp_path: Path) -> None:
    unsent = {**SWEPT, "probe": "dhip", "status": "not_sent", "reason": "could not be sent: No buffer space available"}
    assert told(tmp_path, [SWEPT, unsent])["back_pressure"].startswith("dhip: could not be sent")


def test_a_foreign_unit_that_answered_is_reported_as_such(tmp_path: Path) -> None:
    with RunLog.create(tmp_path / "run", SCOPE.encode()) as log:
        reason = "answered from 198.51.100.9 on eth0 outside the written scope: not kept, not asked"
        log.attempt({**SWEPT, "probe": "sadp", "target": "198.51.100.9", "status": "not_scheduled", "reason": reason})
    write_run(tmp_path / "run", RunInfo("r1", "1", AT))
    assert [one.id for one in causes(trace(tmp_path / "run", "198.51.100.9"))] == ["answered_outside"]


def test_every_cause_has_words_and_a_rule() -> None:
    assert _words().keys() == _FORBIDDING.keys() | _RULES.keys()
