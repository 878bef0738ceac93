"""Identification over a stream: raw bytes are let go, caches are bounded, devices are made one by one."""

import gc
import json
import tracemalloc
from collections.abc import Iterator

import pytest

from netaudit.evidence.observation import Observation, observe
from netaudit.identify.engine import identified, identify
from netaudit.identify.field_table import CACHED_VALUES
from netaudit.identify.match import matcher_for
from tests.identify.support import small

AT = "2026-11-23T10:00:00.000Z"


def heard(count: int) -> Iterator[Observation]:
    for number in range(count):
        ip = f"10.0.{number >> 8}.{number & 255}"
        raw = f'RTSP/1.0 401 Unauthorized\r\nWWW-Authenticate: Digest realm="Login to {number:015X}"\r\n\r\n'
        yield observe("rtsp.response", AT, {"ip": ip, "port": 554, "transport": "tcp"}, raw=raw.encode())


def test_the_stream_gives_what_the_list_gives() -> None:
    once = [device.to_dict() for device in identify(heard(300), small())]
    assert [device.to_dict() for device in identified(heard(300), small())] == once
    assert json.dumps(once) == json.dumps([device.to_dict() for device in identify([*heard(300)][::-1], small())])


def test_raw_bytes_are_not_kept() -> None:
    size = 200_000

    def lines() -> Iterator[Observation]:
        for number in range(50):
            yield Observation("banner", AT, {"ip": "10.0.0.1"}, "probe", {}, bytes(size), {}, None, f"{number}")

    knowledge = small()
    assert identify(lines(), knowledge)
    tracemalloc.start()
    devices = identified(lines(), knowledge)
    assert len(next(devices).observations) == 50
    assert tracemalloc.get_traced_memory()[1] < 5 * size
    tracemalloc.stop()


def test_values_remembered_are_bounded() -> None:
    knowledge = small()
    matcher = matcher_for(knowledge)
    [column, *_] = matcher._columns["rtsp.response"]
    for number in range(CACHED_VALUES + 10):
        column.look(f"value {number}")
    assert len(column.remembered) <= CACHED_VALUES


@pytest.mark.parametrize("on", [True, False])
def test_the_collector_is_left_as_it_was(on: bool) -> None:
    (gc.enable if on else gc.disable)()
    try:
        assert next(identified(heard(2), small())).addresses
        assert gc.isenabled() is on
        assert gc.get_freeze_count() == 0
        assert len(identify(heard(2), small())) == 2
        assert gc.isenabled() is on
    finally:
        gc.enable()
