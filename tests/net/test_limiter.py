"""The limiter: whatever is asked of it and whenever, the promised rate holds."""

import asyncio
from time import monotonic, sleep

import pytest
from hypothesis import given
from hypothesis import strategies as st

from netaudit.net.limiter import Connections, Limiter, Pace, Window
from netaudit.net.pacer import Pacer
from netaudit.scope.model import Limits
from tests.lab.capture import most_in_a_second

RATES = (1, 5, 9, 10, 50, 99, 400, 500, 5000)
GAPS = st.floats(0, 3, allow_nan=False)


@given(
    st.lists(st.tuples(st.floats(0, 0.4), st.integers(1, 100)), min_size=1, max_size=120), st.sampled_from(RATES)
)  # fmt: skip
def test_no_second_holds_more_than_the_rate_however_late_packets_leave(
    asks: list[tuple[float, int]], rate: int
) -> None:
    """Each goes at the first moment at which it may, or later, because this machine was busy with something else."""
    pace, now, sent = Pace(rate), 0.0, list[tuple[float, int]]()
    for late, wanted in asks:
        count = min(wanted, int(pace.burst))
        while (pause := pace.wait(now, count)) > 0:
            now += pause
        now += late
        while (pause := pace.wait(now, count)) > 0:
            now += pause
        pace.went(now, count)
        sent.append((now, count))
    for first, _ in sent:
        assert sum(count for when, count in sent if first <= when < first + 1) <= rate


@given(st.sampled_from(RATES))
def test_after_a_rest_a_burst_may_go_at_once_and_the_rate_is_used(rate: int) -> None:
    pace, now = Pace(rate), 0.0
    assert pace.wait(now, int(pace.burst)) == 0
    went = 0
    while now < 3:
        if (pause := pace.wait(now, 1)) > 0:
            now += pause
        else:
            pace.went(now, 1)
            went += 1
    assert went >= 3 * rate * 0.97 - 2


@given(st.sampled_from(RATES), st.integers(2, 500))
def test_more_than_a_burst_at_once_waits_for_silence_before_and_makes_silence_after(rate: int, count: int) -> None:
    pace = Pace(rate)
    pace.went(0.0, 1)
    pause = pace.wait(0.0, count)
    pace.went(pause, count)
    assert pace.wait(pause, 1) == pytest.approx((count + 1 - min(pace.burst, count)) / rate, rel=0.5, abs=2 / rate)


def test_a_stalled_machine_sends_nothing_in_one_go_that_waited_for_its_turn() -> None:
    """The event loop is held up again and again, as on a busy machine; packets are counted where they leave."""
    rate, went = 400, list[float]()

    async def scenario() -> None:
        pacer = Pacer(Limits(packets_per_second=rate))

        async def packets() -> None:
            for _ in range(8):
                await pacer.packet()
                went.append(monotonic())

        async def stalls() -> None:
            for pause in (0.045, 0.3):
                await asyncio.sleep(0.1)
                sleep(pause)  # noqa: ASYNC251 - what holds up the loop
                await asyncio.sleep(1.05)

        await asyncio.gather(*(packets() for _ in range(100)), stalls())

    asyncio.run(scenario())
    assert len(went) == 800
    # One may be held between its leave to go and the clock here.
    assert most_in_a_second(went) <= rate + 1


@given(st.lists(st.tuples(GAPS, st.integers(1, 4), st.integers(0, 3)), min_size=1, max_size=60), st.integers(4, 20))
def test_no_second_of_a_host_ever_holds_more_than_its_limit(asks: list[tuple[float, int, int]], limit: int) -> None:
    """Packets that go at once, and packets that are held and go later, whenever they like."""
    window, now, sent, held = Window(limit), 0.0, list[float](), list[int]()
    for gap, count, later in asks:
        now += gap
        while held and (pause := window.wait(now, count)) > 0:
            # What is held goes at last, at the worst moment: now.
            window.held -= held[0]
            window.went(now, held[0])
            sent.extend([now] * held.pop(0))
            now += pause if window.wait(now, count) else 0
        while (pause := window.wait(now, count)) > 0:
            now += pause
        window.went(now, count)
        sent.extend([now] * count)
        if later and not window.wait(now, later):
            window.held += later
            held.append(later)
    for start in sent:
        assert sum(start <= when < start + 1 for when in sent) <= limit


def test_hosts_do_not_wait_for_each_other() -> None:
    limiter = Limiter(Limits(packets_per_host=1))
    limiter.host("a", 0.0).went(0.0, 1)
    assert limiter.host("a", 0.0).wait(0.0, 1) == pytest.approx(1.02)
    assert limiter.host("b", 0.0).wait(0.0, 1) == 0


def test_a_place_is_kept_free_for_what_cannot_be_foreseen() -> None:
    window = Window(10)
    window.went(0.0, 9)
    assert window.wait(0.0, 1) > 1


def test_more_than_the_limit_at_once_goes_alone_or_never() -> None:
    window = Window(2)
    assert window.wait(0.0, 5) == 0
    window.went(0.0, 1)
    assert window.wait(0.0, 5) > 1
    window.held += 2
    assert window.wait(2.0, 5) > 0
    assert window.wait(2.0, 5, own=2) == 0


def test_remembered_hosts_are_bounded_but_never_forgotten_while_they_must_wait() -> None:
    limiter = Limiter(Limits(packets_per_host=1))
    limiter.host("busy", 0.0).held = 3
    for number in range(40_000):
        limiter.host(str(number), number * 0.01).went(number * 0.01, 1)
    assert len(limiter._hosts) <= 8192
    assert limiter.host("busy", 400.0).held == 3


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


def test_who_holds_places_goes_before_who_waits_to_begin() -> None:
    """Else two would wait for each other: the one for room, the other for its turn to give room back."""

    async def scenario() -> list[str]:
        pacer, order = Pacer(Limits(packets_per_second=10_000, packets_per_host=4)), list[str]()
        await pacer.hold("192.0.2.1", 3)

        async def newcomer() -> None:
            await pacer.hold("192.0.2.1", 2)
            order.append("newcomer")

        waiting = asyncio.ensure_future(newcomer())
        await asyncio.sleep(0)
        await pacer.hold("192.0.2.1", 1, own=3)
        order.append("holder")
        pacer.release("192.0.2.1", 4)
        await waiting
        return order

    assert asyncio.run(scenario()) == ["holder", "newcomer"]


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
