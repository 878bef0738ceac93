"""The virtual building, and the netaudit command as a user calls it."""

import json
import os
import signal
import subprocess
import sys
import time
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import pytest

COMMAND = [sys.executable, "-m", "netaudit"]


@dataclass(frozen=True)
class Audit:
    """One whole run of the main job."""

    folder: Path
    done: subprocess.CompletedProcess[str]

    @property
    def devices(self) -> list[dict[str, Any]]:
        """The devices of the run."""
        return lines(self.folder / "devices.jsonl")


def lines(path: Path) -> list[dict[str, Any]]:
    """Read a JSON-lines file."""
    return [json.loads(line) for line in path.read_text(encoding="utf-8").splitlines()]


@pytest.fixture(scope="session")
def environment(tmp_path_factory: pytest.TempPathFactory) -> dict[str, str]:
    """A user's environment with a store of its own."""
    return {**os.environ, "NETAUDIT_STORE": str(tmp_path_factory.mktemp("store") / "netaudit.db")}


@pytest.fixture(scope="session")
def netaudit(environment: dict[str, str]) -> Callable[..., subprocess.CompletedProcess[str]]:
    """Call `netaudit ...` and return what came of it."""

    def call(*words: str | Path, **options: Any) -> subprocess.CompletedProcess[str]:
        command = [*COMMAND, *map(str, words)]
        return subprocess.run(
            command, capture_output=True, text=True, env=environment, timeout=240, check=False, **options
        )

    return call


@pytest.fixture(scope="session")
def building(environment: dict[str, str], tmp_path_factory: pytest.TempPathFactory) -> Iterator[Path]:
    """The virtual building in a process of its own; yields its scope file."""
    scope = tmp_path_factory.mktemp("building") / "scope.toml"
    command = [*COMMAND, "demo", "--serve", "--scope", str(scope)]
    with subprocess.Popen(command, stderr=subprocess.DEVNULL, env=environment) as child:
        deadline = time.monotonic() + 30
        while not scope.exists():
            assert child.poll() is None, "the virtual building did not start"
            assert time.monotonic() < deadline
            time.sleep(0.1)
        yield scope
        child.send_signal(signal.SIGTERM)


@pytest.fixture(scope="session")
def audit(
    netaudit: Callable[..., subprocess.CompletedProcess[str]], building: Path, tmp_path_factory: pytest.TempPathFactory
) -> Audit:
    """One undisturbed scan of the virtual building."""
    folder = tmp_path_factory.mktemp("audit") / "run"
    return Audit(folder, netaudit("scan", "--scope", building, "--out", folder))
