"""Retention never drops what something refers to, nor the first and the latest."""

from pathlib import Path

from hypothesis import given
from hypothesis import strategies as st

from netaudit.store.people import Author, refer
from netaudit.store.prune import choices, prune
from netaudit.store.retention import Kept, Policy, choose
from netaudit.store.store import Store
from tests.store.things import recorded

ANNA = Author("Anna", "2027-11-23T10:00:00.000Z")


def day(number: int) -> str:
    return f"2026-{number // 28 + 1:02}-{number % 28 + 1:02}T00:00:00.000Z"


def test_each_run_stays_for_its_reason() -> None:
    runs = [Kept(f"r{n}", day(n), "complete", "School") for n in range(8)]
    runs[3] = Kept("r3", day(3), "partial", "School")
    told = {c.run: c.why if not c.goes else "goes" for c in choose(runs, Policy(2, day(5)), {"r1"})}
    assert told["r0"] == "the first: progress is measured against it"
    assert told["r1"] == "a pack, a report or a plan refers to it"
    assert (told["r2"], told["r3"], told["r4"]) == ("goes", "goes", "goes")
    assert told["r5"] == "younger than 2026-01-06"
    assert (told["r6"], told["r7"]) == ("one of the 2 latest", "one of the 2 latest")


RUNS = st.lists(
    st.builds(
        Kept, st.text("abc", min_size=1, max_size=3), st.integers(0, 300).map(day),
        st.sampled_from(["complete", "partial"]), st.sampled_from(["School", "Town"]),
    ),
    unique_by=lambda run: run.run,
)  # fmt: skip


@given(RUNS, st.integers(1, 5), st.integers(0, 300), st.sets(st.text("abc", min_size=1, max_size=3)))
def test_what_is_referred_to_never_goes(runs: list[Kept], keep: int, before: int, referred: set[str]) -> None:
    chosen = choose(runs, Policy(keep, day(before)), referred)
    gone = {choice.run for choice in chosen if choice.goes}
    assert {choice.run for choice in chosen} == {run.run for run in runs}
    assert not gone & referred
    for organisation in ("School", "Town"):
        whole = sorted(
            (r for r in runs if r.organisation == organisation and r.status == "complete"),
            key=lambda r: (r.started, r.run),
        )
        assert not gone & {run.run for run in [*whole[:1], *whole[-keep:]]}


def test_a_dropped_run_loses_its_folder_and_only_a_run_folder_is_removed(where: str, tmp_path: Path) -> None:
    with Store(where) as store:
        for number in range(5):
            folder = tmp_path / f"run{number}"
            folder.mkdir()
            (folder / "run.json").write_text("{}")
            if number != 2:
                (folder / "observations.jsonl").write_text("")
            store.record(recorded(f"r{number}", day(number), [], folder=folder))
        with store.writing() as session:
            refer(session, "r1", "pack", "pack.zip", "0" * 64, ANNA.at)
        rule = Policy(1, day(200))
        assert {c.run for c in choices(store, rule) if c.goes} == {"r2", "r3"}
        prune(store, rule, ANNA)
        assert [row.run for row in store.runs()] == ["r4", "r1", "r0"]
        assert sorted(path.name for path in tmp_path.glob("run*")) == ["run0", "run1", "run2", "run4"]
