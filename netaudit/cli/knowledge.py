"""The signatures that a command works with: the shipped ones, and the user's own on top."""

import argparse
from collections.abc import Sequence
from pathlib import Path

from netaudit.cli.places import user_signatures
from netaudit.cli.terminal import say
from netaudit.identify.knowledge import Knowledge, load_knowledge


def knowledge_of(options: argparse.Namespace) -> Knowledge:
    """Load the shipped signatures, the user's standing folder where it is there, and the folders that the options name.

    In lenient mode say what was left out. Raises DataError.
    """
    knowledge = load_knowledge(own_folders(options.signatures), lenient=options.lenient)
    for fault in knowledge.faults:
        say(f"left out: {fault}")
    return knowledge


def own_folders(chosen: Sequence[Path]) -> list[Path]:
    """Return the folders on top of the shipped signatures, the standing one first."""
    standing = user_signatures()
    return [*([standing] if standing.is_dir() and standing not in chosen else []), *chosen]
