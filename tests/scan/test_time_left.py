"""The time left on the progress line keeps its word: reckoned, measured, and held against a run on a cable."""

import asyncio
import socket
import subprocess
from collections.abc import Iterator
from time import monotonic

import pytest
from hypothesis import given
from hypothesis import strategies as st

from netaudit.scan.options import Phase, Progress, ScanOptions
from netaudit.scan.run import run_scan
from netaudit.scan.time_left import Pace, Part, Seen, ports_time, questions_time, time_left, walk_left
from netaudit.scope.model import Limits
from tests.diagnose.scene import serving
from tests.net.support import gate_for
from tests.scan.support import OK, MemoryLog
from tests.sweep.namespace import LIVING, Cable, run_in

NORMAL = Pace(overall=500, a_host=10, ports=19, directed=13, cheap=3, questions=90, window=6, wait=3)
NOBODY = Seen()


def test_a_large_network_is_what_is_left_to_send() -> None:
    away = Part(done=0, total=3 * 4094)
    assert walk_left(NORMAL, Part(), away, 0) == pytest.approx(2 * 3 * 4094 / 500 + 2.5)


def test_its_own_speed_counts_once_it_says_something() -> None:
    slow = Part(done=1000, total=4000, spent=100)
    assert walk_left(NORMAL, Part(), slow, 100) == pytest.approx(300 + 2.5)


def test_a_small_network_takes_as_long_as_its_segment_is_listened_to() -> None:
    assert walk_left(NORMAL, Part(done=14, total=14, spent=2), Part(), 2) == 4


def test_waits_for_late_answers_are_no_sending() -> None:
    near, routed = ports_time(NORMAL, Seen(near=1)), ports_time(NORMAL, Seen(away=1))
    assert near == pytest.approx((19 + 13) / 10 + 3)
    assert routed == pytest.approx((19 + 2 * 13) / 10 + 3.75)
    assert ports_time(NORMAL, NOBODY) == 0


def test_one_host_keeps_its_pace_and_many_the_limit_of_the_run() -> None:
    assert questions_time(NORMAL, Seen(open=1)) == questions_time(NORMAL, Seen(open=40)) == 9
    assert questions_time(NORMAL, Seen(open=300)) == pytest.approx(54)


def test_a_step_that_is_nearly_done_still_waits_for_its_slowest_host() -> None:
    left = time_left(NORMAL, "questions", Part(32, 49, 3), Part(), Part(), Seen(near=7, open=7), 0)
    assert left == pytest.approx(6)


def test_the_first_few_tell_nothing() -> None:
    assert time_left(NORMAL, "discover", Part(3, 1000, 5), Part(3, 1000, 5), Part(), NOBODY, 0) is None


@given(
    phase=st.sampled_from(["discover", "ports", "questions", "done"]), done=st.floats(0, 1e5), total=st.floats(0, 1e5),
    spent=st.floats(0, 1e4), near=st.floats(0, 1e4), away=st.floats(0, 1e4), mute=st.floats(0, 1e5),
)  # fmt: skip
def test_it_is_never_less_than_nothing(
    phase: Phase, done: float, total: float, spent: float, near: float, away: float, mute: float
) -> None:
    part, seen = Part(done, total, spent), Seen(near, away, near / 2, mute)
    left = time_left(NORMAL, phase, part, part, part, seen, 4094)
    assert left is None or 0 <= left < float("inf")


@pytest.fixture
def routed(cable: Cable) -> Iterator[Cable]:
    """A network behind the device, which hands nothing on: every address there is silent."""
    route = ["ip", "-n", cable.near, "route"]
    subprocess.run([*route, "add", "10.97.0.0/26", "via", LIVING[0]], check=True)
    yield cable
    subprocess.run([*route, "del", "10.97.0.0/26"], check=True)


def test_a_run_on_a_cable_keeps_its_word(routed: Cable) -> None:
    """Slow enough that the limit decides, whatever else this machine does meanwhile."""
    told: list[tuple[float, Progress]] = []

    def scan() -> float:
        gate = gate_for("10.66.0.0/26", "10.97.0.0/26", limits=Limits(packets_per_second=200, packets_per_host=20))
        options = ScanOptions(window=1.5, directed_wait=0.8, connect_patience=1.0, engine="syn")
        work = run_scan(options, gate, MemoryLog(), lambda step: told.append((monotonic(), step)))
        assert asyncio.run(work).status == "complete"
        return monotonic()

    with serving(routed.far, LIVING[0], 80, OK, socket.SOCK_STREAM):
        ended = run_in(routed.near, scan)
    promised = [(step.phase, step.done, step.eta, ended - at) for at, step in told if step.eta is not None]
    assert len(promised) >= 10
    late = [one for one in promised if one[3] > one[2] * 1.5 + 2]
    assert not late, promised
    # What a device has to say is known when it has said it: until then the longest conversation is reckoned with.
    talk = questions_time(NORMAL, Seen(open=1))
    assert not [one for one in promised if one[2] > one[3] * 2 + talk], promised
    assert [step.phase for _, step in told][-1] == "done"
    assert told[-1][1].eta == 0
