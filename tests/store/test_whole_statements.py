"""A run is written by whole statements: their number does not grow with the units, nor what each unit costs."""

from sqlalchemy import Engine, event

from netaudit.store.store import Store
from netaudit.store.units import Query, history, units
from tests.store.things import device, recorded

JANUARY, MARCH, MAY = "2026-01-01T08:00:00.000Z", "2026-03-01T08:00:00.000Z", "2026-05-01T08:00:00.000Z"
FEW, MANY = 3, 1_203


class Said:
    """What a database is told: each statement but those that carry one row after the other into the waiting table."""

    def __init__(self, engine: Engine) -> None:
        self.statements: list[str] = []
        event.listen(engine, "before_cursor_execute", self._heard)

    def _heard(self, _c: object, _cur: object, statement: str, _p: object, _ctx: object, many: bool) -> None:
        if not (many and statement.startswith("INSERT INTO incoming ")):
            self.statements.append(statement)

    def of_next(self, store: Store, name: str, started: str, maker: str, count: int) -> list[str]:
        """Return the statements that recording a run takes."""
        self.statements.clear()
        store.record(recorded(name, started, [device(f"{count}-{number}", maker) for number in range(count)]))
        return list(self.statements)


def test_a_run_of_many_units_takes_as_many_statements_as_one_of_few(where: str) -> None:
    turns = (("r1", MARCH, "dahua"), ("r2", MAY, "axis"), ("r2", MAY, "tvt"), ("r0", JANUARY, "dahua"))
    told: dict[int, list[int]] = {}
    with Store(where) as store:
        # The site and its network are there before.
        store.record(recorded("before", "2025-01-01T08:00:00.000Z", []))
        said = Said(store.engine)
        for year, count in ((2026, FEW), (2027, MANY)):
            told[count] = [
                len(said.of_next(store, f"{name}-{count}", started.replace("2026", str(year)), maker, count))
                for name, started, maker in turns
            ]
    assert told[MANY] == told[FEW]


def test_many_units_seen_again_changed_recorded_again_and_seen_earlier(where: str) -> None:
    names = [f"d-{number}" for number in range(MANY)]
    with Store(where) as store:
        store.record(recorded("r2", MARCH, [device(name) for name in names]))
        again = [device(name, "axis" if number % 2 else "dahua") for number, name in enumerate(names)]
        for _ in range(2):
            store.record(recorded("r3", MAY, [*reversed(again), device("new")]))
        store.record(recorded("r1", JANUARY, [device(names[0], "tvt"), device("old")]))
        assert store.members("r2") == names
        assert store.members("r1") == [names[0], "old"]
        assert sorted(store.members("r3")) == sorted([*names, "new"])
        assert store.device(names[1]) == device(names[1], "axis").to_dict()
        with store.reading() as session:
            seen = {
                row.device: (row.maker, row.first_seen, row.last_seen) for row in units(session, Query(limit=2_000))
            }
            past = {
                name: [(state.summary["maker"], state.first_seen, state.last_seen) for state in history(session, name)]
                for name in (names[0], names[1], names[2], "new", "old")
            }
    assert len(seen) == MANY + 2
    assert seen[names[0]] == ("dahua", JANUARY, MAY)
    assert seen[names[1]] == ("axis", MARCH, MAY)
    assert seen["old"] == ("dahua", JANUARY, JANUARY)
    assert past[names[0]] == [("dahua", MARCH, MAY), ("tvt", JANUARY, JANUARY)]
    assert past[names[1]] == [("axis", MAY, MAY), ("dahua", MARCH, MARCH)]
    assert past[names[2]] == [("dahua", MARCH, MAY)]
    assert past["new"] == [("dahua", MAY, MAY)]
