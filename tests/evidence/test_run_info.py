"""run.json: what is written reads back, what is wrong is named."""

import json
from pathlib import Path
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from netaudit.errors import DataError
from netaudit.evidence.run import RunInfo, read_run, write_run

INFO = RunInfo("r1", "0.1", "2026-11-23T10:00:00.000Z", status="partial", losses=("no IPv6",), observations=3)


def test_written_reads_back(tmp_path: Path) -> None:
    write_run(tmp_path, INFO)
    assert read_run(tmp_path) == INFO
    assert [path.name for path in tmp_path.iterdir()] == ["run.json"]


@pytest.mark.parametrize(
    ("change", "message"),
    [
        ({"status": "done"}, 'status is "done"'),
        ({"status": ["running"]}, "status is"),
        ({"packets": True}, "packets is true"),
        ({"packets": -1}, "packets is -1"),
        ({"packets": "3"}, 'packets is "3"'),
        ({"losses": "none"}, 'losses is "none"'),
        ({"losses": [1]}, "losses is"),
        ({"version": None}, "version is null"),
        ({"extra": 1}, "unknown key 'extra'"),
    ],
)
def test_wrong_values_are_named(tmp_path: Path, change: dict[str, Any], message: str) -> None:
    write_run(tmp_path, INFO)
    path = tmp_path / "run.json"
    path.write_text(json.dumps(json.loads(path.read_text()) | change))
    with pytest.raises(DataError, match=message):
        read_run(tmp_path)


@pytest.mark.parametrize("text", ["", "[]", "{}", "[" * 20_000, '{"run": "1", "version": "2"}'])
def test_other_files_are_refused(tmp_path: Path, text: str) -> None:
    (tmp_path / "run.json").write_text(text)
    with pytest.raises(DataError, match=r"run\.json"):
        read_run(tmp_path)


def test_a_missing_file_is_refused(tmp_path: Path) -> None:
    with pytest.raises(DataError, match="cannot be used"):
        read_run(tmp_path)


@given(st.binary(max_size=80))
def test_any_bytes_give_a_run_or_a_data_error(tmp_path_factory: pytest.TempPathFactory, content: bytes) -> None:
    folder = tmp_path_factory.mktemp("run")
    (folder / "run.json").write_bytes(content)
    with pytest.raises(DataError):
        read_run(folder)
