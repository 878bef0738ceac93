"""Every input that fuzzing ever kept goes through its parser again."""

from csv import DictReader

import pytest

from tests.fuzz.corpus import FOLDER, read
from tests.fuzz.targets import targets


@pytest.mark.parametrize("name", targets())
def test_no_input_of_the_corpus_raises(name: str) -> None:
    for data in read(name):
        targets()[name](data)


def test_the_record_of_runs_names_every_target_and_claims_no_run_without_a_corpus() -> None:
    with (FOLDER.parent / "runs.csv").open(encoding="ascii", newline="") as file:
        runs = {row["target"]: row["seconds"] for row in DictReader(file)}
    assert set(runs) == set(targets())
    kept = {path.stem for path in FOLDER.glob("*.b64")}
    assert kept == {name for name, seconds in runs.items() if seconds != "0"}


def test_the_corpus_belongs_to_known_targets_and_is_not_empty() -> None:
    kept = {path.stem for path in FOLDER.glob("*.b64")}
    assert kept <= set(targets())
    assert all(read(name) for name in kept)
    assert len(kept) >= 10
