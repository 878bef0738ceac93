"""The lint of signature folders: what a reader of the data must be able to rely on, beyond that it loads."""

import re
from collections.abc import Callable, Iterator, Sequence
from datetime import date
from pathlib import Path
from typing import Final

from netaudit.errors import DataError
from netaudit.identify.entries import Faults, entries
from netaudit.identify.knowledge import Knowledge
from netaudit.workshop.bounded import explosive, rooted
from netaudit.workshop.written import Written, claimed_maker, toml_files, written

SIGNATURE_KEYS: Final = frozenset({
    "id", "field", "pattern", "says", "strength", "evidence", "sources", "checked", "examples", "counter_examples",
    "needs", "overlaps", "note",
})  # fmt: skip
EVIDENCE: Final = ("checked", "seen", "not re-checked", "registry")
_CLAIMS: Final = frozenset({"platform", "maker", "brand", "brand_text"})
_MOST_EXAMPLES: Final = 20
_TABLES: Final = ("maker", "platform", "brand", "edge", "model")
_UNDATED: Final = frozenset({"edge"})
_Fault = Callable[[str, str, str], DataError]


def lint(folders: Sequence[Path], knowledge: Knowledge, today: date) -> list[DataError]:
    """Return every fault in these folders, in the order of files and lines; `knowledge` was loaded leniently from them.

    What loading itself refused (`knowledge.faults`) comes first.
    """
    faults = list(knowledge.faults)
    items = written(folders, knowledge)
    for item in items:
        faults += _signature(item, knowledge, today)
    for name, file in toml_files(folders):
        if not name.startswith("fingerprints/"):
            for table in _TABLES:
                for entry in entries(file, table, Faults(lenient=True)):
                    faults += _dated(entry.data, today, entry.error, dated=table not in _UNDATED)
                    if table == "model" and (why := _explosive(entry.data.get("pattern"))):
                        faults.append(
                            entry.error(f"its pattern can take endless time: {why}", "a bounded one", "pattern")
                        )
    return faults


def _signature(item: Written, knowledge: Knowledge, today: date) -> Iterator[DataError]:
    data = item.entry.data
    if unknown := sorted(set(data) - SIGNATURE_KEYS):
        yield item.fault(
            f"has the unknown key {unknown[0]!r}", "one of " + ", ".join(sorted(SIGNATURE_KEYS)), unknown[0]
        )
    if (item.kind, "") not in knowledge.layers:
        yield item.fault(f"the kind {item.kind!r} has no layer", "a file named after a kind of layers.toml")
    yield from _dated(data, today, item.fault)
    if data.get("evidence") not in EVIDENCE:
        yield item.fault(f"evidence is {data.get('evidence')!r}", "one of " + ", ".join(EVIDENCE), "evidence")
    yield from _examples(item)
    yield from _claims(item, knowledge)
    yield from _patterns(item)
    for name in data.get("overlaps", []):
        if name not in knowledge.signatures:
            yield item.fault(f"overlaps {name!r}, which does not exist", "ids of signatures", "overlaps")


def _dated(data: dict[str, object], today: date, fault: _Fault, *, dated: bool = True) -> Iterator[DataError]:
    sources = data.get("sources")
    if not isinstance(sources, list) or not sources or not all(str(text).strip() for text in sources):
        yield fault("has no source", "sources = [...]: where somebody else can look it up", "sources")
    checked = data.get("checked")
    if dated and not isinstance(checked, date):
        yield fault(f"checked is {checked!r}", "the day somebody last compared it with its sources", "checked")
    elif isinstance(checked, date) and checked > today:
        yield fault(f"checked is {checked}, which is to come", "a day that has been", "checked")


def _examples(item: Written) -> Iterator[DataError]:
    if not item.examples:
        yield item.fault("has no example", "at least one text that it matches", "examples")
    if len(set(item.examples)) < len(item.examples) or len(item.examples) > _MOST_EXAMPLES:
        yield item.fault("examples repeat, or are too many", f"at most {_MOST_EXAMPLES}, each once", "examples")
    if item.strength != "nothing" and _CLAIMS & item.says.keys() and not item.counters:
        expected = "the nearest text that it must not match"
        yield item.fault("names a maker or label and has no counter-example", expected, "counter_examples")


def _claims(item: Written, knowledge: Knowledge) -> Iterator[DataError]:
    if item.strength == "nothing":
        if set(item.says) - {"platform"} or claimed_maker(item.says, knowledge):
            yield item.fault("is worthless and says something all the same", "says = {}", "says")
    elif not item.says:
        yield item.fault("says nothing", 'what follows from a match, or strength = "nothing"', "says")
    if item.strength == "proof" and not item.kind.endswith(".reply"):
        expected = '"strong": only an answer in a maker\'s own protocol proves'
        yield item.fault("is called a proof", expected, "strength")


def _patterns(item: Written) -> Iterator[DataError]:
    if not rooted(item.pattern.pattern):
        yield item.fault("its pattern is neither anchored nor holds four letters", "^, $ or a longer text", "pattern")
    texts = [("pattern", item.pattern.pattern), *(("needs", need.get("pattern")) for need in item.needs())]
    for key, text in texts:
        if why := _explosive(text):
            yield item.fault(f"its {key} can take endless time on a hostile text: {why}", "a bounded one", key)


def _explosive(pattern: object) -> str:
    try:
        return explosive(pattern) if isinstance(pattern, str) else ""
    except (re.error, OverflowError, RecursionError):
        return ""  # loading has named it already
