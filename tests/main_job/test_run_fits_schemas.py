"""What a whole run writes fits the published schemas."""

import json
import subprocess
from collections.abc import Callable
from itertools import islice
from pathlib import Path

import pytest

from tests.contracts.schemas import faults, toml
from tests.main_job.conftest import Audit, lines

_ENOUGH = 1000


@pytest.mark.parametrize(
    ("name", "file"),
    [("observation", "observations.jsonl"), ("attempt", "attempts.jsonl"), ("device", "devices.jsonl"),
     ("finding", "findings.jsonl")],
)  # fmt: skip
def test_every_line_fits(audit: Audit, name: str, file: str) -> None:
    rows = lines(audit.folder / file)
    step = max(1, len(rows) // _ENOUGH)
    assert [text for row in islice(rows, 0, None, step) for text in faults(name, row)][:5] == []


@pytest.mark.parametrize(("name", "file"), [("plan", "plan.json"), ("run", "run.json"), ("report", "report.json")])
def test_every_file_fits(audit: Audit, name: str, file: str) -> None:
    assert faults(name, json.loads((audit.folder / file).read_text(encoding="utf-8")))[:5] == []


def test_the_scope_fits(audit: Audit) -> None:
    assert faults("scope", toml(audit.folder / "scope.toml")) == []


def test_a_corrected_device_fits(
    netaudit: Callable[..., "subprocess.CompletedProcess[str]"], audit: Audit, tmp_path: Path
) -> None:
    typed = tmp_path / "corrections.jsonl"
    words = ["--maker", "axis", "--by", "A. Person", "--corrections", typed]
    chosen = next(row["device"] for row in audit.devices if row["maker"]["value"] == "dahua")
    done = netaudit("correct", chosen, "--run", audit.folder, *words)
    assert done.returncode == 0, done.stderr
    named = netaudit("identify", "--format", "jsonl", audit.folder, "--corrections", typed).stdout.splitlines()
    [device] = [row for row in map(json.loads, named) if row["device"] == chosen]
    assert device["maker"]["typed"].startswith("A. Person on ")
    assert device["contradictions"]
    assert faults("device", device) == []
    assert [text for row in lines(typed) for text in faults("observation", row)] == []
