"""The labelled set: observations of devices whose maker is known, and the rule that keeps train and test apart.

`devices/*.jsonl` holds observations (format 4.1), each with the subject of its device; `truth.csv` one row a subject.
"""

import csv
import hashlib
import re
from collections import defaultdict
from collections.abc import Collection, Iterable, Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Final

from netaudit.errors import DataError
from netaudit.evidence.log import read_observations
from netaudit.evidence.observation import Observation
from netaudit.identify.device import SURVEILLANCE_TYPES
from netaudit.identify.knowledge import Knowledge

FOLDER: Final = Path(__file__).resolve().parent
SPLITS: Final = ("train", "test")
RECORDS: Final = ("recorded", "rebuilt", "pattern")
_FLAGS: Final[dict[str, bool | None]] = {"true": True, "false": False, "": None}
_INDIVIDUAL: Final = re.compile(r"(?=.*[A-Za-z])(?=(?:.*\d){2}).{5,}", re.DOTALL)


@dataclass(frozen=True, slots=True)
class Truth:
    """What is known of one device from its source. Ids are those of the word lists; "" where nobody knows.

    `relabelled` is None where it is not known. `tells`, `brand_tells`: the layers in which a trait of the maker, of the
    label, was heard; empty where the recorded answers hold none. `record`: recorded (as in the source), rebuilt (some
    values filled in the maker's documented shape) or pattern (made from a pattern of another fingerprint base).
    """

    subject: str
    maker: str
    brand: str
    relabelled: bool | None
    type: str
    tells: tuple[str, ...]
    brand_tells: tuple[str, ...]
    record: str
    split: str
    source: str

    @property
    def is_video(self) -> bool:
        """True for surveillance equipment, and for units of a known maker whose exact kind is not known."""
        return self.type in SURVEILLANCE_TYPES - {"vms"} or (not self.type and bool(self.maker))


@dataclass(frozen=True, slots=True)
class Labelled:
    """One device of the set."""

    truth: Truth
    observations: tuple[Observation, ...]


def load(folder: Path = FOLDER) -> tuple[Labelled, ...]:
    """Read the set, ordered by subject. Raises DataError where rows and observations do not belong together."""
    truths = {row.subject: row for row in _rows(folder / "truth.csv")}
    heard: dict[str, list[Observation]] = defaultdict(list)
    for path in sorted((folder / "devices").glob("*.jsonl")):
        for observation in read_observations(path):
            if observation.subject not in truths:
                raise DataError(str(path), f"subject {observation.subject!r} has no row in truth.csv", "a row for it")
            heard[observation.subject].append(observation)
    if silent := sorted(truths.keys() - heard.keys()):
        raise DataError(str(folder / "truth.csv"), f"{silent[0]} has no observation", "at least one observation")
    return tuple(Labelled(truths[name], tuple(heard[name])) for name in sorted(truths))


def of_file(items: Iterable[Labelled], path: Path) -> tuple[Labelled, ...]:
    """Return the devices whose answers stand in one file of observations. Raises DataError where it cannot be read."""
    subjects = {observation.subject for observation in read_observations(path)}
    return tuple(item for item in items if item.truth.subject in subjects)


def may_be_test(subject: str, record: str) -> bool:
    """Return whether a subject may stand in the test split: by the hash of its name, never from a pattern."""
    return record != "pattern" and hashlib.sha256(subject.encode()).digest()[0] % 2 == 1


def contaminated(items: Iterable[Labelled], knowledge: Knowledge) -> tuple[str, ...]:
    """Name each value of the test split that is also an example of a signature; empty when the splits are apart.

    Compared are values that can tell one unit or model from another: five characters and more, with letters and at
    least two digits (serial numbers, MACs, model codes, firmware, realms, pages). Words such as "AXIS" are no secret.
    """
    examples = {text for signature in knowledge.signatures.values() for text in signature.examples}
    return tuple(
        f"{item.truth.subject}: {kind} {name} = {value[:60]!r}"
        for item in items
        if item.truth.split == "test"
        for kind, name, value in _values(item)
        if value in examples and is_individual(value)
    )


def move_to_train(subjects: Collection[str], folder: Path = FOLDER) -> None:
    """Write the named subjects into the train split of truth.csv; the other rows stay as they are."""
    path = folder / "truth.csv"
    with path.open(encoding="utf-8", newline="") as file:
        reader = csv.DictReader(file)
        rows = [row | {"split": "train"} if row["subject"] in subjects else row for row in reader]
        names = reader.fieldnames or ()
    with path.open("w", encoding="utf-8", newline="") as file:
        writer = csv.DictWriter(file, names, lineterminator="\n")
        writer.writeheader()
        writer.writerows(rows)


def is_individual(value: str) -> bool:
    """Return whether a value can tell one unit or model from another."""
    return bool(_INDIVIDUAL.match(value))


def _values(item: Labelled) -> Iterator[tuple[str, str, str]]:
    for observation in item.observations:
        for name, value in observation.fields.items():
            for text in (value,) if isinstance(value, str) else value:
                yield observation.kind, name, text


def _rows(path: Path) -> Iterator[Truth]:
    seen: set[str] = set()
    with path.open(encoding="utf-8", newline="") as file:
        for number, row in enumerate(csv.DictReader(file), 2):
            truth = _row(row, f"{path}:{number}")
            if truth.subject in seen:
                raise DataError(f"{path}:{number}", f"{truth.subject} stands twice", "one row a subject")
            seen.add(truth.subject)
            yield truth


def _row(row: dict[str, str], where: str) -> Truth:
    for key, allowed in (("relabelled", tuple(_FLAGS)), ("record", RECORDS), ("split", SPLITS)):
        if row.get(key) not in allowed:
            raise DataError(where, f"{key} is {row.get(key)!r}", " or ".join(repr(word) for word in allowed))
    if row["split"] == "test" and not may_be_test(row["subject"], row["record"]):
        raise DataError(where, f"{row['subject']} is of the train split by the rule", "split train")
    return Truth(
        row["subject"], row["maker"], row["brand"], _FLAGS[row["relabelled"]], row["type"],
        tuple(row["tells"].split()), tuple(row["brand_tells"].split()), row["record"], row["split"], row["source"],
    )  # fmt: skip
