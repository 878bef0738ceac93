"""The port list, and the order in which hosts are tried."""

import asyncio
from itertools import pairwise
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from netaudit.errors import DataError
from netaudit.net.replay import Recorded, Replay
from netaudit.scope.model import NEVER_TOUCH
from netaudit.sweep.connect import PortsOf, spread, sweep_ports
from netaudit.sweep.order import mixed
from netaudit.sweep.ports import camera_ports

ADDRESSES = [f"10.0.{high}.{low}" for high in range(4) for low in range(250)]


def test_the_list_holds_the_camera_ports_and_no_port_that_does_harm() -> None:
    ports = camera_ports()
    assert {80, 443, 554, 8000, 8080, 8443, 8554, 81, 88, 8899, 9000, 2020, 34567, 37777} <= set(ports.every)
    assert len(set(ports.every)) == len(ports.every)
    assert set(ports.discovery) <= set(ports.every)
    assert not NEVER_TOUCH & set(ports.every)


def test_the_owner_can_take_ports_away() -> None:
    fewer = camera_ports().without(frozenset({80, 9000}))
    assert not {80, 9000} & {*fewer.every, *fewer.discovery}


def test_a_bad_port_file_is_pointed_at(tmp_path: Path) -> None:
    path = tmp_path / "ports.toml"
    path.write_text('[[port]]\nnumber = 80\nservice = "http"\n\n[[port]]\nnumber = 70000\nservice = "x"\n')
    with pytest.raises(DataError, match=r"ports\.toml:5: is no port"):
        camera_ports(path)


@given(st.integers(0, 1000), st.lists(st.integers(1, 65535), unique=True, max_size=5))
def test_every_pair_comes_once(count: int, ports: list[int]) -> None:
    pairs = list(spread(dict.fromkeys(ADDRESSES[:count], ports)))
    assert sorted(pairs) == sorted((address, port) for address in ADDRESSES[:count] for port in ports)


def test_no_host_again_before_all_of_its_batch() -> None:
    pairs = list(spread(dict.fromkeys(ADDRESSES[:300], (80, 554))))
    assert [address for address, _ in pairs[:300]] == ADDRESSES[:300]


def test_what_refuses_lives_and_what_drops_does_not() -> None:
    replay = Replay({"192.0.2.1": Recorded(tcp={80: [b""]}), "192.0.2.2": Recorded(closed=frozenset({80, 554}))})
    heard: list[tuple[str, int, str]] = []
    targets = spread(dict.fromkeys(["192.0.2.1", "192.0.2.2", "192.0.2.3"], (80, 554)))
    found = asyncio.run(sweep_ports(replay, targets, lambda *verdict: heard.append(verdict)))
    assert {ip: result.alive for ip, result in found.items()} == {
        "192.0.2.1": True,
        "192.0.2.2": True,
        "192.0.2.3": False,
    }
    assert found["192.0.2.1"] == PortsOf({80: "open", 554: "silent"})
    assert len(heard) == 6


@given(st.lists(st.integers(0, 60), max_size=5), st.text(max_size=8))
def test_the_mixed_order_has_every_address_once_and_is_the_same_for_one_seed(sizes: list[int], seed: str) -> None:
    parts = [[f"10.{part}.0.{number}" for number in range(size)] for part, size in enumerate(sizes)]
    once = list(mixed(parts, seed))
    assert sorted(once) == sorted(address for part in parts for address in part)
    assert once == list(mixed(parts, seed))


def test_subnets_take_turns_and_neighbours_are_not_asked_in_a_row() -> None:
    order = list(mixed([ADDRESSES[:250], ADDRESSES[250:500]], "run"))
    assert {address.rpartition(".")[0] for address in order[:2]} == {"10.0.0", "10.0.1"}
    last = [int(address.rpartition(".")[2]) for address in order if address.startswith("10.0.0.")]
    assert sum(abs(one - other) == 1 for one, other in pairwise(last)) < 10
    assert list(mixed([ADDRESSES[:250]], "another run")) != list(mixed([ADDRESSES[:250]], "run"))
