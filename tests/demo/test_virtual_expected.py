"""Expected rows held against devices as identified."""

from typing import Any

import pytest

from netaudit.demo import by_address, expected
from netaudit.demo.expected import Expected


def _row(address: str) -> Expected:
    return next(row for row in expected() if row.address == address)


def _device(address: str = "127.77.1.29", **changes: Any) -> dict[str, Any]:
    answers = {
        "type": {"value": "camera", "confidence": 1.0},
        "maker": {"value": "hikvision", "confidence": 0.999, "grade": "confirmed"},
        "brand": {"value": "truvision", "confidence": 1.0},
        "model": {"value": "TVB-5403", "confidence": 1.0},
    }
    for name in tuple(changes):
        if name in answers:
            answers[name] |= changes.pop(name)
    return {"addresses": [address], "relabelled": True, "contradictions": [], **answers, **changes}


def test_a_right_answer_misses_nothing() -> None:
    assert _row("127.77.1.29").misses(_device()) == []


@pytest.mark.parametrize(
    ("changes", "miss"),
    [
        ({"type": {"value": "recorder"}}, "type is 'recorder', must be 'camera'"),
        ({"brand": {"value": None}}, "brand is None, must be 'truvision'"),
        ({"model": {"value": "TVB-1"}}, "model is 'TVB-1', must be 'TVB-5403'"),
        ({"relabelled": None}, "relabelled is None, must be True"),
        ({"maker": {"grade": "probable"}}, "maker is only probable, must be at least confirmed"),
        ({"maker": {"value": "axis"}}, "maker is 'axis', must be 'hikvision'"),
    ],
)
def test_a_wrong_answer_is_named(changes: dict[str, Any], miss: str) -> None:
    assert _row("127.77.1.29").misses(_device(**changes)) == [f"127.77.1.29: {miss}"]


def test_a_missing_device_is_a_miss_unless_it_is_off() -> None:
    assert _row("127.77.1.29").misses(None) == ["127.77.1.29: not found"]
    assert _row("127.77.1.34").misses(None) == []


def test_an_innocent_device_must_not_become_a_camera_or_get_a_covered_maker() -> None:
    printer = _device("127.77.1.26", relabelled=None)
    assert _row("127.77.1.26").misses(printer) == [
        "127.77.1.26: is no surveillance gear, type is 'camera'",
        "127.77.1.26: maker 'hikvision' must not be claimed, is confirmed",
    ]
    harmless = _device("127.77.1.26", type={"value": "printer"}, maker={"value": None, "grade": "unknown"})
    assert _row("127.77.1.26").misses(harmless) == []


def test_a_contradiction_must_be_reported_and_nothing_confirmed() -> None:
    sure = _device("127.77.1.30")
    assert _row("127.77.1.30").misses(sure) == [
        "127.77.1.30: the contradiction is not reported",
        "127.77.1.30: maker is confirmed, must be at most probable",
    ]
    honest = _device("127.77.1.30", maker={"grade": "possible"}, contradictions=[{"question": "maker"}])
    assert _row("127.77.1.30").misses(honest) == []


def test_devices_are_found_by_each_of_their_addresses() -> None:
    device = _device() | {"addresses": ["127.77.1.29", "127.77.2.29"]}
    assert by_address([device]) == {"127.77.1.29": device, "127.77.2.29": device}
