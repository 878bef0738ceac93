"""The signatures that a command works with: the shipped ones, and the user's own on top."""

import argparse
from collections.abc import Sequence
from pathlib import Path

from netaudit.cli.places import user_registry, user_signatures
from netaudit.cli.terminal import say
from netaudit.data import data_folder
from netaudit.errors import DataError
from netaudit.identify.knowledge import Knowledge, load_knowledge
from netaudit.registry.addresses import read_addresses
from netaudit.registry.keep import kept, newer


def knowledge_of(options: argparse.Namespace) -> Knowledge:
    """Load the shipped signatures, the user's standing folder where it is there, and the folders that the options name.

    In lenient mode say what was left out. Raises DataError.
    """
    knowledge = load_knowledge(own_folders(options.signatures), lenient=options.lenient, oui_folder=registry_folder())
    for fault in knowledge.faults:
        say(f"left out: {fault}")
    return knowledge


def own_folders(chosen: Sequence[Path]) -> list[Path]:
    """Return the folders on top of the shipped signatures, the standing one first."""
    standing = user_signatures()
    return [*([standing] if standing.is_dir() and standing not in chosen else []), *chosen]


def registry_folder() -> Path:
    """Return the folder of the MAC registries: the user's copy where it is newer, else the shipped one."""
    shipped = data_folder("oui_data")
    try:
        own = newer(kept(user_registry()), read_addresses(shipped / "registries.toml").shipped)
    except DataError as error:
        say(f"the shipped MAC registries are used: {error}")
        own = None
    return own.folder if own else shipped
