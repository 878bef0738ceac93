"""netaudit signatures: check the signatures, see what is known of whom, and add your own."""

import argparse
import csv
import sys
from collections import Counter
from collections.abc import Iterable, Sequence
from pathlib import Path
from typing import TYPE_CHECKING

from netaudit.cli.draft_signature import add_draft_options, draft_signature
from netaudit.cli.terminal import harmless, out, say, table
from netaudit.clock import now
from netaudit.errors import DataError, UsageError

if TYPE_CHECKING:
    from netaudit.identify.knowledge import Knowledge

_ACTIONS = ("lint", "test", "coverage", "list", "new")
_EPILOG = """\
  netaudit signatures lint                    read everything; name file, line and id of every mistake
  netaudit signatures test                    each against its examples, counter-examples, and the examples of others
  netaudit signatures coverage                makers by kinds of observation (--format csv or md: every kind)
  netaudit signatures list                    kinds and how many signatures each has; or: list makers, brands,
                                              platforms, types
  netaudit signatures new 10.20.0.7           what a device of the latest run said, and what matches it already
  netaudit signatures new run/observations.jsonl:12 --field realm --says maker=dahua \\
      --source "our recorder in room 3, type plate read"

Your own folder is laid out like signatures/. The one in $XDG_CONFIG_HOME/netaudit/signatures is always used where it
is there; more are named by --signatures, or after lint, test and coverage. Exit status 1: something is wrong.
"""


def configure(parser: argparse.ArgumentParser) -> None:
    """Add the options of this verb."""
    from netaudit.cli.identify import add_knowledge_options
    from netaudit.cli.run_reference import add_run_options

    parser.epilog = _EPILOG
    parser.add_argument("action", choices=_ACTIONS, help="see below")
    parser.add_argument(
        "words", nargs="*", default=[], metavar="FOLDER|LIST|SOURCE",
        help="folders of your own; for list, the list; for new, FILE:LINE or a device of a run",
    )  # fmt: skip
    parser.add_argument(
        "--format", choices=("table", "csv", "md"), default="table", help="coverage: default %(default)s"
    )
    add_knowledge_options(parser)
    add_run_options(parser)
    add_draft_options(parser)
    parser.set_defaults(command=run)


def run(options: argparse.Namespace) -> int:
    """Check, count, list or draft; exit status 1 where something is wrong with the data."""
    if options.action == "new":
        return draft_signature(options)
    knowledge = _knowledge(options)
    if options.action == "list":
        return _list(knowledge, options.words)
    if options.action == "coverage":
        return _coverage(knowledge, options.format)
    faults = _lint(knowledge) if options.action == "lint" else _test(knowledge)
    for fault in faults:
        out(harmless(str(fault)))
    say(
        f"{len(knowledge.signatures)} signatures, {len(knowledge.makers)} makers, {len(knowledge.brands)} brands, "
        f"{len(knowledge.models)} model codes; {len(faults)} {'fault' if len(faults) == 1 else 'faults'}"
    )
    return 1 if faults else 0


def _knowledge(options: argparse.Namespace) -> "Knowledge":
    from netaudit.cli.knowledge import own_folders
    from netaudit.identify.knowledge import load_knowledge

    folders = [Path(word) for word in options.words] if options.action != "list" else []
    return load_knowledge([*own_folders(options.signatures), *folders], lenient=True)


def _lint(knowledge: "Knowledge") -> list[DataError]:
    from netaudit.workshop.lint import lint

    return lint(knowledge.folders, knowledge, now().date())


def _test(knowledge: "Knowledge") -> list[DataError]:
    from netaudit.workshop.trial import own_faults, theft_fault, thefts
    from netaudit.workshop.written import written

    items = written(knowledge.folders, knowledge)
    own = [fault for item in items for fault in own_faults(item)]
    return [*knowledge.faults, *own, *(theft_fault(theft) for theft in thefts(items, knowledge))]


def _list(knowledge: "Knowledge", words: Sequence[str]) -> int:
    from netaudit.identify.device import DEVICE_TYPES

    kinds = Counter(signature.kind for signature in knowledge.signatures.values())
    lists: dict[str, tuple[tuple[str, ...], Iterable[tuple[str, ...]]]] = {
        "kinds": (("KIND", "SIGNATURES"), ((kind, str(count)) for kind, count in sorted(kinds.items()))),
        "makers": (("ID", "NAME", "COUNTRY"), ((m.id, m.name, m.country) for m in knowledge.makers.values())),
        "brands": (("ID", "NAME", "MADE BY"), ((b.id, b.name, ", ".join(dict.fromkeys(row.maker for row in b.made_by)))
                                               for b in knowledge.brands.values())),
        "platforms": (("ID", "MAKER", "NAME"), ((p.id, p.maker, p.name) for p in knowledge.platforms.values())),
        "types": (("TYPE",), ((name,) for name in DEVICE_TYPES)),
    }  # fmt: skip
    wanted = words[0] if words else "kinds"
    if wanted not in lists or len(words) > 1:
        raise UsageError(f"list takes one of {', '.join(lists)}")
    for line in table(*lists[wanted]):
        out(line)
    return 0


def _coverage(knowledge: "Knowledge", form: str) -> int:
    from netaudit.workshop.coverage import coverage, grouped

    found = coverage(knowledge)
    columns = grouped(found.kinds) if form == "table" else {kind: (kind,) for kind in found.kinds}
    rows = [
        (maker, str(counts.total()), *(_count(sum(counts[kind] for kind in kinds)) for kinds in columns.values()))
        for maker, counts in found.rows.items()
    ]
    head = ("maker", "all", *columns)
    if form == "csv":
        csv.writer(sys.stdout, lineterminator="\n").writerows([head, *rows])
    for line in _markdown(head, rows) if form == "md" else table(head, rows) if form == "table" else ():
        out(line)
    say(f"Signatures lead to {len(found.rows)} makers, and to none of these {len(found.silent)} of the word list: "
        f"{', '.join(found.silent)}")  # fmt: skip
    return 0


def _count(number: int) -> str:
    return str(number) if number else ""


def _markdown(head: Sequence[str], rows: Iterable[Sequence[str]]) -> Iterable[str]:
    yield "| " + " | ".join(head) + " |"
    yield "|---|" + "---:|" * (len(head) - 1)
    for row in rows:
        yield "| " + " | ".join(row) + " |"
