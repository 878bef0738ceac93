"""The file of typed statements: read by every verb that names devices, appended to by `netaudit correct`."""

import argparse
import re
from collections.abc import Iterable
from datetime import datetime
from pathlib import Path
from typing import Final

from netaudit.cli.places import beside_store
from netaudit.errors import DataError
from netaudit.evidence.append_file import AppendFile
from netaudit.evidence.log import read_observations
from netaudit.evidence.observation import Observation, to_line
from netaudit.identify.corrections import ORIGIN, STATEMENT

CORRECTIONS: Final = "corrections.jsonl"
_MOMENT: Final = re.compile(r"\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d(\.\d{1,9})?Z", re.ASCII)


def add_corrections_option(parser: argparse.ArgumentParser) -> None:
    """Add --corrections, the same for every verb that names devices."""
    parser.add_argument(
        "--corrections", type=Path, metavar="FILE",
        help="what people typed with `netaudit correct` (default: corrections.jsonl beside the store)",
    )  # fmt: skip


def corrections_path(options: argparse.Namespace) -> Path:
    """Return the file that the options name, or the one beside the store."""
    chosen: Path | None = options.corrections
    return chosen or beside_store(getattr(options, "store", None), CORRECTIONS)


def corrections_of(options: argparse.Namespace, *, must_be_there: bool = True) -> list[Observation]:
    """Read the statements. A default file that is not there holds none; a chosen one must be there, else DataError."""
    path = corrections_path(options)
    return read_corrections(path) if path.is_file() or (options.corrections and must_be_there) else []


def read_corrections(path: Path) -> list[Observation]:
    """Read a corrections file. Raises DataError (file:line) for anything that is no typed statement."""
    found = []
    for number, item in enumerate(read_observations(path), 1):
        if item.kind != STATEMENT or item.origin != ORIGIN:
            expected = f"kind {STATEMENT} of origin {ORIGIN}, as `netaudit correct` writes it"
            raise DataError(f"{path}:{number}", f"holds a {item.kind} of origin {item.origin}", expected)
        if not _is_moment(item.at):
            # The later of two statements wins, by this text: it must be one that can be sorted.
            raise DataError(f"{path}:{number}", f"at is {item.at[:60]!r}", "a moment in UTC: 2026-11-23T09:00:00.000Z")
        found.append(item)
    return found


def _is_moment(text: str) -> bool:
    """True for RFC 3339 in UTC, as every netaudit file writes it."""
    try:
        moment = datetime.fromisoformat(text)
    except ValueError:
        return False
    return _MOMENT.fullmatch(text) is not None and moment.tzinfo is not None


def append_correction(path: Path, statement: Observation) -> None:
    """Add one statement to the file, on the disk when this returns; earlier lines are never changed."""
    path.parent.mkdir(parents=True, exist_ok=True)
    file = AppendFile(path)
    try:
        file.append(to_line(statement).encode("utf-8", "surrogatepass"))
    finally:
        file.close()


def to_bytes(statements: Iterable[Observation]) -> bytes:
    """Return statements as the lines of a corrections file."""
    return "".join(to_line(item) + "\n" for item in statements).encode("utf-8", "surrogatepass")
