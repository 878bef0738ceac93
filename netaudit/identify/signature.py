"""The signature: a pattern over one field of one kind of observation, and what a match says."""

import re
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any, Final, Protocol, get_args

from netaudit.identify.device import DEVICE_TYPES, Strength
from netaudit.identify.entries import Entry, Faults, entries
from netaudit.toml_file import TomlFile

SAYS: Final = frozenset(
    {"platform", "maker", "brand", "brand_text", "type", "model", "model_text", "firmware", "serial", "soc"}
)
"""What a signature may speak about. `*_text` is free text that must first be resolved."""
STRENGTHS: Final = frozenset(get_args(Strength))
SLOT: Final = re.compile(r"\{(\w+)\}")


class Words(Protocol):
    """The word lists that a signature's statements are checked against."""

    @property
    def makers(self) -> dict[str, Any]:
        """Makers by id."""

    @property
    def platforms(self) -> dict[str, Any]:
        """Platforms by id."""

    @property
    def brands(self) -> dict[str, Any]:
        """Brands by id."""


@dataclass(frozen=True, slots=True, eq=False)
class Need:
    """A second trait that the same observation must show. Not compared by content: what it decided is remembered."""

    field: str
    pattern: re.Pattern[str]


@dataclass(frozen=True, slots=True, eq=False)
class Signature:
    """One signature. `says`: question to an id, a text, or a template with {group}s of the pattern."""

    id: str
    kind: str
    field: str
    pattern: re.Pattern[str]
    says: Mapping[str, str]
    strength: Strength
    needs: tuple[Need, ...]
    sources: tuple[str, ...]
    checked: str
    examples: tuple[str, ...]
    counter_examples: tuple[str, ...]
    note: str = ""


def read_signatures(file: TomlFile, kind: str, words: Words, faults: Faults) -> dict[str, Signature]:
    """Read one file of fingerprints/; every entry is checked against the word lists and its own examples."""
    out: dict[str, Signature] = {}
    for entry in entries(file, "signature", faults):
        with faults.tolerate():
            signature = _read(entry, kind, words)
            if signature.id in out:
                raise entry.error("the id is used twice", "a new id", "id")
            out[signature.id] = signature
    return out


def _read(entry: Entry, kind: str, words: Words) -> Signature:
    pattern = _pattern(entry, entry.text("pattern"), "pattern")
    strength: Any = entry.choice("strength", STRENGTHS)
    signature = Signature(
        id=entry.id(),
        kind=kind,
        field=entry.text("field"),
        pattern=pattern,
        says=_says(entry, pattern, words),
        strength=strength,
        needs=_needs(entry),
        sources=entry.texts("sources"),
        checked=str(entry.data.get("checked", "")),
        examples=entry.texts("examples"),
        counter_examples=entry.texts("counter_examples"),
        note=entry.text("note", ""),
    )
    _prove(entry, signature)
    return signature


def _pattern(entry: Entry, text: str, key: str) -> re.Pattern[str]:
    try:
        return re.compile(text)
    except (re.error, OverflowError, RecursionError) as error:
        raise entry.error(f"{key} is no regular expression: {error}", "Python's re syntax", key) from error


def _says(entry: Entry, pattern: re.Pattern[str], words: Words) -> dict[str, str]:
    says = entry.data.get("says", {})
    if not isinstance(says, dict) or not all(isinstance(value, str) and value for value in says.values()):
        raise entry.error(f"says is {says!r}", "a table of texts", "says")
    if unknown := sorted(set(says) - SAYS):
        raise entry.error(f"says {unknown[0]!r}", "one of " + ", ".join(sorted(SAYS)), "says")
    for question, value in says.items():
        _check_statement(entry, pattern, words, question, value)
    return dict(says)


def _check_statement(entry: Entry, pattern: re.Pattern[str], words: Words, question: str, value: str) -> None:
    groups = SLOT.findall(value)
    for group in groups:
        if group not in pattern.groupindex:
            raise entry.error(f"says {question} = {value!r}", f"a group named {group!r} in the pattern", "says")
    known = known_ids(words).get(question)
    if not groups and known is not None and value not in known:
        raise entry.error(f"says {question} {value!r}, which is in no word list", f"an id of a {question}", "says")


def known_ids(words: Words) -> dict[str, Any]:
    """Return the allowed ids of each question that is answered by a word list."""
    return {
        "maker": words.makers, "platform": words.platforms, "brand": words.brands,
        "type": frozenset(DEVICE_TYPES) - {"unknown"},
    }  # fmt: skip


def _needs(entry: Entry) -> tuple[Need, ...]:
    needs = entry.data.get("needs", [])
    rows = [needs] if isinstance(needs, dict) else needs
    out: list[Need] = []
    for row in rows if isinstance(rows, list) else [None]:
        if not isinstance(row, dict) or not all(isinstance(row.get(key), str) for key in ("field", "pattern")):
            raise entry.error(f"needs is {needs!r}", "{ field, pattern } or a list of them", "needs")
        out.append(Need(row["field"], _pattern(entry, row["pattern"], "needs")))
    return tuple(out)


def _prove(entry: Entry, signature: Signature) -> None:
    for example in signature.examples:
        if not signature.pattern.search(example):
            raise entry.error(f"its own example {example[:80]!r} does not match", "a match", "examples")
    for example in signature.counter_examples:
        if signature.pattern.search(example):
            raise entry.error(f"its counter-example {example[:80]!r} matches", "no match", "counter_examples")
