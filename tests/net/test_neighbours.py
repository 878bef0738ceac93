"""The neighbour table: never more hosts at a time than it holds, whatever the order."""

from pathlib import Path

from hypothesis import given
from hypothesis import strategies as st

from netaudit.net.neighbours import STAYS, Neighbours, neighbour_room
from netaudit.net.pacer import Pacer
from netaudit.scope.model import Limits


@given(st.lists(st.tuples(st.integers(0, 30), st.floats(0, 20)), max_size=80), st.integers(1, 8))
def test_in_no_window_are_more_hosts_touched_than_there_is_room(steps: list[tuple[int, float]], room: int) -> None:
    neighbours, now, touched = Neighbours(room), 0.0, list[tuple[float, str]]()
    for number, gap in steps:
        now += gap
        while (pause := neighbours.wait(str(number), now)) > 0:
            now += pause
        touched.append((now, str(number)))
    for start, (when, _) in enumerate(touched):
        assert len({host for at, host in touched[start:] if at < when + STAYS - 1e-6}) <= room


def test_a_host_in_use_keeps_its_place() -> None:
    neighbours = Neighbours(1)
    assert neighbours.wait("a", 0) == 0
    assert neighbours.wait("a", 40) == 0
    assert neighbours.wait("b", 50) > 0
    assert neighbours.wait("b", 40 + STAYS) == 0


def test_the_room_is_what_the_kernel_says_less_what_is_used(tmp_path: Path) -> None:
    limit, table = tmp_path / "limit", tmp_path / "arp"
    table.write_text("head\n" + "row\n" * 10)
    assert neighbour_room(limit, table) == 1024 - 10 - 64
    limit.write_text("8192\n")
    assert neighbour_room(limit, table) == 8192 - 10 - 64
    limit.write_text("1\n")
    assert neighbour_room(limit, tmp_path / "missing") == 64


def test_a_few_hosts_need_no_minding() -> None:
    pacer = Pacer(Limits())
    assert not pacer.mind_neighbours(frozenset({"192.0.2.1"}))
    assert pacer.mind_neighbours(frozenset(f"10.0.{high}.{low}" for high in range(256) for low in range(256)))
