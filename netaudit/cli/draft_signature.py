"""netaudit signatures new: from something that was heard to a signature in the user's own folder, tested at once."""

import argparse
import re
import shutil
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import TYPE_CHECKING

from netaudit.cli.terminal import harmless, out, say, table
from netaudit.clock import now
from netaudit.errors import DataError, UsageError

if TYPE_CHECKING:
    from netaudit.evidence.observation import Observation
    from netaudit.identify.knowledge import Knowledge
    from netaudit.workshop.draft import Candidate, Draft
    from netaudit.workshop.written import Written

_LINE = re.compile(r"(.+):(\d+)")
_SHOWN = 90


def add_draft_options(parser: argparse.ArgumentParser) -> None:
    """Add the options of `signatures new`."""
    group = parser.add_argument_group("for new")
    group.add_argument(
        "--field", help="the field whose value tells; without it, what there is to choose from is listed"
    )
    group.add_argument("--kind", help="the kind of observation, where several have this field")
    group.add_argument("--says", action="append", default=[], metavar="QUESTION=VALUE",
                       help="what follows: maker, brand, platform, type (ids), model ...; may be repeated")  # fmt: skip
    group.add_argument("--source", help="where somebody else can look this up")
    group.add_argument("--strength", choices=("strong", "moderate", "weak", "nothing"), default="moderate",
                       help="default: %(default)s")  # fmt: skip
    group.add_argument(
        "--text", default="", metavar="PART", help="the part of the value that tells (default: all of it)"
    )
    group.add_argument("--pattern", default="", help="a pattern of your own instead of the escaped, anchored text")
    group.add_argument("--counter", default="", metavar="TEXT", help="the nearest text that must not match")
    group.add_argument("--id", default="", help="name of the signature (default: from kind, field and value)")
    group.add_argument("--into", type=Path, metavar="FOLDER",
                       help="where to write it (default: the last --signatures, or your standing folder)")  # fmt: skip
    group.add_argument("--dry-run", action="store_true", help="show and test the entry, and write nothing")


@dataclass(frozen=True, slots=True)
class _Place:
    folder: Path
    file: Path

    def text(self, entry: str) -> str:
        """The whole file with the new entry at its end."""
        before = self.file.read_text(encoding="utf-8") if self.file.exists() else "# Signatures of our own.\n"
        return before + entry


def draft_signature(options: argparse.Namespace) -> int:
    """List what a signature could be made of, or write one and test it; exit status 1 where it steals examples."""
    from netaudit.cli.knowledge import knowledge_of
    from netaudit.workshop.draft import candidates, to_toml
    from netaudit.workshop.written import written

    if len(options.words) != 1:
        raise UsageError("new takes one FILE:LINE, or one device of a run")
    knowledge = knowledge_of(options)
    items = written(knowledge.folders, knowledge)
    found = list(candidates(_observations(options, knowledge), items))
    if not options.field:
        return _choices(found)
    item = _draft(options, _chosen(found, options))
    place = _place(options, item.kind)
    text = to_toml(item)
    after = _tried(place, text, knowledge, item)
    out(text.strip("\n"))
    if not options.dry_run:
        place.file.parent.mkdir(parents=True, exist_ok=True)
        draft = place.file.with_name(place.file.name + ".new")
        draft.write_text(place.text(text), encoding="utf-8")
        draft.replace(place.file)
        say(f"Written to {place.file}")
    return _verdict(item, after)


def _observations(options: argparse.Namespace, knowledge: "Knowledge") -> "Sequence[Observation]":
    from netaudit.cli.explain import chosen
    from netaudit.cli.identify import observations_of
    from netaudit.cli.run_reference import run_folder
    from netaudit.identify.engine import identify

    source = options.words[0]
    if (where := _LINE.fullmatch(source)) and Path(where[1]).is_file():
        return [_line(Path(where[1]), int(where[2]))]
    everything = list(observations_of([str(run_folder(options))]))
    wanted = set(chosen(identify(everything, knowledge), source).observations)
    return [item for item in everything if item.id in wanted]


def _line(path: Path, number: int) -> "Observation":
    from itertools import islice

    from netaudit.evidence.log import read_observations

    found = next(islice(read_observations(path), number - 1, number), None) if number else None
    if found is None:
        raise UsageError(f"{path} has no observation in line {number}")
    return found


def _choices(found: "Sequence[Candidate]") -> int:
    rows = [
        (item.kind, item.field, item.value[:_SHOWN] + ("..." if len(item.value) > _SHOWN else ""),
         ", ".join(known.id for known in item.known) or "-")
        for item in found
    ]  # fmt: skip
    for line in table(("KIND", "FIELD", "VALUE", "MATCHED BY"), rows):
        out(line)
    say(
        f"{len(rows)} values. Choose one: --field NAME --says maker=ID --source TEXT "
        "(ids: `netaudit signatures list makers`)"
    )
    return 0


def _chosen(found: "Sequence[Candidate]", options: argparse.Namespace) -> "Candidate":
    fitting = [
        item for item in found
        if item.field == options.field and options.kind in (None, item.kind) and options.text in item.value
    ]  # fmt: skip
    if len({item.kind for item in fitting}) > 1:
        raise UsageError(
            f"{options.field} is a field of {', '.join(sorted({item.kind for item in fitting}))}: say --kind"
        )
    if not fitting:
        raise UsageError(f"no field {options.field!r} with such a value here: leave --field out to see what there is")
    if len(fitting) > 1:
        say(f"{options.field} has {len(fitting)} values, the first is taken; --text chooses another")
    return fitting[0]


def _draft(options: argparse.Namespace, chosen: "Candidate") -> "Draft":
    from netaudit.workshop.draft import draft

    pairs = [text.partition("=") for text in options.says]
    if not all(name and value for name, _, value in pairs) or bool(pairs) == (options.strength == "nothing"):
        raise UsageError("say what follows: --says maker=ID (or brand, platform, type ...), or --strength nothing")
    if not options.source:
        raise UsageError("--source: where can somebody else look this up? e.g. the unit and what its type plate says")
    return draft(
        chosen, {name: value for name, _, value in pairs}, strength=options.strength, source=options.source,
        checked=now().date(), name=options.id, part=options.text, pattern=options.pattern, counter=options.counter,
    )  # fmt: skip


def _place(options: argparse.Namespace, kind: str) -> _Place:
    from netaudit.cli.places import user_signatures

    folder = options.into or (options.signatures[-1] if options.signatures else user_signatures())
    return _Place(folder, folder / "fingerprints" / f"{kind}.toml")


def _tried(place: _Place, text: str, knowledge: "Knowledge", item: "Draft") -> "tuple[list[Written], Knowledge]":
    """Load everything with the new entry, as if it were written. Raises DataError when it cannot be."""
    from netaudit.identify.knowledge import load_knowledge
    from netaudit.workshop.lint import lint
    from netaudit.workshop.written import written

    if item.id in knowledge.signatures:
        raise UsageError(f"there is a signature {item.id!r} already: choose another --id")
    with TemporaryDirectory() as temporary:
        copy = Path(temporary) / "own"
        if place.folder.is_dir():
            shutil.copytree(place.folder, copy)
        trial = copy / "fingerprints" / place.file.name
        trial.parent.mkdir(parents=True, exist_ok=True)
        trial.write_text(place.text(text), encoding="utf-8")
        others = [folder for folder in knowledge.folders[1:] if folder != place.folder]
        try:
            after = load_knowledge([*others, copy])
            faults = [fault for fault in lint([copy], after, now().date()) if repr(item.id) in str(fault)]
        except DataError as error:
            faults = [error]
        if faults:
            # The path of the trial would lead nowhere.
            raise DataError(str(place.file), faults[0].problem, faults[0].expected)
        return written([knowledge.folders[0], *others, copy], after), after


def _verdict(item: "Draft", after: "tuple[list[Written], Knowledge]") -> int:
    from netaudit.workshop.trial import matching, thefts

    items, knowledge = after
    found = thefts(items, knowledge, only=item.id)
    for theft in found:
        if theft.thief.id == item.id:
            out(f"It steals an example of {theft.owner.id}: {harmless(theft.example, _SHOWN)}")
        else:
            out(f"Its example is also matched by {theft.thief.id}, which says {dict(theft.thief.says)}")
    alike = [other.id for other in matching(item.example, item.kind, item.field, items) if other.id != item.id]
    quiet = [name for name in alike if name not in {theft.thief.id for theft in found}]
    if quiet:
        say(f"The same text is matched, without contradiction, by {', '.join(quiet)}")
    say(
        "It steals: make the pattern narrower, or weaken it."
        if found
        else "Tested: it matches its example, and steals none."
    )
    return 1 if found else 0
