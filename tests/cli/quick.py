"""Commands in a row without reading the same data files again: the signatures are loaded once."""

from functools import cache
from pathlib import Path
from typing import Any

import pytest

from netaudit.cli import knowledge
from netaudit.identify.knowledge import load_knowledge


@cache
def _knowledge(folders: tuple[Path, ...], lenient: bool, oui_folder: Path | None) -> Any:
    return load_knowledge(list(folders), lenient=lenient, oui_folder=oui_folder)


def remember(monkeypatch: pytest.MonkeyPatch, folder: Path) -> None:
    """Work in `folder`, with a store of its own, and load the shipped data once for all tests of this process."""
    monkeypatch.setenv("NETAUDIT_STORE", str(folder / "store" / "netaudit.db"))
    monkeypatch.setenv("XDG_CONFIG_HOME", str(folder / "config"))
    monkeypatch.setenv("XDG_DATA_HOME", str(folder / "data"))
    monkeypatch.chdir(folder)
    monkeypatch.setattr(
        knowledge, "load_knowledge",
        lambda folders, lenient, oui_folder: _knowledge(tuple(folders), lenient, oui_folder),
    )  # fmt: skip
