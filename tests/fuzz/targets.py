"""What is fuzzed: a name to a function that takes any bytes and must not raise."""

from collections.abc import Callable

from netaudit.errors import NetauditError
from netaudit.evidence import kinds
from netaudit.evidence.observation import observe, to_line


def targets() -> dict[str, Callable[[bytes], object]]:
    """Return all targets: every kind with a reader, whole observations, and the scope file."""
    return {kind: _reader(kind) for kind in sorted(kinds.known())} | {"observation": _observation, "scope": _scope}


def _reader(kind: str) -> Callable[[bytes], object]:
    def read(data: bytes) -> object:
        # The way of every answer: secrets cut, fields derived, written as a line.
        return to_line(observe(kind, "t", {}, raw=data))

    return read


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
