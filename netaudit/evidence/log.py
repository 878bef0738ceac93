"""The append-only log of a run: observations chained by hash, attempts beside them. Survives kill -9 at any byte.

    observations.jsonl   one observation a line (format 4.1)
    observations.chain   one link a line: SHA-256(previous link || observation line); link 0 is over scope.toml
    attempts.jsonl       one attempt a line

A line counts once its line end is on disk; a torn line at the end is cut when the log is opened again.
"""

import hashlib
import json
from collections.abc import Iterator, Mapping, Sequence
from pathlib import Path
from types import TracebackType
from typing import Any, Final, Self

from netaudit.errors import DataError, UsageError
from netaudit.evidence.append_file import AppendFile, whole_lines
from netaudit.evidence.careful_line import read_carefully
from netaudit.evidence.line import from_line, quickly
from netaudit.evidence.observation import Observation, canonical, to_line

OBSERVATIONS: Final = "observations.jsonl"
CHAIN: Final = "observations.chain"
ATTEMPTS: Final = "attempts.jsonl"
SCOPE: Final = "scope.toml"
_BUFFER: Final = 65536
# Made once: a /16 has 65,536 attempts.
_PLAIN: Final = json.JSONEncoder(ensure_ascii=False, separators=(",", ":"))


def first_link(scope_raw: bytes) -> str:
    """Return link 0 of the chain (hex): it binds the log to the authorisation it was made under."""
    return hashlib.sha256(b"netaudit log 1\n" + scope_raw).hexdigest()


def next_link(link: str, line: bytes) -> str:
    """Return the link (hex) that follows `link` for one line without its line end."""
    return hashlib.sha256(bytes.fromhex(link) + line).hexdigest()


class RunLog:
    """The log of one run, opened for writing. Make it with `create` or `resume`; use it as a context manager.

    `observations`, `attempts`: what was in the log when it was opened (empty for a new one).
    `head`: the last link of the chain. `relinked`: lines that had lost their link in a crash.
    """

    def __init__(self, folder: Path, scope_raw: bytes) -> None:
        self.folder = folder
        self.head = first_link(scope_raw)
        self.relinked = 0
        self.count = 0
        self.attempt_count = 0
        self.observations: Sequence[Observation] = ()
        self.attempts: Sequence[Mapping[str, Any]] = ()
        self._seen: set[bytes] = set()
        self._lines = AppendFile(folder / OBSERVATIONS)
        self._links = AppendFile(folder / CHAIN)
        self._attempts = AppendFile(folder / ATTEMPTS)

    @classmethod
    def create(cls, folder: Path, scope_raw: bytes) -> Self:
        """Start a log in a new or empty folder. Raises UsageError when a run is already there."""
        if (folder / OBSERVATIONS).exists() or (folder / SCOPE).exists():
            raise UsageError(f"{folder} already holds a run: choose another --out, or go on with it by --resume")
        folder.mkdir(parents=True, exist_ok=True)
        (folder / SCOPE).write_bytes(scope_raw)
        return cls(folder, scope_raw)

    @classmethod
    def resume(cls, folder: Path, scope_raw: bytes) -> Self:
        """Open the log of an interrupted run. Raises UsageError (no run, other scope) or DataError (log changed)."""
        if not (folder / SCOPE).is_file():
            raise UsageError(f"{folder} holds no run to resume: start one without --resume")
        if (folder / SCOPE).read_bytes() != scope_raw:
            raise UsageError(f"the scope differs from {folder / SCOPE}, under which the run began: start a new run")
        log = cls(folder, scope_raw)
        log._recover()
        return log

    def observation(self, observation: Observation) -> bool:
        """Append one observation; False, and nothing written, when the same evidence is already there.

        Raises OSError when the disk is full; what was written before stays whole.
        """
        key = _evidence_key(observation)
        if key in self._seen:
            return False
        line = to_line(observation).encode("utf-8", "surrogatepass")
        self._lines.append(line)
        self.head = next_link(self.head, line)
        self._links.append(self.head.encode())
        self._seen.add(key)
        self.count += 1
        return True

    def attempt(self, record: Mapping[str, Any]) -> None:
        """Append one attempt. Raises OSError when the disk is full."""
        self._attempts.append(_PLAIN.encode(dict(record)).encode())
        self.attempt_count += 1

    def close(self) -> None:
        """Bring everything to the disk and close."""
        for file in (self._lines, self._links, self._attempts):
            file.close()

    def __enter__(self) -> Self:
        return self

    def __exit__(self, kind: type[BaseException] | None, error: BaseException | None, at: TracebackType | None) -> None:
        self.close()

    def _recover(self) -> None:
        links = [line.decode("ascii", "replace") for line in whole_lines(self.folder / CHAIN)]
        observations = []
        for number, line in enumerate(whole_lines(self.folder / OBSERVATIONS), 1):
            self.head = next_link(self.head, line)
            if number > len(links):
                self._links.append(self.head.encode())
                self.relinked += 1
            elif links[number - 1] != self.head:
                raise _broken(self.folder, number)
            observation = from_line(line, f"{self.folder / OBSERVATIONS}:{number}")
            self._seen.add(_evidence_key(observation))
            observations.append(observation)
        if len(links) > len(observations):
            raise _broken(self.folder, len(observations) + 1)
        self.observations, self.count = observations, len(observations)
        self.attempts = list(read_attempts(self.folder / ATTEMPTS))
        self.attempt_count = len(self.attempts)


def read_observations(path: Path) -> Iterator[Observation]:
    """Read a log file line by line, flat in memory. Raises DataError naming file and line."""
    try:
        with path.open("rb", buffering=_BUFFER) as file:
            for number, line in enumerate(file, 1):
                if not line.isspace():
                    yield quickly(line) or read_carefully(line, f"{path}:{number}")
    except OSError as error:
        raise DataError(str(path), f"cannot be read: {error.strerror or error}", "an observations file") from error


def read_attempts(path: Path) -> Iterator[dict[str, Any]]:
    """Read attempts.jsonl; a missing file has none. Raises DataError naming file and line."""
    if not path.exists():
        return
    for number, line in enumerate(whole_lines(path), 1):
        try:
            record = json.loads(line)
        except ValueError as error:
            raise DataError(f"{path}:{number}", f"is not JSON: {error}", "one attempt a line") from error
        if not isinstance(record, dict):
            raise DataError(f"{path}:{number}", "is not a JSON object", "one attempt a line")
        yield record


def verify_chain(folder: Path) -> str:
    """Check every link of a finished run; return the head. Raises DataError at the first line that does not fit."""
    head = first_link((folder / SCOPE).read_bytes())
    links = list(whole_lines(folder / CHAIN))
    lines = list(whole_lines(folder / OBSERVATIONS))
    for number, line in enumerate(lines, 1):
        head = next_link(head, line)
        if number > len(links) or links[number - 1].decode("ascii", "replace") != head:
            raise _broken(folder, number)
    if len(links) != len(lines):
        raise _broken(folder, len(lines) + 1)
    return head


def _evidence_key(observation: Observation) -> bytes:
    """What makes two observations the same evidence: when and by which packet it was heard does not."""
    content = observation.raw if observation.raw is not None else canonical(_plain(observation))
    head = canonical([observation.kind, dict(observation.target), observation.subject, observation.origin])
    return hashlib.sha256(head + b"\0" + content).digest()


def _plain(observation: Observation) -> dict[str, Any]:
    return {key: value if isinstance(value, str) else list(value) for key, value in observation.fields.items()}


def _broken(folder: Path, number: int) -> DataError:
    return DataError(
        f"{folder / OBSERVATIONS}:{number}",
        "does not fit the hash chain: the log was changed after it was written",
        "the log as the scan wrote it",
    )
