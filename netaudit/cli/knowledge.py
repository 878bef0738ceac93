"""The signatures that a command works with: the shipped ones, and the user's own on top."""

import argparse

from netaudit.cli.terminal import say
from netaudit.identify.knowledge import Knowledge, load_knowledge


def knowledge_of(options: argparse.Namespace) -> Knowledge:
    """Load the signatures that the options name; in lenient mode say what was left out. Raises DataError."""
    knowledge = load_knowledge(options.signatures, lenient=options.lenient)
    for fault in knowledge.faults:
        say(f"left out: {fault}")
    return knowledge
