"""The labelled set of the accuracy benchmark is whole, and its splits are apart."""

from pathlib import Path

import pytest

from benchmarks.accuracy import labelled
from netaudit.errors import DataError
from netaudit.evidence.observation import observe, to_line
from netaudit.identify.device import DEVICE_TYPES
from netaudit.identify.knowledge import Knowledge, load_knowledge

HEAD = "subject,maker,brand,relabelled,type,tells,brand_tells,record,split,source\n"
TRAIN = "cam,dahua,amcrest,true,camera,rtsp,rtsp,recorded,train,a thread\n"


@pytest.fixture(scope="module")
def knowledge() -> Knowledge:
    return load_knowledge()


@pytest.fixture(scope="module")
def items() -> tuple[labelled.Labelled, ...]:
    return labelled.load()


def a_set(folder: Path, rows: str, subject: str = "cam", fields: dict[str, str] | None = None) -> Path:
    (folder / "devices").mkdir()
    heard = observe("rtsp.response", "2026-11-23T06:00:00Z", {}, fields=fields or {"realm": "x"}, subject=subject)
    (folder / "devices" / "a.jsonl").write_text(to_line(heard) + "\n", encoding="utf-8")
    (folder / "truth.csv").write_text(HEAD + rows, encoding="utf-8")
    return folder


def test_the_set_is_large_enough(items: tuple[labelled.Labelled, ...]) -> None:
    truths = [item.truth for item in items]
    assert len(truths) >= 250
    assert sum(truth.is_video for truth in truths) >= 150
    assert sum(not truth.is_video for truth in truths) >= 100
    assert {truth.type for truth in truths} <= {*DEVICE_TYPES, ""}


def test_the_devices_of_one_file_can_be_taken_alone(items: tuple[labelled.Labelled, ...]) -> None:
    path = labelled.FOLDER / "devices" / "cameras_second.jsonl"
    alone = labelled.of_file(items, path)
    assert 80 <= len(alone) < len(items)
    assert all(item.truth.is_video for item in alone)


def test_every_source_is_named(items: tuple[labelled.Labelled, ...]) -> None:
    assert [item.truth.subject for item in items if len(item.truth.source) < 5] == []


def test_no_test_value_is_an_example_of_a_signature(items: tuple[labelled.Labelled, ...], knowledge: Knowledge) -> None:
    assert labelled.contaminated(items, knowledge) == (), "run benchmarks/accuracy/run.py --apart"


def test_a_test_value_that_is_an_example_is_named(tmp_path: Path, knowledge: Knowledge) -> None:
    name = next(f"cam{n}" for n in range(99) if labelled.may_be_test(f"cam{n}", "recorded"))
    example = next(text for s in knowledge.signatures.values() for text in s.examples if labelled.is_individual(text))
    rows = TRAIN.replace("cam,", f"{name},", 1).replace("train", "test")
    items = labelled.load(a_set(tmp_path, rows, name, {"realm": example}))
    assert labelled.contaminated(items, knowledge) == (f"{name}: rtsp.response realm = {example[:60]!r}",)
    labelled.move_to_train({name}, tmp_path)
    assert labelled.load(tmp_path)[0].truth.split == "train"
    assert labelled.contaminated(labelled.load(tmp_path), knowledge) == ()


@pytest.mark.parametrize(("value", "individual"), [
    ("401", False), ("AXIS", False), ("1.3.6.1.4.1.368", False), ("IP Camera(C2183)", True), ("DS-2CD2385G1-I", True),
])  # fmt: skip
def test_individual_values(value: str, individual: bool) -> None:
    assert labelled.is_individual(value) is individual


def test_patterns_never_test() -> None:
    names = [f"unit{n}" for n in range(200)]
    assert not any(labelled.may_be_test(name, "pattern") for name in names)
    assert 60 < sum(labelled.may_be_test(name, "recorded") for name in names) < 140


@pytest.mark.parametrize(("rows", "fault"), [
    ("", "has no row"),
    (TRAIN + TRAIN, "stands twice"),
    (TRAIN + TRAIN.replace("cam,", "other,", 1), "has no observation"),
    (TRAIN.replace("recorded,train", "pattern,test"), "train split by the rule"),
    (TRAIN.replace("true", "perhaps"), "relabelled is"),
])  # fmt: skip
def test_a_set_that_does_not_fit_is_refused(tmp_path: Path, rows: str, fault: str) -> None:
    with pytest.raises(DataError, match=fault):
        labelled.load(a_set(tmp_path, rows))
