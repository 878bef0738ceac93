"""What a run was: who, when, with what, and what it could not do. Written as run.json beside the log."""

import json
from dataclasses import asdict, dataclass
from pathlib import Path
from typing import Any, Literal, TypeAlias

from netaudit.errors import DataError

RunStatus: TypeAlias = Literal["running", "complete", "partial", "stopped"]


@dataclass(frozen=True, slots=True)
class RunInfo:
    """One run. Times are RFC 3339 UTC; `losses` are readable sentences about what this run could not see and why.

    `status`: running (never ended: killed), complete, partial (Ctrl-C), stopped (distress, full disk).
    `scope_digest`, `knowledge_digest`: SHA-256 of scope.toml and of the signatures used.
    `chain_head`: last link of the log's hash chain.
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
    scope_digest: str = ""
    knowledge_digest: str = ""
    chain_head: str = ""
    observations: int = 0
    attempts: int = 0
    packets: int = 0


def write_run(folder: Path, info: RunInfo) -> None:
    """Write run.json whole or not at all."""
    draft = folder / "run.json.new"
    draft.write_text(json.dumps(asdict(info), indent=1, ensure_ascii=False) + "\n", encoding="utf-8")
    draft.replace(folder / "run.json")


def read_run(folder: Path) -> RunInfo:
    """Read run.json. Raises DataError when it is missing or malformed."""
    path = folder / "run.json"
    try:
        data: dict[str, Any] = json.loads(path.read_text(encoding="utf-8"))
        return RunInfo(**{key: tuple(value) if isinstance(value, list) else value for key, value in data.items()})
    except (OSError, ValueError, TypeError, AttributeError) as error:
        raise DataError(str(path), f"cannot be used: {error}", "run.json as a scan writes it") from error
