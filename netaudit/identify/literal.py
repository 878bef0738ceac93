"""What is known of a pattern before it runs: a literal that every match contains, whether it tells digits apart.

Both are only optimisations, on a private interface of `re`: where the tree cannot be read, nothing is known and every
match is still found.
"""

import re
from collections.abc import Iterable
from typing import Any, Final, NamedTuple

_SHORTEST: Final = 3
_DIGITS: Final = range(ord("0"), ord("9") + 1)


class Trait(NamedTuple):
    """`literal`: the longest text, casefolded, that any match contains; "" when none of three letters is certain.

    `blind`: digits are all alike to the pattern, so a text matches where its shape (each digit a 0) does.
    """

    literal: str = ""
    blind: bool = False


def trait_of(pattern: re.Pattern[str]) -> Trait:
    """Return what is known of a pattern."""
    try:
        from re import _parser  # type: ignore[attr-defined, unused-ignore]

        tree: Any = _parser.parse(pattern.pattern, pattern.flags)
        runs, blind = _runs(tree, _parser), _is_blind(tree, _parser)
    except Exception:
        return Trait()
    best = max(runs, key=len, default="")
    return Trait(best if len(best) >= _SHORTEST else "", blind)


def _runs(tree: Any, parser: Any) -> list[str]:
    """Collect runs of literals in sequence; whatever is optional or a choice ends a run."""
    runs: list[str] = []
    run = ""
    for kind, value in tree:
        character = chr(value) if kind is parser.LITERAL else ""
        if character and character.isascii():
            run += character.casefold()
            continue
        runs.append(run)
        run = ""
        if kind is parser.SUBPATTERN or (kind is parser.MAX_REPEAT and value[0] > 0):
            runs.extend(_runs(value[-1], parser))
    return [*runs, run]


def _is_blind(tree: Any, parser: Any) -> bool:
    """True when no part asks for some digits and not for others, nor for a text that was seen before."""
    return all(_is_blind_part(kind, value, parser) for kind, value in tree)


def _is_blind_part(kind: Any, value: Any, parser: Any) -> bool:
    if kind in (parser.LITERAL, parser.NOT_LITERAL):
        return int(value) not in _DIGITS
    if kind is parser.RANGE:
        low, high = value
        return bool(high < _DIGITS[0] or low > _DIGITS[-1] or (low <= _DIGITS[0] and high >= _DIGITS[-1]))
    if kind in (parser.ANY, parser.AT, parser.CATEGORY, parser.NEGATE):
        return True
    return all(_is_blind(part, parser) for part in _parts(kind, value, parser))


def _parts(kind: Any, value: Any, parser: Any) -> Iterable[Any]:
    """The trees inside a part. Raises LookupError for a kind that is not known here, such as a back reference."""
    if kind is parser.BRANCH:
        return value[1]  # type: ignore[no-any-return]
    if kind in (parser.SUBPATTERN, parser.ASSERT, parser.ASSERT_NOT):
        return [value[-1]]
    if kind in (parser.MAX_REPEAT, parser.MIN_REPEAT, parser.POSSESSIVE_REPEAT):
        return [value[2]]
    if kind in (parser.IN, parser.ATOMIC_GROUP):
        return [value]
    raise LookupError(kind)
