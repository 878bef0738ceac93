"""The signatures as written: every entry with its place in a file, also the parts that identification does not need."""

import re
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from netaudit.errors import DataError
from netaudit.identify.entries import Entry, Faults, entries
from netaudit.identify.knowledge import Knowledge, signature_files
from netaudit.toml_file import TomlFile, read_toml


@dataclass(frozen=True, slots=True)
class Written:
    """One signature as written. `pattern` compiled; `examples` and `counters` as they stand in the file."""

    id: str
    kind: str
    field: str
    entry: Entry
    pattern: re.Pattern[str]
    says: dict[str, str]
    strength: str
    examples: tuple[str, ...]
    counters: tuple[str, ...]

    def fault(self, problem: str, expected: str, key: str = "") -> DataError:
        """Build (not raise) the error that points at this entry."""
        return self.entry.error(problem, expected, key)

    def needs(self) -> list[Any]:
        """Return the further traits asked for, as written."""
        needed = self.entry.data.get("needs", [])
        return [needed] if isinstance(needed, dict) else list(needed)


def toml_files(folders: Iterable[Path]) -> Iterator[tuple[str, TomlFile]]:
    """Yield the readable files of signature folders: name inside the folder, content. Unreadable ones are left out."""
    for folder in folders:
        for path in signature_files(folder):
            try:
                yield path.relative_to(folder).as_posix(), read_toml(path)
            except DataError:
                continue  # loading has named it already


def written(folders: Sequence[Path], knowledge: Knowledge) -> list[Written]:
    """Return the signatures that `knowledge` took from these folders; broken and replaced ones are left out."""
    out: dict[str, Written] = {}
    for name, file in toml_files(folders):
        if not name.startswith("fingerprints/"):
            continue
        kind = file.path.stem
        for entry in entries(file, "signature", Faults(lenient=True)):
            key = entry.data.get("id")
            known = knowledge.signatures.get(key) if isinstance(key, str) else None
            if known and known.kind == kind and known.pattern.pattern == entry.data.get("pattern"):
                out[known.id] = Written(
                    known.id, kind, known.field, entry, known.pattern, dict(known.says), known.strength,
                    known.examples, known.counter_examples,
                )  # fmt: skip
    return list(out.values())


def claimed_maker(says: dict[str, str], knowledge: Knowledge) -> str:
    """Return the maker that a signature names, directly or through its platform; "" for none or a captured one."""
    platform = knowledge.platforms.get(says.get("platform", ""))
    maker = says.get("maker") or (platform.maker if platform else "")
    return maker if maker in knowledge.makers else ""
