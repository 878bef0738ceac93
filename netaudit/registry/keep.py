"""The user's own copy of the registries: written whole or not at all, with where it came from, preferred when newer.

    oui/current            the name of the folder in use
    oui/<date>-<digest>/   mal.csv, mam.csv, mas.csv, iab.csv, SOURCE.json

Tables that an import does not bring are taken over from the ones in use. A list that lost a tenth of its rows is
refused: the registries only grow, and a cut-off download must not make cameras anonymous.
"""

import csv
import hashlib
import io
import json
import shutil
from collections.abc import Mapping, Sequence
from dataclasses import asdict, dataclass
from pathlib import Path
from typing import Any, Final

from netaudit.errors import DataError
from netaudit.registry.formats import TABLES, Listed

SOURCE: Final = "SOURCE.json"
_POINTER: Final = "current"
_LEAST_SHARE: Final = 0.9


@dataclass(frozen=True, slots=True)
class Origin:
    """One file that went into a copy: `name` is a path or an address, `form` the format it was read as."""

    name: str
    form: str
    bytes: int
    sha256: str


@dataclass(frozen=True, slots=True)
class Kept:
    """A copy in use. `date`: ISO day of the data. `rows`: table name to number of blocks."""

    folder: Path
    date: str
    rows: Mapping[str, int]


def keep(lists: Sequence[Listed], origins: Sequence[Origin], date: str, place: Path, in_use: Path) -> Kept:
    """Write the lists as a new copy below `place` and make it the one in use.

    `in_use`: folder of the tables used so far. Raises DataError when a list is suspiciously small; nothing is changed.
    """
    tables = {name: _read_table(in_use / name) for name in TABLES}
    for name in TABLES:
        new = {prefix: who for listed in lists for prefix, who in listed.tables.get(name, {}).items()}
        if new:
            _check_size(name, len(new), len(tables[name]), origins)
            tables[name] = new
    files = {name: _table_bytes(rows) for name, rows in tables.items()}
    digests = {name: hashlib.sha256(data).hexdigest() for name, data in files.items()}
    rows = {name: len(table) for name, table in tables.items()}
    source = {"date": date, "files": [asdict(item) for item in origins], "rows": rows, "sha256": digests}
    files[SOURCE] = (json.dumps(source, indent=1, ensure_ascii=False) + "\n").encode()
    folder = place / f"{date}-{hashlib.sha256(files[SOURCE]).hexdigest()[:8]}"
    _write(folder, files)
    _switch(place, folder.name)
    return Kept(folder, date, rows)


def kept(place: Path) -> Kept | None:
    """Return the copy in use below `place`, None where there is none. Raises DataError when it was damaged."""
    try:
        name = (place / _POINTER).read_text(encoding="utf-8").strip()
    except OSError:
        return None
    folder = place / Path(name).name
    source = _source(folder)
    for table in TABLES:
        path = folder / table
        if not path.is_file() or hashlib.sha256(path.read_bytes()).hexdigest() != source["sha256"].get(table):
            raise _damaged(path)
    return Kept(folder, source["date"], source["rows"])


def newer(own: Kept | None, shipped: str) -> Kept | None:
    """Return the user's copy where its data is not older than the shipped tables' (ISO day), else None."""
    return own if own is not None and own.date >= shipped else None


def _source(folder: Path) -> dict[str, Any]:
    path = folder / SOURCE
    try:
        data = json.loads(path.read_text(encoding="utf-8"))
        if isinstance(data["date"], str) and isinstance(data["sha256"], dict) and isinstance(data["rows"], dict):
            return dict(data)
    except (OSError, ValueError, KeyError, TypeError, RecursionError) as error:
        raise _damaged(path) from error
    raise _damaged(path)


def _damaged(path: Path) -> DataError:
    return DataError(
        str(path), "is damaged", "the copy as it was written: import or update again, or delete the folder"
    )


def _check_size(name: str, new: int, old: int, origins: Sequence[Origin]) -> None:
    if new < old * _LEAST_SHARE:
        where = ", ".join(origin.name for origin in origins)
        raise DataError(where, f"{name} would have {new} blocks", f"at least {_LEAST_SHARE:.0%} of the {old} in use")


def _read_table(path: Path) -> dict[str, str]:
    with path.open(encoding="utf-8", newline="") as stream:
        return {row[0]: row[1] for row in csv.reader(stream) if len(row) > 1 and row[0] != "prefix"}


def _table_bytes(rows: Mapping[str, str]) -> bytes:
    out = io.StringIO(newline="")
    csv.writer(out, lineterminator="\n").writerows([("prefix", "organisation"), *sorted(rows.items())])
    return out.getvalue().encode()


def _write(folder: Path, files: Mapping[str, bytes]) -> None:
    draft = folder.with_name(folder.name + ".new")
    shutil.rmtree(draft, ignore_errors=True)
    draft.mkdir(parents=True)
    for name, data in files.items():
        (draft / name).write_bytes(data)
    shutil.rmtree(folder, ignore_errors=True)
    draft.rename(folder)


def _switch(place: Path, name: str) -> None:
    """Point to the new copy in one step; then older copies go."""
    draft = place / (_POINTER + ".new")
    draft.write_text(name + "\n", encoding="utf-8")
    draft.replace(place / _POINTER)
    for folder in place.iterdir():
        if folder.is_dir() and folder.name != name and (folder / SOURCE).is_file():
            shutil.rmtree(folder, ignore_errors=True)
