"""A run's folder as a record of the store."""

import json
from collections.abc import Iterator
from pathlib import Path
from typing import Any

from netaudit.errors import DataError
from netaudit.evidence.log import SCOPE
from netaudit.evidence.run import read_run
from netaudit.scope.load import parse_scope
from netaudit.store.record import Recorded

DEVICES = "devices.jsonl"
FINDINGS = "findings.jsonl"


def read_folder(folder: Path) -> Recorded:
    """Return the run that lies in a folder, as a scan or `netaudit identify` left it. Raises DataError."""
    info = read_run(folder)
    scope = parse_scope((folder / SCOPE).read_bytes(), path=folder / SCOPE)
    networks = [(network.site, str(network.cidr), network.name) for network in scope.networks]
    devices, findings = _lines(folder / DEVICES), _lines(folder / FINDINGS)
    return Recorded(info, folder, scope.authorisation.organisation, devices, findings, networks)


def _lines(path: Path) -> Iterator[dict[str, Any]]:
    """Yield a file's lines. Raises DataError for a missing file or a torn line."""
    try:
        with path.open("rb") as file:
            for number, line in enumerate(file, 1):
                yield _line(line, f"{path}:{number}")
    except OSError as error:
        raise DataError(str(path), "cannot be read", "a run's folder") from error


def _line(line: bytes, where: str) -> dict[str, Any]:
    try:
        document = json.loads(line.decode("utf-8", "surrogatepass"))
    except (ValueError, RecursionError) as error:
        raise DataError(where, f"is no JSON line: {error}", "a line as netaudit writes it") from error
    if not isinstance(document, dict) or not isinstance(document.get("device"), str):
        raise DataError(where, 'has no "device"', "a line as netaudit writes it")
    return document
