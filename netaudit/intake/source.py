"""One file to read: its bytes unpacked, its lines, its digest, its time."""

import hashlib
import shutil
import sys
import tempfile
from collections.abc import Callable, Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass, field
from datetime import UTC, datetime
from pathlib import Path
from types import MappingProxyType
from typing import BinaryIO, Final

from netaudit.clock import now, rfc3339
from netaudit.errors import DataError
from netaudit.intake.head import HEAD, Head
from netaudit.intake.text import lines_of
from netaudit.intake.unpack import stream_of

STANDARD_INPUT: Final = "-"


@dataclass(slots=True)
class Source:
    """A file to import. `name`: as shown. `at`: when what it tells was so, RFC 3339 UTC. `digest`: SHA-256 (hex).

    `owner`: the router, switch or server whose table it is, "" where the file must say. `mapping`: header to field,
    for a CSV file that no format knows. `losses`: why reading ended early, if it did.
    """

    path: Path
    name: str
    at: str
    digest: str
    size: int
    owner: str = ""
    mapping: Mapping[str, str] = field(default_factory=lambda: MappingProxyType({}))
    progress: Callable[[int], None] | None = None
    losses: list[str] = field(default_factory=list)

    def head(self) -> Head:
        """Return the beginning, unpacked."""
        with self.stream() as stream:
            return Head(stream.read(HEAD))

    @contextmanager
    def stream(self) -> Iterator[BinaryIO]:
        """Open the bytes, unpacked. A damaged or cut packed file ends early, and `losses` says so."""
        try:
            stream, end = stream_of(self.path, self.progress)
        except DataError as error:
            raise DataError(self.name, error.problem, error.expected) from error
        try:
            yield stream
        finally:
            if end.why and end.why not in self.losses:
                self.losses.append(end.why)
            stream.close()

    def lines(self) -> Iterator[tuple[int, str]]:
        """Yield (number from 1, line)."""
        with self.stream() as stream:
            yield from enumerate(lines_of(stream), 1)


@contextmanager
def sources(names: list[str], at: str = "", owner: str = "") -> Iterator[list[Source]]:
    """Open files by name; "-" is standard input, kept in a temporary file meanwhile. DataError for a missing one.

    `at`: when the tables were so; the file's own time unless given.
    """
    with tempfile.TemporaryDirectory(prefix="netaudit-import-") as folder:
        yield [_source(name, Path(folder), at, owner) for name in names]


def _source(name: str, folder: Path, at: str, owner: str) -> Source:
    path = Path(name)
    if name == STANDARD_INPUT:
        path = folder / "standard-input"
        with path.open("wb") as file:
            shutil.copyfileobj(sys.stdin.buffer, file)
    try:
        with path.open("rb") as file:
            digest = hashlib.file_digest(file, "sha256").hexdigest()
        state = path.stat()
    except OSError as error:
        raise DataError(
            name, f"cannot be read: {error.strerror or error}", "a file, or - for standard input"
        ) from error
    when = at or rfc3339(min(datetime.fromtimestamp(state.st_mtime, UTC), now()))
    shown = "standard input" if name == STANDARD_INPUT else path.name
    return Source(path, shown, when, digest, state.st_size, owner)
