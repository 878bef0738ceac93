"""netaudit signatures: check the signatures, the shipped ones and your own."""

import argparse
from collections import Counter
from pathlib import Path

from netaudit.cli.terminal import harmless, out, say, table

_EPILOG = """\
  netaudit signatures lint                    load everything; name file, line and id of every mistake
  netaudit signatures lint my-signatures/     the same with your own folder on top
  netaudit signatures list                    kinds of observation and how many signatures each has

Every signature is held against its own examples and counter-examples when it is loaded.
"""


def configure(parser: argparse.ArgumentParser) -> None:
    """Add the options of this verb."""
    parser.epilog = _EPILOG
    parser.add_argument("action", choices=("lint", "list"))
    parser.add_argument("folders", nargs="*", type=Path, metavar="FOLDER", help="your own, laid out like signatures/")
    parser.set_defaults(command=run)


def run(options: argparse.Namespace) -> int:
    """Check or list; exit status 1 where a signature is broken."""
    from netaudit.identify.knowledge import load_knowledge

    knowledge = load_knowledge(options.folders, lenient=True)
    if options.action == "list":
        kinds = Counter(signature.kind for signature in knowledge.signatures.values())
        for line in table(("KIND", "SIGNATURES"), ((kind, str(count)) for kind, count in sorted(kinds.items()))):
            out(line)
    for fault in knowledge.faults:
        out(harmless(str(fault)))
    say(
        f"{len(knowledge.signatures)} signatures, {len(knowledge.makers)} makers, {len(knowledge.brands)} brands, "
        f"{len(knowledge.models)} model codes; {len(knowledge.faults)} broken"
    )
    return 1 if knowledge.faults else 0
