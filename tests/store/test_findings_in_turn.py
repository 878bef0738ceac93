"""Findings reach their devices in whatever order the two files stand, and in the usual one never all in memory."""

from collections.abc import Iterator, Mapping
from typing import Any

from netaudit.store.record import _Findings
from netaudit.store.store import Store
from tests.store.things import device, finding, recorded


def test_in_the_same_order_no_more_is_read_than_asked_for() -> None:
    read: list[str] = []

    def lines() -> Iterator[Mapping[str, Any]]:
        for name in ("a", "a", "b", "b", "c"):
            read.append(name)
            yield {"device": name}

    found = _Findings(lines())
    assert len(found.of("a")) == 2
    assert read == ["a", "a", "b"]
    assert len(found.of("b")) == 2
    assert read == ["a", "a", "b", "b", "c"]
    assert (len(found.of("c")), found.of("c"), found.of("none")) == (1, [], [])


def test_in_another_order_each_device_has_its_own(where: str) -> None:
    names = [f"d{number}" for number in range(1200)]
    findings = [finding(name, policy=policy) for name in reversed(names) for policy in ("US-NDAA19-889B", "OTHER")]
    with Store(where) as store:
        store.record(recorded("r1", "2026-01-01T08:00:00.000Z", [device(name) for name in names], findings))
        assert store.run("r1").covered == len(names)
        for name in ("d0", "d499", "d500", "d1199"):
            told = store.findings(name)
            assert told is not None
            assert {row["device"] for row in told["findings"]} == {name}
            assert len(told["findings"]) == 2
