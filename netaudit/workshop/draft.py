"""The draft of a signature: from a value that was heard to a TOML entry that matches it and little else."""

import json
import re
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from typing import Final, NamedTuple

from netaudit.errors import UsageError
from netaudit.evidence.observation import Observation
from netaudit.identify.explain import SECRET_NAME
from netaudit.workshop.trial import matching
from netaudit.workshop.written import Written

LONGEST: Final = 200
"""A longer value is no example for people to read: a part of it has to be chosen."""
_AROUND: Final = 60
_SLUG: Final = re.compile(r"[^a-z0-9]+")


class Candidate(NamedTuple):
    """One value of one field that a signature could be made of, and the signatures that match it already."""

    kind: str
    field: str
    value: str
    known: tuple[Written, ...]


@dataclass(frozen=True, slots=True)
class Draft:
    """A signature to be: everything that its entry says. `says`: question to value, in order."""

    id: str
    kind: str
    field: str
    pattern: str
    says: Mapping[str, str]
    strength: str
    source: str
    checked: date
    example: str
    counter: str
    note: str = ""


def candidates(observations: Sequence[Observation], items: Sequence[Written]) -> Iterator[Candidate]:
    """Yield the values of observations, each once; fields whose name speaks of a secret are left out."""
    seen: set[tuple[str, str, str]] = set()
    for observation in observations:
        for field, value in observation.fields.items():
            for text in (value,) if isinstance(value, str) else value:
                key = (observation.kind, field, text)
                if text.strip() and key not in seen and not SECRET_NAME.search(field):
                    seen.add(key)
                    yield Candidate(*key, tuple(matching(text, observation.kind, field, items)))


def draft(
    chosen: Candidate, says: Mapping[str, str], *, strength: str, source: str, checked: date, name: str = "",
    part: str = "", pattern: str = "", counter: str = "", note: str = "",
) -> Draft:  # fmt: skip
    """Make a draft of one value. `part`: the text inside the value that counts; `pattern`: instead of the escaped text.

    Raises UsageError when the value is too long to be an example, or the part is not in it.
    """
    value = chosen.value
    if part and part not in value:
        raise UsageError(f"{part!r} is not in the value of {chosen.field}")
    if not part and not pattern and len(value) > LONGEST:
        raise UsageError(
            f"the value of {chosen.field} has {len(value)} characters: choose the part that tells (--text)"
        )
    text = part or value
    anchored = f"{'^' if value.startswith(text) else ''}{_escaped(text)}{'$' if value.endswith(text) else ''}"
    return Draft(
        id=name or _name(chosen, text), kind=chosen.kind, field=chosen.field, pattern=pattern or anchored,
        says=dict(says), strength=strength, source=source, checked=checked,
        example=_around(value, text, pattern), counter=counter or _near_miss(text), note=note,
    )  # fmt: skip


def to_toml(item: Draft) -> str:
    """Return the draft as a `[[signature]]` entry, with a blank line before it."""
    says = ", ".join(f"{question} = {_quoted(value)}" for question, value in item.says.items())
    lines = [
        "", "[[signature]]", f"id = {_quoted(item.id)}", f"field = {_quoted(item.field)}",
        f"pattern = {_quoted(item.pattern)}", f"says = {{ {says} }}" if says else "says = {}",
        f"strength = {_quoted(item.strength)}", 'evidence = "seen"', f"sources = [{_quoted(item.source)}]",
        f"checked = {item.checked.isoformat()}", f"examples = [{_quoted(item.example)}]",
        f"counter_examples = [{_quoted(item.counter)}]",
    ]  # fmt: skip
    return "\n".join([*lines, *([f"note = {_quoted(item.note)}"] if item.note else []), ""])


def _escaped(text: str) -> str:
    """Escape only what a pattern would read: `re.escape` also escapes blanks and dashes, which nobody can read."""
    return re.sub(r"([.^$*+?{}\[\]\\|()])", r"\\\1", text)


def _name(chosen: Candidate, text: str) -> str:
    words = f"own {chosen.kind.partition('.')[0]} {chosen.field.removeprefix('header.')} {text[:40]}"
    return _SLUG.sub("-", words.casefold()).strip("-")


def _around(value: str, text: str, pattern: str) -> str:
    """The example: the value, or what stands around the part in a long one, so that the pattern still matches."""
    if len(value) <= LONGEST:
        return value
    if pattern:
        return value[:65536]
    at = value.index(text)
    start = 0 if at <= _AROUND else at - _AROUND
    end = at + len(text) + _AROUND
    return value[start:] if end >= len(value) else value[start:end]


def _near_miss(text: str) -> str:
    """A text as near as can be that must not match: the last letter is another one."""
    last = text[-1:]
    return text[:-1] + ("y" if last in "xX" else "x")


def _quoted(text: str) -> str:
    if "'" not in text and text.isprintable():
        return f"'{text}'" if "\\" in text or '"' in text else f'"{text}"'
    # JSON's escapes are TOML's, but for DEL, which TOML wants escaped; lone surrogates fit into neither.
    clean = text.encode("utf-8", "replace").decode("utf-8")
    return json.dumps(clean, ensure_ascii=False).replace("\x7f", "\\u007F")
