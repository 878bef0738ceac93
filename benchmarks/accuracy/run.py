"""How right is the identification? Usage: run.py [--peers] [--out FOLDER] [--write] [--apart] [--only FILE]

Scores netaudit on the labelled set (benchmarks/accuracy/devices, truth.csv), prints Markdown, and fails when train and
test are not apart. --peers asks nmap and WhatWeb about the same devices, replayed on loopback. --out keeps the
reliability diagrams there. --write puts the figures into docs/explanation/accuracy.md. --apart
moves test devices that share a value with an example of a signature to train, as the rule wants it. --only FILE scores
the devices of one file of devices/ alone.
"""

import argparse
import sys
from collections.abc import Mapping, Sequence
from datetime import UTC, datetime
from importlib.metadata import version
from pathlib import Path
from typing import Final

sys.path.insert(0, str(Path(__file__).resolve().parents[2]))

from benchmarks.accuracy import calibration, labelled, ours, tables
from benchmarks.accuracy.labelled import Labelled
from benchmarks.accuracy.peers import nmap, whatweb
from benchmarks.accuracy.score import Pair
from netaudit.identify.knowledge import Knowledge, load_knowledge

PAGE: Final = Path(__file__).resolve().parents[2] / "docs" / "explanation" / "accuracy.md"
_PICTURE: Final = "![Reliability diagram](accuracy-test.svg)\n"
_VIEWS: Final = {"all that it can see": labelled.RECORDS, "without patterns": ("recorded", "rebuilt")}
BEGIN: Final = "<!-- figures: written by benchmarks/accuracy/run.py, do not edit below -->\n"


def main(arguments: Sequence[str] | None = None) -> int:
    """Run the benchmark; 1 when train and test are not apart, else 0."""
    options = _options(arguments)
    knowledge = load_knowledge()
    items = labelled.load()
    if shared := labelled.contaminated(items, knowledge):
        print(
            "train and test are not apart (--apart moves these devices to train):", *shared, sep="\n  ", file=sys.stderr
        )
        if not options.apart:
            return 1
        labelled.move_to_train({line.partition(":")[0] for line in shared})
        items = labelled.load()
    if options.only:
        items = labelled.of_file(items, options.only)
    pairs = ours.answers(items, knowledge)
    splits = {split: [pair for pair in pairs if pair[0].split == split] for split in labelled.SPLITS}
    text = figures(items, splits, knowledge) + (peers(items, pairs, knowledge) if options.peers else "")
    print(text)
    if options.out:
        _diagrams(options.out, splits)
    if options.write:
        write(PAGE, text)
        _diagrams(PAGE.parent, splits)
    return 0


def figures(items: Sequence[Labelled], splits: Mapping[str, Sequence[Pair]], knowledge: Knowledge) -> str:
    """Return netaudit's own figures as Markdown."""
    both = [pair for pairs in splits.values() for pair in pairs]
    alone = {kind: ours.answers_of_kind(items, kind, knowledge) for kind in ours.kinds(items)}
    stamp = f"netaudit {version('netaudit')}, {len(knowledge.signatures)} signatures, {datetime.now(UTC):%Y-%m-%d}"
    return "\n".join(
        [
            f"Measured by `.venv/bin/python benchmarks/accuracy/run.py --peers --write`: {stamp}.\n",
            "## The set\n", tables.the_set(items),
            "## The bars\n", tables.headline(splits),
            "## Each answer\n", tables.answers(splits),
            "## Calibration (test)\n", _PICTURE, tables.reliability(splits["test"]),
            "### Calibration (train)\n", tables.reliability(splits["train"]),
            "## What each kind of observation tells alone (train and test)\n", tables.by_kind(alone),
            "## By maker (train and test)\n", tables.by_maker(both),
            "## Misses\n", tables.misses(both),
        ]
    )  # fmt: skip


def peers(items: Sequence[Labelled], pairs: Sequence[Pair], knowledge: Knowledge) -> str:
    """Return the side by side tables: the same devices, each peer on what it can see."""
    text = "\n## Beside other identifiers\n"
    for name, peer in (("nmap", nmap), ("WhatWeb", whatweb)):
        seen = [item for item in items if peer.visible(item)]
        subjects = {item.truth.subject for item in seen}
        both = {
            name: peer.answers(seen, knowledge),
            "netaudit": [p for p in pairs if p[0].subject in subjects],
        }
        for view, records in _VIEWS.items():
            rows = {who: [pair for pair in told if pair[0].record in records] for who, told in both.items()}
            text += f"\n{name}, {view}:\n\n{tables.side_by_side(rows)}"
    return text


def write(page: Path, text: str) -> None:
    """Replace the figures at the end of the page."""
    kept = page.read_text(encoding="utf-8").partition(BEGIN)[0]
    page.write_text(f"{kept}{BEGIN}\n{text.rstrip()}\n", encoding="utf-8")


def _diagrams(folder: Path, splits: Mapping[str, Sequence[Pair]]) -> None:
    folder.mkdir(parents=True, exist_ok=True)
    for split, pairs in splits.items():
        picture = calibration.diagram(calibration.claims(pairs), f"Reliability ({split})")
        (folder / f"accuracy-{split}.svg").write_text(picture, encoding="utf-8")


def _options(arguments: Sequence[str] | None) -> argparse.Namespace:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--peers", action="store_true", help="ask nmap and WhatWeb too (loopback only)")
    parser.add_argument("--out", type=Path, help="folder for the reliability diagrams")
    parser.add_argument("--write", action="store_true", help=f"put the figures into {PAGE.name}")
    parser.add_argument("--apart", action="store_true", help="move what a signature knows from test to train first")
    parser.add_argument("--only", type=Path, metavar="FILE", help="score this file of devices alone")
    options = parser.parse_args(arguments)
    if options.only and options.write:
        parser.error("--only leaves most devices out: the page is about all of them")
    return options


if __name__ == "__main__":
    sys.exit(main())
