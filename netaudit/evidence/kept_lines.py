"""The files of JSON lines that a run's folder keeps beside its log (devices, findings), read as they stand."""

import json
from collections.abc import Iterator, Mapping
from pathlib import Path
from typing import Any

from netaudit.errors import DataError, UsageError


def kept(folder: Path, name: str) -> Iterator[Mapping[str, Any]]:
    """Yield the objects of a file of JSON lines in a run's folder. Raises UsageError or DataError (file:line)."""
    path = folder / name
    if not path.is_file():
        raise UsageError(f"{folder} holds no {name}: `netaudit report --run {folder}` makes it")
    with path.open(encoding="utf-8", errors="surrogateescape") as lines:
        for number, line in enumerate(lines, 1):
            try:
                row = json.loads(line)
            except (ValueError, RecursionError) as error:
                raise DataError(f"{path}:{number}", f"is not JSON: {error}", "one object a line") from error
            if not isinstance(row, dict):
                raise DataError(f"{path}:{number}", "is not a JSON object", "one object a line")
            yield row
