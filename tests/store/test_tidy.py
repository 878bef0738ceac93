"""After a large run the server knows at once what its tables hold."""

import pytest
from sqlalchemy import text

from netaudit.store.store import Store
from netaudit.store.tidy import LARGE
from tests.store.server import Server
from tests.store.things import device, recorded

_ANALYSED = "SELECT last_analyze IS NOT NULL FROM pg_stat_user_tables WHERE relname = 'unit'"


@pytest.mark.parametrize(("units", "told"), [(LARGE, True), (10, False)])
def test_a_large_run_is_told_to_the_planner_of_queries(server: Server, units: int, told: bool) -> None:
    with Store(server.url(f"tidy_{units}")) as store:
        lines = [device(f"d{number}") for number in range(units)]
        store.record(recorded("r1", "2026-01-01T08:00:00.000Z", lines))
        with store.engine.connect() as connection:
            assert connection.execute(text(_ANALYSED)).scalar() is told
        assert len(store.members("r1")) == units
