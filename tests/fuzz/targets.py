"""What is fuzzed: a name to a function that takes any bytes and must not raise."""

import tempfile
from collections.abc import Callable
from functools import cache
from pathlib import Path

from netaudit.errors import DataError, NetauditError
from netaudit.evidence import kinds
from netaudit.evidence.observation import observe, to_line


def targets() -> dict[str, Callable[[bytes], object]]:
    """Return all targets: every kind with a reader, every import format, whole observations, and the scope file."""
    from netaudit.intake.registry import all_formats

    readers = {kind: _reader(kind) for kind in sorted(kinds.known())}
    imports = {f"import.{name}": _import(name) for name in all_formats()}
    return readers | imports | {"observation": _observation, "scope": _scope}


def _reader(kind: str) -> Callable[[bytes], object]:
    def read(data: bytes) -> object:
        # The way of every answer: secrets cut, fields derived, written as a line.
        return to_line(observe(kind, "t", {}, raw=data))

    return read


def _import(name: str) -> Callable[[bytes], object]:
    from netaudit.intake.registry import format_named
    from netaudit.intake.source import Source

    def read(data: bytes) -> object:
        file = _scratch()
        file.write_bytes(data)
        try:
            source = Source(file, "input", "2026-11-23T09:00:00.000Z", "", len(data))
            source.head()
            return list(format_named(name).read(source))
        except DataError:
            return None

    return read


@cache
def _scratch() -> Path:
    """A file in memory where there is such a place: every input is written to it."""
    memory = Path("/dev/shm")
    folder = tempfile.mkdtemp(prefix="netaudit-fuzz-", dir=memory if memory.is_dir() else None)
    return Path(folder) / "input"


def _observation(data: bytes) -> object:
    from netaudit.evidence.line import from_line

    try:
        return to_line(from_line(data))
    except NetauditError:
        return None


def _scope(data: bytes) -> object:
    from netaudit.scope.load import parse_scope

    try:
        return parse_scope(data)
    except NetauditError:
        return None
