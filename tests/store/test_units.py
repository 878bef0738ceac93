"""Lists: filter, search, sort, page."""

import pytest

from netaudit.store.rows import address_key
from netaudit.store.store import Store
from netaudit.store.units import Query, by_site, count, counts, page_of, units
from tests.store.things import device, finding, recorded


@pytest.fixture
def store(where: str) -> Store:
    opened = Store(where)
    gate = device("b", "dahua", "192.0.2.9", ("Gate 100%",))
    devices = [device("a", "axis", "192.0.2.10"), gate, device("c", None, "192.0.2.2")]
    findings = [finding("b"), finding("a", "not_covered"), finding("c", "unknown")]
    opened.record(recorded("r1", "2026-01-01T00:00:00.000Z", devices, findings))
    return opened


def names(store: Store, query: Query) -> list[str]:
    with store.reading() as session:
        assert count(session, query) == len(units(session, query))
        return [row.device for row in units(session, query)]


def test_what_needs_action_comes_first(store: Store) -> None:
    with store:
        assert names(store, Query()) == ["b", "c", "a"]
        assert names(store, Query(sort="-verdict")) == ["a", "c", "b"]
        assert names(store, Query(sort="address")) == ["c", "b", "a"]
        assert names(store, Query(sort="maker")) == ["c", "a", "b"]
        assert names(store, Query(sort="no such column")) == ["b", "c", "a"]


def test_filters_and_search_narrow_the_list(store: Store) -> None:
    with store:
        assert names(store, Query({"maker": ["axis", "dahua"]})) == ["b", "a"]
        assert names(store, Query({"verdict": ["unknown"]})) == ["c"]
        assert names(store, Query(search="GATE 192.0.2.9")) == ["b"]
        assert names(store, Query(search="100%")) == ["b"]
        assert names(store, Query(search="%")) == ["b"]
        assert names(store, Query(search="gate axis")) == []
        assert names(store, Query(relabelled=False)) == []


def test_a_page_is_a_part_and_the_count_is_of_all(store: Store) -> None:
    with store, store.reading() as session:
        assert [row.device for row in units(session, Query(offset=1, limit=1))] == ["c"]
        assert count(session, Query(offset=1, limit=1)) == 3


@pytest.mark.parametrize(("offset", "limit"), [(0, 3), (0, 4), (0, 2), (2, 2), (3, 2), (9, 2)])
def test_a_page_knows_how_many_there_are_over_all_pages(store: Store, offset: int, limit: int) -> None:
    with store, store.reading() as session:
        rows, total = page_of(session, Query(offset=offset, limit=limit))
        assert (len(rows), total) == (max(0, min(limit, 3 - offset)), 3)


def test_counts_for_an_overview(store: Store) -> None:
    with store, store.reading() as session:
        assert counts(session, "maker") == {"": 1, "axis": 1, "dahua": 1}
        assert counts(session, "type", Query({"maker": ["axis"]})) == {"camera": 1}
        assert by_site(session) == {"HQ": {"covered": 1, "not_covered": 1, "unknown": 1}}


def test_addresses_sort_by_number() -> None:
    ordered = ["192.0.2.9", "192.0.2.10", "fe80::1%eth0", "2001:db8::1", "not an address"]
    assert sorted(ordered, key=address_key) == [
        "192.0.2.9",
        "192.0.2.10",
        "2001:db8::1",
        "fe80::1%eth0",
        "not an address",
    ]
