"""Which run a command is about: a folder, the name of a run in the store, or the latest."""

import argparse
from pathlib import Path

from netaudit.errors import UsageError
from netaudit.evidence.log import OBSERVATIONS


def add_run_options(parser: argparse.ArgumentParser) -> None:
    """Add --run and --store, the same for every verb that reads a run."""
    parser.add_argument("--run", metavar="RUN", help="a run's folder or name (default: the latest in the store)")
    add_store_option(parser)


def add_store_option(parser: argparse.ArgumentParser) -> None:
    """Add --store."""
    parser.add_argument(
        "--store", metavar="STORE",
        help="a file, or postgresql://user@host/name (default: $NETAUDIT_STORE, or a file in your data folder)",
    )  # fmt: skip


def run_folder(options: argparse.Namespace) -> Path:
    """Return the folder of the run that the options name. Raises UsageError when there is none."""
    return folder_of(options.run, options.store)


def folder_of(name: str | None, chosen: str | None) -> Path:
    """Return the folder of a run: a folder itself, a name in the store, or the latest. Raises UsageError."""
    if name and (Path(name) / OBSERVATIONS).is_file():
        return Path(name)
    if name and Path(name).exists():
        raise UsageError(f"{name} holds no {OBSERVATIONS}: name the folder that a scan wrote (--out)")
    from netaudit.store.store import Store

    with Store(chosen) as store:
        folder = Path(store.run(name).folder)
    if not (folder / OBSERVATIONS).is_file():
        raise UsageError(f"the run's folder {folder} is gone: put it back, or name another run")
    return folder
