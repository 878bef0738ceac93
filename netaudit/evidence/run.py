"""What a run was: who, when, with what, and what it could not do. Written as run.json beside the log."""

import json
from dataclasses import asdict, dataclass, fields
from pathlib import Path
from typing import Any, Final, Literal, TypeAlias, get_args

from netaudit.errors import DataError

RunStatus: TypeAlias = Literal["running", "complete", "partial", "stopped"]
_EXPECTED: Final = "run.json as a scan writes it"


@dataclass(frozen=True, slots=True)
class RunInfo:
    """One run. Times are RFC 3339 UTC; `losses` are readable sentences about what this run could not see and why.

    `status`: running (never ended: killed), complete, partial (Ctrl-C), stopped (distress, full disk).
    `scope_digest`, `knowledge_digest`: SHA-256 of scope.toml and of the signatures used.
    `chain_head`: last link of the log's hash chain. `routes`: rows of the routing table that led to the scope.
    """

    run: str
    version: str
    started: str
    ended: str = ""
    status: RunStatus = "running"
    engine: str = "native"
    profile: str = "normal"
    sensor: str = ""
    interfaces: tuple[str, ...] = ()
    losses: tuple[str, ...] = ()
    routes: tuple[str, ...] = ()
    scope_digest: str = ""
    knowledge_digest: str = ""
    chain_head: str = ""
    observations: int = 0
    attempts: int = 0
    packets: int = 0


def write_run(folder: Path, info: RunInfo) -> None:
    """Write run.json whole or not at all."""
    draft = folder / "run.json.new"
    draft.write_bytes(run_json(info))
    draft.replace(folder / "run.json")


def run_json(info: RunInfo) -> bytes:
    """Return run.json as bytes."""
    return (json.dumps(asdict(info), indent=1, ensure_ascii=False) + "\n").encode()


def read_run(folder: Path) -> RunInfo:
    """Read run.json. Raises DataError when it is missing or malformed."""
    path = folder / "run.json"
    try:
        data = json.loads(path.read_text(encoding="utf-8"))
    except (OSError, ValueError, RecursionError) as error:
        raise DataError(str(path), f"cannot be used: {error}", _EXPECTED) from error
    if not isinstance(data, dict):
        raise DataError(str(path), "is not a JSON object", _EXPECTED)
    _check(data, str(path))
    values: dict[str, Any] = {key: tuple(value) if isinstance(value, list) else value for key, value in data.items()}
    return RunInfo(**values)


def _check(data: dict[str, Any], where: str) -> None:
    """Raise DataError for unknown, missing and wrongly typed keys."""
    known = {field.name: field.type for field in fields(RunInfo)}
    for name in sorted(data.keys() - known.keys()):
        raise DataError(where, f"has the unknown key {name!r}", _EXPECTED)
    for name in ("run", "version", "started"):
        if name not in data:
            raise DataError(where, f"has no {name}", _EXPECTED)
    for name, value in data.items():
        if not _fits(value, known[name]):
            raise DataError(where, f"{name} is {json.dumps(value)[:80]}", _EXPECTED)


def _fits(value: object, kind: object) -> bool:
    if kind is int:
        return isinstance(value, int) and not isinstance(value, bool) and value >= 0
    if kind is str:
        return isinstance(value, str)
    if kind == RunStatus:
        return isinstance(value, str) and value in get_args(RunStatus)
    return isinstance(value, list) and all(isinstance(item, str) for item in value)
