"""The limiter: whatever is asked of it and whenever, the promised rate holds."""

import asyncio

import pytest
from hypothesis import given
from hypothesis import strategies as st

from netaudit.net.limiter import Connections, Limiter, Pace
from netaudit.net.pacer import Pacer
from netaudit.scope.model import Limits

GAPS = st.floats(0, 3, allow_nan=False)


@given(st.lists(st.tuples(GAPS, st.integers(1, 5)), min_size=1, max_size=60), st.integers(1, 50), st.integers(5, 20))
def test_no_window_ever_holds_more_than_burst_plus_rate_times_its_length(
    requests: list[tuple[float, int]], rate: int, burst: int
) -> None:
    pace, now, sent = Pace(rate, burst), 0.0, list[tuple[float, int]]()
    for gap, count in requests:
        now += gap
        now += pace.reserve(now, count)
        sent.append((now, count))
    for start in range(len(sent)):
        total = 0
        for when, count in sent[start:]:
            total += count
            assert total <= burst + rate * (when - sent[start][0]) + 1e-6


@given(st.integers(1, 1000))
def test_after_a_rest_the_whole_burst_may_go_at_once(rate: int) -> None:
    pace = Pace(rate, burst=10)
    assert pace.reserve(0.0, 10) == 0
    assert pace.reserve(0.0, 1) > 0
    assert pace.reserve(60.0, 10) == 0


def test_hosts_do_not_wait_for_each_other() -> None:
    limiter = Limiter(Limits(packets_per_host=1))
    assert limiter.wait_host("a", 0.0) == 0
    assert limiter.wait_host("a", 0.0) == 1
    assert limiter.wait_host("b", 0.0) == 0


def test_remembered_hosts_are_bounded_but_never_forgotten_while_they_must_wait() -> None:
    limiter = Limiter(Limits(packets_per_host=1))
    limiter.wait_host("busy", 0.0, 100_000)
    for number in range(40_000):
        limiter.wait_host(str(number), number * 0.01)
    assert len(limiter._hosts) <= 8192
    assert limiter.wait_host("busy", 400.0) > 90_000


def test_one_connection_a_host_and_a_pause_after_it() -> None:
    connections = Connections(Limits(connections_per_host=1, pause=0.5))
    assert connections.wait("a", 0.0) == 0
    assert connections.wait("a", 0.0) is None
    assert connections.wait("b", 0.0) == 0
    connections.closed("a", 1.0)
    assert connections.wait("a", 1.2) == pytest.approx(0.3)
    assert connections.wait("a", 1.5) == 0


def test_packets_are_counted_whoever_sends_them() -> None:
    async def scenario() -> int:
        pacer = Pacer(Limits(packets_per_second=10_000))
        await pacer.packet()
        await pacer.packet("192.0.2.1", 3)
        pacer.charge("192.0.2.1", 2)
        return pacer.packets

    assert asyncio.run(scenario()) == 6


def test_never_more_connections_at_a_time_than_allowed() -> None:
    async def scenario() -> int:
        pacer = Pacer(Limits(connections_per_host=2, pause=0.001))
        at_once = most = 0

        async def talk() -> None:
            nonlocal at_once, most
            async with pacer.connection("192.0.2.1"):
                at_once += 1
                most = max(most, at_once)
                await asyncio.sleep(0)
                at_once -= 1

        await asyncio.gather(*(talk() for _ in range(20)))
        return most

    assert asyncio.run(scenario()) == 2
